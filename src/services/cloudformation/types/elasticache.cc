// AWS::ElastiCache::*
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

#include "base/ascii.h"

namespace landfall::cloudformation {

namespace json = boost::json;
using json::object;

void add_elasticache_types(Registry& registry) {
  registry["AWS::ElastiCache::SubnetGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input{{"CacheSubnetGroupDescription", text_at(p, "Description")},
                         {"SubnetIds", p.at("SubnetIds")}};
            input["CacheSubnetGroupName"] = p.contains("CacheSubnetGroupName")
                                                ? text_at(p, "CacheSubnetGroupName")
                                                : w.generated_name(255);
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
      .updatable = {"Description", "SubnetIds"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
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
                                    "AutoMinorVersionUpgrade"});
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
      .updatable = {"ReplicationGroupDescription", "CacheNodeType", "SecurityGroupIds",
                    "SnapshotRetentionLimit"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            object input = pick(p, {"ReplicationGroupDescription", "CacheNodeType", "SecurityGroupIds",
                                    "SnapshotRetentionLimit"});
            input["ReplicationGroupId"] = m.physical_id;
            input["ApplyImmediately"] = true;
            w.invoke("elasticache", "ModifyReplicationGroup", input);
          },
  });
}

}  // namespace landfall::cloudformation
