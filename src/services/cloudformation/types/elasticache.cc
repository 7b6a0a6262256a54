// AWS::ElastiCache::*
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

#include "base/ascii.h"

namespace landfall::cloudformation {

namespace json = boost::json;
using json::object;

namespace {

void retag_cache(Work& w, const object& before, const object& p, const std::string& resource) {
  if (!w.tags_differ(before, p)) return;
  const std::string arn = w.call.arn("elasticache", resource);
  if (const json::array gone = w.tags_gone(before, p); !gone.empty())
    w.invoke("elasticache", "RemoveTagsFromResource", {{"ResourceName", arn}, {"TagKeys", gone}});
  w.invoke("elasticache", "AddTagsToResource", {{"ResourceName", arn}, {"Tags", w.tags(p)}});
}

// The template's map as the operations' list; without values, to reset them.
json::array cache_parameters_of(const object& map) {
  json::array list;
  for (const auto& member : map)
    list.push_back(object{{"ParameterName", member.key()}, {"ParameterValue", text_at(map, member.key())}});
  return list;
}

void change_cache_parameters(Work& w, const std::string& name, const object& before, const object& now) {
  const auto [changed, gone] = change_of(before, now);
  if (!gone.empty())
    w.invoke("elasticache", "ResetCacheParameterGroup",
             {{"CacheParameterGroupName", name}, {"ParameterNameValues", cache_parameters_of(gone)}});
  if (!changed.empty())
    w.invoke("elasticache", "ModifyCacheParameterGroup",
             {{"CacheParameterGroupName", name}, {"ParameterNameValues", cache_parameters_of(changed)}});
}

void add_cache_parameter_group(Registry& registry) {
  registry["AWS::ElastiCache::ParameterGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const std::string name =
                ascii_lower(p.contains("CacheParameterGroupName") ? text_at(p, "CacheParameterGroupName")
                                                                  : w.generated_name(255));
            object input = pick(p, {"CacheParameterGroupFamily", "Description"});
            input["CacheParameterGroupName"] = name;
            input["Tags"] = w.tags(p);
            w.invoke("elasticache", "CreateCacheParameterGroup", input);
            change_cache_parameters(w, name, {}, object_at(p, "Properties"));
            return Model{.physical_id = name, .attributes = {{"CacheParameterGroupName", name}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after([&] {
              w.invoke("elasticache", "DeleteCacheParameterGroup",
                       {{"CacheParameterGroupName", m.physical_id}});
            });
          },
      .fixed = {"CacheParameterGroupFamily", "CacheParameterGroupName", "Description"},
      .updatable = {"Properties", "Tags"},
      .required = {"CacheParameterGroupFamily", "Description"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            change_cache_parameters(w, m.physical_id, object_at(before, "Properties"),
                                    object_at(p, "Properties"));
            retag_cache(w, before, p, "parametergroup:" + m.physical_id);
          },
  });
}

// True once the user or group is at rest.
bool settle_named(Work& w, Model& m, const char* noun, const char* list) {
  const object found =
      w.invoke("elasticache", std::string("Describe") + list, {{std::string(noun) + "Id", m.physical_id}});
  const std::string first = std::string(list) + ".0.";
  m.attributes = {{"Arn", text_at_path(found, first + "ARN")},
                  {"Status", text_at_path(found, first + "Status")}};
  return text_at_path(found, first + "Status") == "active";
}

bool remove_named(Work& w, const Model& m, const char* noun, const char* list) {
  const object id{{std::string(noun) + "Id", m.physical_id}};
  try {
    const object found = w.invoke("elasticache", std::string("Describe") + list, id);
    if (text_at_path(found, std::string(list) + ".0.Status") == "active")
      w.invoke("elasticache", std::string("Delete") + noun, id);
    return false;
  } catch (const ServiceError& error) {
    if (!error.code().starts_with(std::string(noun) + "NotFound")) throw;
    return true;
  }
}

void add_users(Registry& registry) {
  registry["AWS::ElastiCache::User"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"UserId", "UserName", "Engine", "Passwords", "AccessString",
                                    "NoPasswordRequired", "AuthenticationMode"});
            input["Tags"] = w.tags(p);
            if (!p.contains("AccessString")) input["AccessString"] = "off -@all";
            return Model{.physical_id = text_at(w.invoke("elasticache", "CreateUser", input), "UserId")};
          },
      .settled = [](Work& w, const object&, Model& m) { return settle_named(w, m, "User", "Users"); },
      .remove = [](Work& w, const object&, const Model& m) { return remove_named(w, m, "User", "Users"); },
      .fixed = {"UserId", "UserName"},
      .updatable = {"Engine", "AccessString", "Passwords", "NoPasswordRequired", "AuthenticationMode",
                    "Tags"},
      .required = {"UserId", "UserName", "Engine"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            object input =
                pick(p, {"AccessString", "Passwords", "NoPasswordRequired", "AuthenticationMode", "Engine"});
            input["UserId"] = m.physical_id;
            retag_cache(w, before, p, "user:" + m.physical_id);
            w.invoke("elasticache", "ModifyUser", input);
          },
  });
  registry["AWS::ElastiCache::UserGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"UserGroupId", "Engine", "UserIds"});
            input["Tags"] = w.tags(p);
            return Model{.physical_id =
                             text_at(w.invoke("elasticache", "CreateUserGroup", input), "UserGroupId")};
          },
      .settled = [](Work& w, const object&,
                    Model& m) { return settle_named(w, m, "UserGroup", "UserGroups"); },
      .remove = [](Work& w, const object&,
                   const Model& m) { return remove_named(w, m, "UserGroup", "UserGroups"); },
      .fixed = {"UserGroupId"},
      .updatable = {"Engine", "UserIds", "Tags"},
      .required = {"UserGroupId", "Engine", "UserIds"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            retag_cache(w, before, p, "usergroup:" + m.physical_id);
            object input{{"UserGroupId", m.physical_id}};
            const json::array was = list_at(before, "UserIds"), is = list_at(p, "UserIds");
            if (auto added = missing_from(is, was); !added.empty()) input["UserIdsToAdd"] = added;
            if (auto gone = missing_from(was, is); !gone.empty()) input["UserIdsToRemove"] = gone;
            if (text_at(before, "Engine") != text_at(p, "Engine")) input["Engine"] = text_at(p, "Engine");
            if (input.size() > 1) w.invoke("elasticache", "ModifyUserGroup", input);
          },
  });
}

}  // namespace

