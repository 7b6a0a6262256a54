// AWS::RDS::*
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {

namespace json = boost::json;
using json::object;

void add_rds_types(Registry& registry) {
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
                [&] { w.invoke("rds", "DeleteDBSubnetGroup", {{"DBSubnetGroupName", m.physical_id}}); },
                {"DBSubnetGroupNotFoundFault"});
          },
      .updatable = {"DBSubnetGroupDescription", "SubnetIds"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            object input = pick(p, {"DBSubnetGroupDescription", "SubnetIds"});
            input["DBSubnetGroupName"] = m.physical_id;
            w.invoke("rds", "ModifyDBSubnetGroup", input);
          },
  });
  registry["AWS::RDS::DBInstance"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"DBInstanceIdentifier",
                                    "DBName",
                                    "AllocatedStorage",
                                    "DBInstanceClass",
                                    "Engine",
                                    "EngineVersion",
                                    "MasterUsername",
                                    "MasterUserPassword",
                                    "DBSubnetGroupName",
                                    "AvailabilityZone",
                                    "BackupRetentionPeriod",
                                    "PreferredBackupWindow",
                                    "PreferredMaintenanceWindow",
                                    "Port",
                                    "MultiAZ",
                                    "PubliclyAccessible",
                                    "StorageType",
                                    "StorageEncrypted",
                                    "DBParameterGroupName",
                                    "DeletionProtection",
                                    "CopyTagsToSnapshot",
                                    "AutoMinorVersionUpgrade",
                                    "LicenseModel",
                                    "Iops",
                                    "MaxAllocatedStorage",
                                    "EnableIAMDatabaseAuthentication"});
            if (!p.contains("DBInstanceIdentifier")) input["DBInstanceIdentifier"] = w.generated_name(63);
            if (const auto* groups = p.if_contains("VPCSecurityGroups"))
              input["VpcSecurityGroupIds"] = *groups;
            input["Tags"] = w.tags(p);
            const object made = w.invoke("rds", "CreateDBInstance", input);
            return Model{.physical_id = text_at_path(made, "DBInstance.DBInstanceIdentifier")};
          },
      .settled =
          [](Work& w, const object&, Model& m) {
            const object found =
                w.invoke("rds", "DescribeDBInstances", {{"DBInstanceIdentifier", m.physical_id}});
            const std::string status = text_at_path(found, "DBInstances.0.DBInstanceStatus");
            if (status == "failed" || status == "incompatible-parameters")
              throw ServiceError("NotStabilized", 400, "DB instance " + m.physical_id + " is " + status);
            m.attributes = {{"Endpoint.Address", text_at_path(found, "DBInstances.0.Endpoint.Address")},
                            {"Endpoint.Port", text_at_path(found, "DBInstances.0.Endpoint.Port")},
                            {"DBInstanceArn", text_at_path(found, "DBInstances.0.DBInstanceArn")},
                            {"DbiResourceId", text_at_path(found, "DBInstances.0.DbiResourceId")}};
            return status == "available";
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            try {
              const object found =
                  w.invoke("rds", "DescribeDBInstances", {{"DBInstanceIdentifier", m.physical_id}});
              if (text_at_path(found, "DBInstances.0.DBInstanceStatus") != "deleting")
                w.invoke("rds", "DeleteDBInstance",
                         {{"DBInstanceIdentifier", m.physical_id}, {"SkipFinalSnapshot", true}});
              return false;
            } catch (const ServiceError& error) {
              if (!error.code().starts_with("DBInstanceNotFound")) throw;
              return true;
            }
          },
      .updatable = {"AllocatedStorage", "DBInstanceClass", "EngineVersion", "MasterUserPassword",
                    "BackupRetentionPeriod", "VPCSecurityGroups", "MultiAZ", "DeletionProtection",
                    "PubliclyAccessible", "Tags"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            object input =
                pick(p, {"AllocatedStorage", "DBInstanceClass", "EngineVersion", "MasterUserPassword",
                         "BackupRetentionPeriod", "MultiAZ", "DeletionProtection", "PubliclyAccessible"});
            if (const auto* groups = p.if_contains("VPCSecurityGroups"))
              input["VpcSecurityGroupIds"] = *groups;
            input["DBInstanceIdentifier"] = m.physical_id;
            input["ApplyImmediately"] = true;
            w.invoke("rds", "ModifyDBInstance", input);
          },
  });
}

}  // namespace landfall::cloudformation
