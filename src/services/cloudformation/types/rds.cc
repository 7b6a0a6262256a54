// AWS::RDS::*
#include <boost/json.hpp>

#include "base/ascii.h"
#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {

namespace json = boost::json;
using json::object;

namespace {

void retag_database(Work& w, const object& before, const object& p, const std::string& resource) {
  if (!w.tags_differ(before, p)) return;
  const std::string arn = w.call.arn("rds", resource);
  if (const json::array gone = w.tags_gone(before, p); !gone.empty())
    w.invoke("rds", "RemoveTagsFromResource", {{"ResourceName", arn}, {"TagKeys", gone}});
  w.invoke("rds", "AddTagsToResource", {{"ResourceName", arn}, {"Tags", w.tags(p)}});
}

void add_subnet_group(Registry& registry) {
  registry["AWS::RDS::DBSubnetGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"DBSubnetGroupName", "DBSubnetGroupDescription", "SubnetIds"});
            if (!p.contains("DBSubnetGroupName")) input["DBSubnetGroupName"] = w.generated_name(255);
            input["Tags"] = w.tags(p);
            const object made = w.invoke("rds", "CreateDBSubnetGroup", input);
            return Model{.physical_id = text_at_path(made, "DBSubnetGroup.DBSubnetGroupName")};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("rds", "DeleteDBSubnetGroup", {{"DBSubnetGroupName", m.physical_id}}); });
          },
      .fixed = {"DBSubnetGroupName"},
      .updatable = {"DBSubnetGroupDescription", "SubnetIds", "Tags"},
      .required = {"DBSubnetGroupDescription", "SubnetIds"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            object input = pick(p, {"DBSubnetGroupDescription", "SubnetIds"});
            input["DBSubnetGroupName"] = m.physical_id;
            w.invoke("rds", "ModifyDBSubnetGroup", input);
            retag_database(w, before, p, "subgrp:" + m.physical_id);
          },
  });
}

// Static parameters are taken at the next restart, dynamic ones at once, as CloudFormation does it.
json::array db_parameters_of(Work& w, const std::string& name, const object& map) {
  json::array list;
  std::set<std::string> dynamic;
  std::string marker;
  do {
    object ask{{"DBParameterGroupName", name}};
    if (!marker.empty()) ask["Marker"] = marker;
    const object found = w.invoke("rds", "DescribeDBParameters", ask);
    for (const auto& parameter : list_at(found, "Parameters"))
      if (text_at(parameter.as_object(), "ApplyType") == "dynamic")
        dynamic.insert(text_at(parameter.as_object(), "ParameterName"));
    marker = text_at(found, "Marker");
  } while (!marker.empty());
  for (const auto& member : map)
    list.push_back(object{
        {"ParameterName", member.key()},
        {"ParameterValue", text_at(map, member.key())},
        {"ApplyMethod", dynamic.contains(std::string(member.key())) ? "immediate" : "pending-reboot"}});
  return list;
}

void change_db_parameters(Work& w, const std::string& name, const object& before, const object& now) {
  const auto [changed, gone] = change_of(before, now);
  if (!gone.empty())
    w.invoke("rds", "ResetDBParameterGroup",
             {{"DBParameterGroupName", name}, {"Parameters", db_parameters_of(w, name, gone)}});
  constexpr size_t kAtOnce = 20;  // the operation's limit
  json::array list = db_parameters_of(w, name, changed), part;
  for (size_t i = 0; i < list.size(); ++i) {
    part.push_back(list[i]);
    if (part.size() < kAtOnce && i + 1 < list.size()) continue;
    w.invoke("rds", "ModifyDBParameterGroup", {{"DBParameterGroupName", name}, {"Parameters", part}});
    part.clear();
  }
}

void add_db_parameter_group(Registry& registry) {
  registry["AWS::RDS::DBParameterGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const std::string name =
                ascii_lower(p.contains("DBParameterGroupName") ? text_at(p, "DBParameterGroupName")
                                                               : w.generated_name(255));
            w.invoke("rds", "CreateDBParameterGroup",
                     {{"DBParameterGroupName", name},
                      {"DBParameterGroupFamily", text_at(p, "Family")},
                      {"Description", text_at(p, "Description")},
                      {"Tags", w.tags(p)}});
            change_db_parameters(w, name, {}, object_at(p, "Parameters"));
            return Model{.physical_id = name, .attributes = {{"DBParameterGroupName", name}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] {
              w.invoke("rds", "DeleteDBParameterGroup", {{"DBParameterGroupName", m.physical_id}});
            });
          },
      .fixed = {"DBParameterGroupName", "Family", "Description"},
      .updatable = {"Parameters", "Tags"},
      .required = {"Family", "Description"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            change_db_parameters(w, m.physical_id, object_at(before, "Parameters"),
                                 object_at(p, "Parameters"));
            retag_database(w, before, p, "pg:" + m.physical_id);
          },
  });
}