void add_elasticache_types(Registry& registry) {
  registry["AWS::ElastiCache::SubnetGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input{{"CacheSubnetGroupDescription", text_at(p, "Description")},
                         {"SubnetIds", p.at("SubnetIds")}};
            input["CacheSubnetGroupName"] = p.contains("CacheSubnetGroupName")
                                                ? text_at(p, "CacheSubnetGroupName")
                                                : ascii_lower(w.generated_name(255));
            input["Tags"] = w.tags(p);
            const object made = w.invoke("elasticache", "CreateCacheSubnetGroup", input);
            return Model{.physical_id = text_at_path(made, "CacheSubnetGroup.CacheSubnetGroupName")};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] {
                  w.invoke("elasticache", "DeleteCacheSubnetGroup",
                           {{"CacheSubnetGroupName", m.physical_id}});
                },
                {"CacheSubnetGroupNotFoundFault"});
          },
      .fixed = {"CacheSubnetGroupName"},
      .updatable = {"Description", "SubnetIds", "Tags"},
      .required = {"Description", "SubnetIds"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            retag_cache(w, before, p, "subnetgroup:" + m.physical_id);
            w.invoke("elasticache", "ModifyCacheSubnetGroup",
                     {{"CacheSubnetGroupName", m.physical_id},
                      {"CacheSubnetGroupDescription", text_at(p, "Description")},
                      {"SubnetIds", p.at("SubnetIds")}});
          },
  });
  registry["AWS::ElastiCache::ReplicationGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"ReplicationGroupId",
                                    "ReplicationGroupDescription",
                                    "AutomaticFailoverEnabled",
                                    "MultiAZEnabled",
                                    "NumCacheClusters",
                                    "NumNodeGroups",
                                    "ReplicasPerNodeGroup",
                                    "CacheNodeType",
                                    "Engine",
                                    "EngineVersion",
                                    "CacheParameterGroupName",
                                    "CacheSubnetGroupName",
                                    "SecurityGroupIds",
                                    "Port",
                                    "AuthToken",
                                    "TransitEncryptionEnabled",
                                    "AtRestEncryptionEnabled",
                                    "SnapshotRetentionLimit",
                                    "SnapshotWindow",
                                    "PreferredMaintenanceWindow",
                                    "AutoMinorVersionUpgrade",
                                    "UserGroupIds",
                                    "PreferredCacheClusterAZs",
                                    "TransitEncryptionMode",
                                    "NetworkType",
                                    "IpDiscovery"});
            if (!p.contains("ReplicationGroupId")) {
              input["ReplicationGroupId"] = ascii_lower(w.generated_name(40));
            }
            input["Tags"] = w.tags(p);
            const object made = w.invoke("elasticache", "CreateReplicationGroup", input);
            return Model{.physical_id = text_at_path(made, "ReplicationGroup.ReplicationGroupId")};
          },
      .settled =
          [](Work& w, const object&, Model& m) {
            const object found =
                w.invoke("elasticache", "DescribeReplicationGroups", {{"ReplicationGroupId", m.physical_id}});
            const std::string status = text_at_path(found, "ReplicationGroups.0.Status");
            if (status == "create-failed")
              throw ServiceError("NotStabilized", 400,
                                 "Replication group " + m.physical_id + " is " + status);
            const std::string node = "ReplicationGroups.0.NodeGroups.0.";
            m.attributes = {
                {"PrimaryEndPoint.Address", text_at_path(found, node + "PrimaryEndpoint.Address")},
                {"PrimaryEndPoint.Port", text_at_path(found, node + "PrimaryEndpoint.Port")},
                {"ReaderEndPoint.Address", text_at_path(found, node + "ReaderEndpoint.Address")},
                {"ReaderEndPoint.Port", text_at_path(found, node + "ReaderEndpoint.Port")}};
            return status == "available";
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            try {
              const object found = w.invoke("elasticache", "DescribeReplicationGroups",
                                            {{"ReplicationGroupId", m.physical_id}});
              if (text_at_path(found, "ReplicationGroups.0.Status") != "deleting")
                w.invoke("elasticache", "DeleteReplicationGroup", {{"ReplicationGroupId", m.physical_id}});
              return false;
            } catch (const ServiceError& error) {
              if (!error.code().starts_with("ReplicationGroupNotFound")) throw;
              return true;
            }
          },
      .fixed = {"ReplicationGroupId", "NumCacheClusters", "NumNodeGroups", "ReplicasPerNodeGroup",
                "CacheSubnetGroupName", "Port", "AtRestEncryptionEnabled", "PreferredCacheClusterAZs",
                "NetworkType"},
      .updatable = {"ReplicationGroupDescription", "CacheNodeType", "SecurityGroupIds",
                    "SnapshotRetentionLimit", "SnapshotWindow", "AutomaticFailoverEnabled", "MultiAZEnabled",
                    "Engine", "EngineVersion", "CacheParameterGroupName", "AuthToken",
                    "TransitEncryptionEnabled", "TransitEncryptionMode", "PreferredMaintenanceWindow",
                    "AutoMinorVersionUpgrade", "UserGroupIds", "IpDiscovery", "Tags"},
      .required = {"ReplicationGroupDescription"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            retag_cache(w, before, p, "replicationgroup:" + m.physical_id);  // which wants it at rest, too
            object input{{"ReplicationGroupId", m.physical_id}, {"ApplyImmediately", true}};
            for (const char* name : {"ReplicationGroupDescription", "CacheNodeType", "SecurityGroupIds",
                                     "SnapshotRetentionLimit", "SnapshotWindow", "AutomaticFailoverEnabled",
                                     "MultiAZEnabled", "Engine", "EngineVersion", "CacheParameterGroupName",
                                     "AuthToken", "TransitEncryptionEnabled", "TransitEncryptionMode",
                                     "PreferredMaintenanceWindow", "AutoMinorVersionUpgrade", "IpDiscovery"})
              if (p.contains(name) && (!before.contains(name) || before.at(name) != p.at(name)))
                input[name] = p.at(name);
            if (input.contains("AuthToken")) input["AuthTokenUpdateStrategy"] = "ROTATE";
            const json::array was = list_at(before, "UserGroupIds"), is = list_at(p, "UserGroupIds");
            if (auto added = missing_from(is, was); !added.empty()) input["UserGroupIdsToAdd"] = added;
            if (auto gone = missing_from(was, is); !gone.empty()) input["UserGroupIdsToRemove"] = gone;
            constexpr size_t kNamesOnly = 2;  // nothing but the two it began with
            if (input.size() > kNamesOnly) w.invoke("elasticache", "ModifyReplicationGroup", input);
          },
  });
  add_cache_parameter_group(registry);
  add_users(registry);
}

}  // namespace landfall::cloudformation
