// AWS::Route53::*
#include <algorithm>
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

std::string without_prefix(const std::string& id) {
  return id.starts_with("/hostedzone/") ? id.substr(12) : id;
}

const std::initializer_list<std::string_view> kRecordMembers{
    "Name",          "Type",        "SetIdentifier", "Weight",
    "Region",        "Failover",    "TTL",           "MultiValueAnswer",
    "HealthCheckId", "GeoLocation", "AliasTarget",   "ResourceRecords"};

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

object change_of(const char* action, const object& record) {
  return {{"Action", action}, {"ResourceRecordSet", record_of(record)}};
}

void change_all(Work& w, const object& p, const json::array& changes) {
  if (changes.empty()) return;
  w.invoke("route53", "ChangeResourceRecordSets",
           {{"HostedZoneId", zone_of(w, p)}, {"ChangeBatch", object{{"Changes", changes}}}});
}

void change(Work& w, const object& p, const char* action) { change_all(w, p, {change_of(action, p)}); }

// Deletes records; those that are not there, or whose zone is not, are gone.
void remove_records(Work& w, const object& p, const json::array& changes) {
  try {
    change_all(w, p, changes);
  } catch (const ServiceError& error) {
    if (error.code() != "NoSuchHostedZone" && error.message().find("not found") == std::string::npos) throw;
  }
}

// Records of a group, each with the members that a record has.
json::array records_of(const object& p, const Work& w) {
  json::array list = list_at(p, "RecordSets");
  for (const auto& record : list)
    for (const auto& member : record.as_object())
      if (std::find(kRecordMembers.begin(), kRecordMembers.end(),
                    std::string_view(member.key().data(), member.key().size())) == kRecordMembers.end())
        throw ServiceError("ValidationError", 400,
                           "Properties validation failed for resource " + w.logical_id +
                               " with message:\n#/RecordSets: extraneous key [" + std::string(member.key()) +
                               "] is not permitted");
  return list;
}

// What tells one record of a zone from another.
std::string identity_of(const object& record) {
  return text_at(record, "Name") + "|" + text_at(record, "Type") + "|" + text_at(record, "SetIdentifier");
}

void retag_dns(Work& w, const char* type, const std::string& id, const char* property, const object& before,
               const object& p) {
  const auto as_tags = [&](const object& of) { return object{{"Tags", list_at(of, property)}}; };
  if (!before.empty() && !w.tags_differ(as_tags(before), as_tags(p))) return;
  object input{{"ResourceType", type}, {"ResourceId", id}, {"AddTags", w.tags(as_tags(p))}};
  if (const json::array gone = w.tags_gone(as_tags(before), as_tags(p)); !gone.empty())
    input["RemoveTagKeys"] = gone;
  w.invoke("route53", "ChangeTagsForResource", input);
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
            const json::array vpcs = list_at(p, "VPCs");
            for (size_t other = 1; other < vpcs.size(); ++other)
              w.invoke("route53", "AssociateVPCWithHostedZone", {{"HostedZoneId", id}, {"VPC", vpcs[other]}});
            retag_dns(w, "hostedzone", id, "HostedZoneTags", {}, p);
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
      .fixed = {"Name"},
      .updatable = {"HostedZoneConfig", "HostedZoneTags", "VPCs"},
      .required = {"Name"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            w.invoke("route53", "UpdateHostedZoneComment",
                     {{"Id", m.physical_id}, {"Comment", text_at_path(p, "HostedZoneConfig.Comment")}});
            const json::array was = list_at(before, "VPCs"), is = list_at(p, "VPCs");
            for (const auto& vpc : missing_from(is, was))
              w.invoke("route53", "AssociateVPCWithHostedZone",
                       {{"HostedZoneId", m.physical_id}, {"VPC", vpc}});
            for (const auto& vpc : missing_from(was, is))
              w.invoke("route53", "DisassociateVPCFromHostedZone",
                       {{"HostedZoneId", m.physical_id}, {"VPC", vpc}});
            retag_dns(w, "hostedzone", m.physical_id, "HostedZoneTags", before, p);
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
            remove_records(w, p, {change_of("DELETE", p)});
            return true;
          },
      .fixed = {"HostedZoneId", "HostedZoneName", "Name", "Type", "SetIdentifier"},
      .updatable = {"TTL", "ResourceRecords", "AliasTarget", "Weight", "Failover", "HealthCheckId",
                    "MultiValueAnswer", "Region", "GeoLocation"},
      .inert = {"Comment"},
      .required = {"Name", "Type"},
      .update = [](Work& w, const object&, const object& p, Model&) { change(w, p, "UPSERT"); },
  });
  registry["AWS::Route53::RecordSetGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            json::array changes;
            for (const auto& record : records_of(p, w))
              changes.push_back(change_of("CREATE", record.as_object()));
            change_all(w, p, changes);
            return Model{.physical_id = w.generated_name(128)};
          },
      .remove =
          [](Work& w, const object& p, const Model&) {
            for (const auto& record : list_at(p, "RecordSets"))
              remove_records(w, p, {change_of("DELETE", record.as_object())});
            return true;
          },
      .fixed = {"HostedZoneId", "HostedZoneName"},
      .updatable = {"RecordSets"},
      .inert = {"Comment"},
      .update =
          [](Work& w, const object& before, const object& p, Model&) {
            json::array changes;
            const json::array now = records_of(p, w);
            for (const auto& old : list_at(before, "RecordSets")) {
              const auto same = [&](const json::value& record) {
                return identity_of(record.as_object()) == identity_of(old.as_object());
              };
              if (std::none_of(now.begin(), now.end(), same))
                changes.push_back(change_of("DELETE", old.as_object()));
            }
            for (const auto& record : now) changes.push_back(change_of("UPSERT", record.as_object()));
            change_all(w, p, changes);
          },
  });
  registry["AWS::Route53::HealthCheck"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made = w.invoke("route53", "CreateHealthCheck",
                                         {{"CallerReference", w.generated_name(64)},
                                          {"HealthCheckConfig", p.at("HealthCheckConfig")}});
            const std::string id = text_at_path(made, "HealthCheck.Id");
            retag_dns(w, "healthcheck", id, "HealthCheckTags", {}, p);
            return Model{.physical_id = id, .attributes = {{"HealthCheckId", id}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("route53", "DeleteHealthCheck", {{"HealthCheckId", m.physical_id}}); },
                {"NoSuchHealthCheck"});
          },
      .fixed = {"HealthCheckConfig.Type", "HealthCheckConfig.RequestInterval",
                "HealthCheckConfig.MeasureLatency", "HealthCheckConfig.RoutingControlArn"},
      .updatable = {"HealthCheckConfig", "HealthCheckTags"},
      .required = {"HealthCheckConfig"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            object input = object_at(p, "HealthCheckConfig");
            for (const char* fixed : {"Type", "RequestInterval", "MeasureLatency", "RoutingControlArn"})
              input.erase(fixed);
            json::array reset;  // what is no longer said goes back to nothing
            for (const char* name :
                 {"FullyQualifiedDomainName", "Regions", "ResourcePath", "ChildHealthChecks"})
              if (object_at(before, "HealthCheckConfig").contains(name) && !input.contains(name))
                reset.push_back(name);
            if (!reset.empty()) input["ResetElements"] = reset;
            input["HealthCheckId"] = m.physical_id;
            w.invoke("route53", "UpdateHealthCheck", input);
            retag_dns(w, "healthcheck", m.physical_id, "HealthCheckTags", before, p);
          },
  });
}

}  // namespace landfall::cloudformation