// The properties that each way of making an instance takes, by the API's names.
const std::initializer_list<std::string_view> kCommon{"DBInstanceIdentifier",
                                                      "DBInstanceClass",
                                                      "DBSubnetGroupName",
                                                      "AvailabilityZone",
                                                      "Port",
                                                      "MultiAZ",
                                                      "PubliclyAccessible",
                                                      "StorageType",
                                                      "DBParameterGroupName",
                                                      "DeletionProtection",
                                                      "CopyTagsToSnapshot",
                                                      "AutoMinorVersionUpgrade",
                                                      "Iops",
                                                      "StorageThroughput",
                                                      "EnableIAMDatabaseAuthentication",
                                                      "NetworkType",
                                                      "CACertificateIdentifier"};

object instance_input(Work& w, const object& p) {
  object input = pick(p, kCommon);
  if (!p.contains("DBInstanceIdentifier")) input["DBInstanceIdentifier"] = ascii_lower(w.generated_name(63));
  if (const auto* groups = p.if_contains("VPCSecurityGroups")) input["VpcSecurityGroupIds"] = *groups;
  input["Tags"] = w.tags(p);
  return input;
}

void add_members(object& input, const object& more) {
  for (const auto& member : more) input[member.key()] = member.value();
}

Model create_database(Work& w, const object& p) {
  object input = instance_input(w, p);
  const char* operation = "CreateDBInstance";
  if (p.contains("SourceDBInstanceIdentifier")) {
    operation = "CreateDBInstanceReadReplica";
    add_members(input, pick(p, {"SourceDBInstanceIdentifier", "KmsKeyId", "AllocatedStorage",
                                "MaxAllocatedStorage"}));
  } else if (p.contains("DBSnapshotIdentifier")) {
    operation = "RestoreDBInstanceFromDBSnapshot";
    add_members(input, pick(p, {"DBSnapshotIdentifier", "DBName", "Engine", "LicenseModel",
                                "AllocatedStorage", "BackupRetentionPeriod", "PreferredBackupWindow"}));
  } else {
    add_members(input, pick(p, {"DBName", "AllocatedStorage", "MaxAllocatedStorage", "Engine",
                                "EngineVersion", "MasterUsername", "MasterUserPassword",
                                "ManageMasterUserPassword", "BackupRetentionPeriod", "PreferredBackupWindow",
                                "PreferredMaintenanceWindow", "StorageEncrypted", "KmsKeyId", "LicenseModel",
                                "MonitoringInterval", "MonitoringRoleArn", "EnablePerformanceInsights"}));
    if (const auto* exports = p.if_contains("EnableCloudwatchLogsExports"))
      input["EnableCloudwatchLogsExports"] = *exports;
  }
  const object made = w.invoke("rds", operation, input);
  // What a restored instance takes from its snapshot is changed to what the template says once it is there.
  const bool restored = p.contains("DBSnapshotIdentifier") && p.contains("MasterUserPassword");
  return {.physical_id = text_at_path(made, "DBInstance.DBInstanceIdentifier"),
          .progress = restored ? "password" : ""};
}

bool settle_database(Work& w, const object& p, Model& m) {
  const object found = w.invoke("rds", "DescribeDBInstances", {{"DBInstanceIdentifier", m.physical_id}});
  const std::string instance = "DBInstances.0.", status = text_at_path(found, instance + "DBInstanceStatus");
  if (status == "failed" || status == "incompatible-parameters")
    throw ServiceError("NotStabilized", 400, "DB instance " + m.physical_id + " is " + status);
  m.attributes = {
      {"Endpoint.Address", text_at_path(found, instance + "Endpoint.Address")},
      {"Endpoint.Port", text_at_path(found, instance + "Endpoint.Port")},
      {"Endpoint.HostedZoneId", text_at_path(found, instance + "Endpoint.HostedZoneId")},
      {"DBInstanceArn", text_at_path(found, instance + "DBInstanceArn")},
      {"CertificateDetails.CAIdentifier", text_at_path(found, instance + "CACertificateIdentifier")},
      {"DbiResourceId", text_at_path(found, instance + "DbiResourceId")}};
  if (const std::string arn = text_at_path(found, instance + "MasterUserSecret.SecretArn"); !arn.empty())
    m.attributes["MasterUserSecret.SecretArn"] = arn;
  if (status != "available") return false;
  if (m.progress == "password") {
    m.progress.clear();
    w.invoke("rds", "ModifyDBInstance",
             {{"DBInstanceIdentifier", m.physical_id},
              {"MasterUserPassword", text_at(p, "MasterUserPassword")},
              {"ApplyImmediately", true}});
    return false;
  }
  return true;
}

