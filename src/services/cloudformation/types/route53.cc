// AWS::Route53::*
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

std::string without_prefix(const std::string& id) {
  return id.starts_with("/hostedzone/") ? id.substr(12) : id;
}

object record_of(const object& p) {
  object record = pick(p, {"Name", "Type", "SetIdentifier", "Weight", "Region", "Failover",
                           "MultiValueAnswer", "HealthCheckId", "GeoLocation"});
  if (const std::string ttl = text_at(p, "TTL"); !ttl.empty()) record["TTL"] = ttl;
  if (const auto* values = p.if_contains("ResourceRecords"); values != nullptr && values->is_array()) {
    json::array list;
    for (const auto& value : values->as_array()) list.push_back(object{{"Value", value}});
    record["ResourceRecords"] = std::move(list);
  }
  if (const auto* alias = p.if_contains("AliasTarget"); alias != nullptr && alias->is_object()) {
    object target = pick(alias->as_object(), {"DNSName", "HostedZoneId"});
    target["EvaluateTargetHealth"] = truth_at(alias->as_object(), "EvaluateTargetHealth", false);
    record["AliasTarget"] = std::move(target);
  }
  return record;
}

std::string zone_of(Work& w, const object& p) {
  if (const std::string id = text_at(p, "HostedZoneId"); !id.empty()) return id;
  const std::string name = text_at(p, "HostedZoneName");
  const object found = w.invoke("route53", "ListHostedZonesByName", {{"DNSName", name}, {"MaxItems", "1"}});
  const std::string first = text_at_path(found, "HostedZones.0.Name");
  if (first != name) throw ServiceError("ValidationError", 400, "No hosted zones named " + name + " found");
  return without_prefix(text_at_path(found, "HostedZones.0.Id"));
}

void change(Work& w, const object& p, const char* action) {
  const object batch{{"Changes", {object{{"Action", action}, {"ResourceRecordSet", record_of(p)}}}}};
  w.invoke("route53", "ChangeResourceRecordSets", {{"HostedZoneId", zone_of(w, p)}, {"ChangeBatch", batch}});
}

// ACM's validation records, which the certificate type wrote for this stack, go with the zone.
void remove_validation_records(Work& w, const std::string& zone) {
  const object found = w.invoke("route53", "ListResourceRecordSets", {{"HostedZoneId", zone}});
  for (const auto& entry : found.at("ResourceRecordSets").as_array()) {
    const object& record = entry.as_object();
    if (text_at(record, "Type") != "CNAME" ||
        text_at_path(record, "ResourceRecords.0.Value").find(".acm-validations.aws") == std::string::npos)
      continue;
    w.invoke("route53", "ChangeResourceRecordSets",
             {{"HostedZoneId", zone},
              {"ChangeBatch",
               object{{"Changes", {object{{"Action", "DELETE"}, {"ResourceRecordSet", record}}}}}}});
  }
}

}  // namespace

void add_route53_types(Registry& registry) {
  registry["AWS::Route53::HostedZone"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"Name"});
            input["CallerReference"] = w.generated_name(128);
            if (const auto* config = p.if_contains("HostedZoneConfig")) input["HostedZoneConfig"] = *config;
            if (const auto* vpcs = p.if_contains("VPCs");
                vpcs != nullptr && vpcs->is_array() && !vpcs->as_array().empty())
              input["VPC"] = vpcs->as_array()[0];
            const object made = w.invoke("route53", "CreateHostedZone", input);
            const std::string id = without_prefix(text_at_path(made, "HostedZone.Id"));
            Model model{.physical_id = id, .attributes = {{"Id", id}}};
            if (const auto* servers = value_at(made, "DelegationSet.NameServers"))
              model.attributes["NameServers"] = *servers;
            return model;
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            try {
              remove_validation_records(w, m.physical_id);
              w.invoke("route53", "DeleteHostedZone", {{"Id", m.physical_id}});
            } catch (const ServiceError& error) {
              if (error.code() != "NoSuchHostedZone") throw;
            }
            return true;
          },
      .updatable = {"HostedZoneConfig"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            w.invoke("route53", "UpdateHostedZoneComment",
                     {{"Id", m.physical_id}, {"Comment", text_at_path(p, "HostedZoneConfig.Comment")}});
          },
  });
  registry["AWS::Route53::RecordSet"] = type_of({
      .create =
          [](Work& w, const object& p) {
            change(w, p, "CREATE");
            return Model{.physical_id = text_at(p, "Name")};
          },
      .remove =
          [](Work& w, const object& p, const Model&) {
            try {
              change(w, p, "DELETE");
            } catch (const ServiceError& error) {
              if (error.code() != "NoSuchHostedZone" &&
                  error.message().find("not found") == std::string::npos)
                throw;
            }
            return true;
          },
      .updatable = {"TTL", "ResourceRecords", "AliasTarget", "Weight", "Failover", "HealthCheckId",
                    "MultiValueAnswer"},
      .update = [](Work& w, const object&, const object& p, Model&) { change(w, p, "UPSERT"); },
  });
}

}  // namespace landfall::cloudformation