// As ModifyDBInstance has them.
constexpr std::string_view kModifiableProperties[] = {"AllocatedStorage",
                                                      "MaxAllocatedStorage",
                                                      "DBInstanceClass",
                                                      "EngineVersion",
                                                      "AllowMajorVersionUpgrade",
                                                      "MasterUserPassword",
                                                      "BackupRetentionPeriod",
                                                      "PreferredBackupWindow",
                                                      "PreferredMaintenanceWindow",
                                                      "MultiAZ",
                                                      "DeletionProtection",
                                                      "PubliclyAccessible",
                                                      "DBParameterGroupName",
                                                      "CopyTagsToSnapshot",
                                                      "AutoMinorVersionUpgrade",
                                                      "Iops",
                                                      "StorageThroughput",
                                                      "StorageType",
                                                      "EnableIAMDatabaseAuthentication",
                                                      "CACertificateIdentifier",
                                                      "ManageMasterUserPassword",
                                                      "MonitoringInterval",
                                                      "MonitoringRoleArn",
                                                      "EnablePerformanceInsights",
                                                      "LicenseModel"};

void update_database(Work& w, const object& before, const object& p, Model& m) {
  if (before.contains("SourceDBInstanceIdentifier") && !p.contains("SourceDBInstanceIdentifier"))
    w.invoke("rds", "PromoteReadReplica", {{"DBInstanceIdentifier", m.physical_id}});
  object input{{"DBInstanceIdentifier", m.physical_id}, {"ApplyImmediately", true}};
  const size_t nothing = input.size();
  const auto take = [&](std::string_view of_template, std::string_view of_operation) {
    const json::string_view property(of_template.data(), of_template.size());
    const json::string_view member(of_operation.data(), of_operation.size());
    if (p.contains(property) && (!before.contains(property) || before.at(property) != p.at(property)))
      input[member] = p.at(property);
  };
  for (std::string_view name : kModifiableProperties) take(name, name);
  take("VPCSecurityGroups", "VpcSecurityGroupIds");
  retag_database(w, before, p, "db:" + m.physical_id);
  if (input.size() > nothing) w.invoke("rds", "ModifyDBInstance", input);
}

void add_database(Registry& registry) {
  registry["AWS::RDS::DBInstance"] = type_of({
      .create = create_database,
      .settled = settle_database,
      .remove =
          [](Work& w, const object&, const Model& m) {
            try {
              const object found =
                  w.invoke("rds", "DescribeDBInstances", {{"DBInstanceIdentifier", m.physical_id}});
              const bool replica =
                  !text_at_path(found, "DBInstances.0.ReadReplicaSourceDBInstanceIdentifier").empty();
              object input{{"DBInstanceIdentifier", m.physical_id}};
              if (w.keep_snapshot && !replica) {  // AWS too takes none of a replica
                input["FinalDBSnapshotIdentifier"] = ascii_lower(w.generated_name(255));
              } else {
                input["SkipFinalSnapshot"] = true;
              }
              if (text_at_path(found, "DBInstances.0.DBInstanceStatus") != "deleting")
                w.invoke("rds", "DeleteDBInstance", input);
              return false;
            } catch (const ServiceError& error) {
              if (!error.code().starts_with("DBInstanceNotFound")) throw;
              return true;
            }
          },
      .fixed = {"DBInstanceIdentifier", "DBName", "Engine", "MasterUsername", "DBSubnetGroupName",
                "AvailabilityZone", "Port", "StorageEncrypted", "KmsKeyId", "DBSnapshotIdentifier",
                "NetworkType", "EnableCloudwatchLogsExports"},
      .updatable = set_of(kModifiableProperties, {"VPCSecurityGroups", "SourceDBInstanceIdentifier", "Tags"}),
      .inert = {"DeleteAutomatedBackups"},
      .update = update_database,
  });
}

}  // namespace

void add_rds_types(Registry& registry) {
  add_subnet_group(registry);
  add_db_parameter_group(registry);
  add_database(registry);
}

}  // namespace landfall::cloudformation
