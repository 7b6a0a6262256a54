#include "services/route53/record_sets.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "codec/dns_rdata.h"
#include "route53/errors.h"

namespace landfall::route53 {
namespace {

constexpr size_t kMaxRecordsPerBatch = 1000;  // AWS quota

const std::string& text_of(const std::optional<std::string>& value) {
  static const std::string kEmpty;
  return value ? *value : kEmpty;
}

std::string describe(const Change& change) {
  const auto& set = *change.ResourceRecordSet;
  return fmt::format("Change with [Action={}, Name={}, Type={}, SetIdentifier={}]", text_of(change.Action),
                     text_of(set.Name), text_of(set.Type), set.SetIdentifier ? *set.SetIdentifier : "null");
}

std::string quoted_set(const ResourceRecordSet& set) {
  std::string out = fmt::format("[name='{}', type='{}'", text_of(set.Name), text_of(set.Type));
  if (set.SetIdentifier) out += fmt::format(", set-identifier='{}'", *set.SetIdentifier);
  return out + "]";
}

bool has_policy(const ResourceRecordSet& set) {
  return set.Weight || set.Failover || set.Region || set.GeoLocation || set.MultiValueAnswer.value_or(false);
}

// Which policy, for "all sets of a name and type have one policy".
std::string policy_name(const ResourceRecordSet& set) {
  if (set.Weight) return "weighted";
  if (set.Failover) return "failover";
  if (set.Region) return "latency";
  if (set.GeoLocation) return "geolocation";
  if (set.MultiValueAnswer.value_or(false)) return "multivalue answer";
  return "simple";
}

// ---- the shape of one change: InvalidInput ----

void check_unsupported(const ResourceRecordSet& set) {
  if (set.TrafficPolicyInstanceId || set.CidrRoutingConfig || set.GeoProximityLocation) {
    throw ServiceError("NotImplemented", 501,
                       "Landfall does not have traffic policies, CIDR routing or geoproximity routing.");
  }
  if (!dns::type_from_name(text_of(set.Type))) {
    throw ServiceError("NotImplemented", 501,
                       "Landfall does not serve records of type " + text_of(set.Type) + ".");
  }
}

void check_form(const Change& change) {
  const ResourceRecordSet& set = *change.ResourceRecordSet;
  check_unsupported(set);
  const bool plain = set.TTL || !set.ResourceRecords.empty();
  if (plain == set.AliasTarget.has_value()) {
    throw InvalidInput(fmt::format(
        "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
        "TrafficPolicyInstanceId], but found {} in {}",
        plain ? "more than one" : "none", describe(change)));
  }
  if (plain && !set.TTL) throw InvalidInput("Invalid request: Missing field 'TTL' in " + describe(change));
  if (plain && set.ResourceRecords.empty()) {
    throw InvalidInput("Invalid request: Missing field 'ResourceRecords' in " + describe(change));
  }
  const int policies = set.Weight.has_value() + set.Failover.has_value() + set.Region.has_value() +
                       set.GeoLocation.has_value() + set.MultiValueAnswer.value_or(false);
  if (policies > 1) {
    throw InvalidInput(
        "Invalid request: Expected at most one of [Weight, Region, Failover, GeoLocation, "
        "MultiValueAnswer] in " +
        describe(change));
  }
  if (has_policy(set) && !set.SetIdentifier) {
    throw InvalidInput("Invalid request: Missing field 'SetIdentifier' in " + describe(change));
  }
  if (!has_policy(set) && set.SetIdentifier) {
    throw InvalidInput(
        "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, "
        "MultiValueAnswer] because SetIdentifier is given in " +
        describe(change));
  }
}

// ---- what one set may say: a message, or nothing ----

std::string value_problem(dns::Type type, const std::string& value) {
  if ((type == dns::Type::TXT || type == dns::Type::SPF) && (value.empty() || value[0] != '"')) {
    return "InvalidCharacterString (Value should be enclosed in quotation marks)";
  }
  auto rdata = dns::rdata_from_text(type, value);
  if (rdata) return {};
  switch (type) {
    case dns::Type::A:
      return "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)";
    case dns::Type::AAAA:
      return "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)";
    default:
      return fmt::format("{}RRDATAInvalid ({})", dns::type_name(type), rdata.error().message);
  }
}

void check_values(const ResourceRecordSet& set, std::vector<std::string>& problems) {
  const auto type = dns::type_from_name(text_of(set.Type)).value();
  std::set<std::string> seen;
  for (const ResourceRecord& record : set.ResourceRecords) {
    const std::string& value = text_of(record.Value);
    if (!seen.insert(value).second) problems.push_back(fmt::format("Duplicate Resource Record: '{}'", value));
    if (std::string problem = value_problem(type, value); !problem.empty()) {
      problems.push_back(
          fmt::format("Invalid Resource Record: 'FATAL problem: {} encountered with '{}''", problem, value));
    }
  }
  if ((type == dns::Type::CNAME || type == dns::Type::SOA) && set.ResourceRecords.size() > 1) {
    problems.push_back(fmt::format("RRSet of type {} with DNS name {} must have exactly one resource record",
                                   text_of(set.Type), text_of(set.Name)));
  }
}

bool in_zone(std::string_view name, std::string_view zone) {
  return name == zone ||
         (name.size() > zone.size() && name.ends_with(zone) && name[name.size() - zone.size() - 1] == '.');
}

void check_place(const ZoneIdentity& zone, const ResourceRecordSet& set, std::vector<std::string>& problems) {
  const std::string& name = *set.Name;
  if (!in_zone(name, zone.name)) {
    problems.push_back(fmt::format("RRSet with DNS name {} is not permitted in zone {}", name, zone.name));
  } else if (name == zone.name && set.Type == "CNAME") {
    problems.push_back(fmt::format("RRSet of type CNAME with DNS name {} is not permitted at apex in zone {}",
                                   name, zone.name));
  } else if (name != zone.name && set.Type == "SOA") {
    problems.push_back(
        fmt::format("RRSet of type SOA with DNS name {} is not permitted in zone {}", name, zone.name));
  }
}

// A name that an alias may follow though it is not in the zone.
bool is_aws_target(std::string_view name) {
  for (std::string_view suffix : {".elb.amazonaws.com.", ".cloudfront.net.", ".elasticbeanstalk.com."}) {
    if (name.ends_with(suffix)) return true;
  }
  return false;
}

constexpr std::string_view kCloudFrontZone = "Z2FDTNDATAQYW2";  // AWS: of every distribution

void check_alias(const ZoneIdentity& zone, const ResourceRecordSet& set, const RecordSetMap& sets,
                 std::vector<std::string>& problems) {
  const std::string& target = text_of(set.AliasTarget->DNSName);
  const std::string& target_zone = text_of(set.AliasTarget->HostedZoneId);
  const std::string start = fmt::format("Tried to create an alias that targets {}, type {} in zone {}, but ",
                                        target, text_of(set.Type), target_zone);
  if (set.Type == "NS" || set.Type == "SOA") {
    problems.push_back(
        fmt::format("RRSet of type {} with DNS name {} may not be an alias", *set.Type, *set.Name));
  } else if (target_zone == zone.id) {
    if (!in_zone(target, zone.name)) {
      problems.push_back(start + "the alias target name does not lie within the target zone");
    } else if (const auto it = sets.lower_bound(record_set_key(target, text_of(set.Type), ""));
               it == sets.end() || it->second.Name != target || it->second.Type != set.Type) {
      problems.push_back(start + "that target was not found");
    }
  } else if (!is_aws_target(target) ||
             (target.ends_with(".cloudfront.net.") && target_zone != kCloudFrontZone)) {
    problems.push_back(start + "the alias target name does not lie within the target zone");
  }
}

// Against the zone as it is after the batch, so that a batch may trade an A record for a CNAME.
void check_neighbours(const ZoneIdentity& zone, const ResourceRecordSet& set, const RecordSetMap& sets,
                      std::vector<std::string>& problems) {
  const std::string at_name = reversed_labels(*set.Name) + " ";
  for (auto it = sets.lower_bound(at_name); it != sets.end() && it->first.starts_with(at_name); ++it) {
    const ResourceRecordSet& other = it->second;
    if (other.Type != set.Type && set.Type == "CNAME") {
      problems.push_back(
          fmt::format("RRSet of type CNAME with DNS name {} is not permitted as it conflicts with other "
                      "records with the same DNS name in zone {}",
                      *set.Name, zone.name));
      return;
    }
    if (other.Type != set.Type && other.Type == "CNAME") {
      problems.push_back(
          fmt::format("RRSet of type {} with DNS name {} is not permitted because a conflicting RRSet of "
                      "type CNAME with the same DNS name already exists in zone {}",
                      *set.Type, *set.Name, zone.name));
      return;
    }
    if (other.Type == set.Type && policy_name(other) != policy_name(set)) {
      problems.push_back(
          fmt::format("RRSet with DNS name {}, type {} cannot be {} because a {} RRSet with the same name "
                      "and type exists",
                      *set.Name, *set.Type, policy_name(set), policy_name(other)));
      return;
    }
    if (set.Failover && other.Type == set.Type && other.SetIdentifier != set.SetIdentifier &&
        other.Failover == set.Failover) {
      problems.push_back(
          fmt::format("RRSet with DNS name {}, type {} cannot have a second {} failover record", *set.Name,
                      *set.Type, *set.Failover));
      return;
    }
  }
}

void check_apex(const ZoneIdentity& zone, const RecordSetMap& sets, std::vector<std::string>& problems) {
  if (!sets.contains(record_set_key(zone.name, "SOA", ""))) {
    problems.push_back("A HostedZone must contain exactly one SOA record.");
  }
  if (!sets.contains(record_set_key(zone.name, "NS", ""))) {
    problems.push_back("A HostedZone must contain at least one NS record for the zone itself.");
  }
}

// ---- applying ----

ResourceRecordSet normalised(ResourceRecordSet set) {
  set.Name = normal_name(text_of(set.Name));
  if (set.AliasTarget) {
    set.AliasTarget->DNSName = normal_name(text_of(set.AliasTarget->DNSName));
    std::string zone = text_of(set.AliasTarget->HostedZoneId);
    if (zone.starts_with("/hostedzone/")) zone.erase(0, 12);
    set.AliasTarget->HostedZoneId = zone;
    if (!set.AliasTarget->EvaluateTargetHealth) set.AliasTarget->EvaluateTargetHealth = false;
  }
  return set;
}

bool same_contents(const ResourceRecordSet& a, const ResourceRecordSet& b) {
  auto values = [](const ResourceRecordSet& set) {
    std::multiset<std::string> out;
    for (const auto& record : set.ResourceRecords) out.insert(text_of(record.Value));
    return out;
  };
  auto alias = [](const ResourceRecordSet& set) {
    return set.AliasTarget ? *set.AliasTarget->DNSName + " " + *set.AliasTarget->HostedZoneId : std::string();
  };
  return a.HealthCheckId == b.HealthCheckId && a.TTL == b.TTL && a.Weight == b.Weight &&
         a.Failover == b.Failover && a.Region == b.Region && values(a) == values(b) && alias(a) == alias(b);
}

void apply(const Change& change, const ResourceRecordSet& set, RecordSetMap& sets,
           std::vector<std::string>& problems) {
  const std::string key = record_set_key(set);
  const auto found = sets.find(key);
  if (change.Action == "CREATE") {
    if (found != sets.end()) {
      problems.push_back(
          fmt::format("Tried to create resource record set {} but it already exists", quoted_set(set)));
    } else {
      sets[key] = set;
    }
  } else if (change.Action == "UPSERT") {
    sets[key] = set;
  } else if (found == sets.end()) {
    problems.push_back(
        fmt::format("Tried to delete resource record set {} but it was not found", quoted_set(set)));
  } else if (!same_contents(found->second, set)) {
    problems.push_back(fmt::format(
        "Tried to delete resource record set {} but the values provided do not match the current values",
        quoted_set(set)));
  } else {
    sets.erase(found);
  }
}

std::string joined(const std::vector<std::string>& problems) {
  std::string out = "[";
  for (const std::string& problem : problems) out += (out.size() > 1 ? ", " : "") + problem;
  return out + "]";
}

}  // namespace

std::string reversed_labels(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const std::string_view rest = name.substr(0, name.size() - 1);  // without the final dot
    const size_t dot = rest.rfind('.');
    const size_t start = dot == std::string_view::npos ? 0 : dot + 1;
    out += name.substr(start);
    name = name.substr(0, start);
  }
  return out;
}

std::string record_set_key(std::string_view name, std::string_view type, std::string_view set_identifier) {
  return fmt::format("{} {} {}", reversed_labels(name), type, set_identifier);
}

std::string record_set_key(const ResourceRecordSet& set) {
  return record_set_key(text_of(set.Name), text_of(set.Type), text_of(set.SetIdentifier));
}

std::string normal_name(std::string_view name) {
  auto parsed = dns::Name::from_text(name);
  if (!parsed)
    throw InvalidDomainName(fmt::format("{} is not a valid domain name: {}", name, parsed.error().message));
  return dns::to_text(parsed->lower().wire());
}

void apply_changes(const ZoneIdentity& zone, const std::vector<Change>& changes, RecordSetMap& sets) {
  size_t records = 0;
  for (const Change& change : changes) {
    check_form(change);
    records += std::max<size_t>(change.ResourceRecordSet->ResourceRecords.size(), 1);
  }
  if (records > kMaxRecordsPerBatch) throw InvalidChangeBatch("[Number of records limit of 1000 exceeded.]");

  std::vector<std::string> problems;
  std::vector<ResourceRecordSet> written;
  for (const Change& change : changes) {
    ResourceRecordSet set = normalised(*change.ResourceRecordSet);
    check_place(zone, set, problems);
    check_values(set, problems);
    apply(change, set, sets, problems);
    if (change.Action != "DELETE") written.push_back(std::move(set));
  }
  for (const ResourceRecordSet& set : written) {
    check_neighbours(zone, set, sets, problems);
    if (set.AliasTarget) check_alias(zone, set, sets, problems);
  }
  check_apex(zone, sets, problems);
  if (!problems.empty()) throw InvalidChangeBatch(joined(problems));
}

RecordSetSnapshot to_snapshot(const ZoneIdentity& zone, const ResourceRecordSet& set) {
  RecordSetSnapshot out{.name = text_of(set.Name),
                        .type = text_of(set.Type),
                        .ttl = set.TTL.value_or(0),
                        .set_identifier = text_of(set.SetIdentifier),
                        .weight = set.Weight,
                        .failover = text_of(set.Failover),
                        .multivalue = set.MultiValueAnswer.value_or(false),
                        .region = text_of(set.Region)};
  out.health_check = text_of(set.HealthCheckId);
  for (const auto& record : set.ResourceRecords) out.values.push_back(text_of(record.Value));
  if (set.AliasTarget) {
    std::string target = text_of(set.AliasTarget->DNSName);
    const bool own = set.AliasTarget->HostedZoneId == zone.id;
    // The console and Terraform put "dualstack." before a load balancer's name.
    if (!own && target.starts_with("dualstack.")) target.erase(0, 10);
    out.alias = AliasSnapshot{target, own, set.AliasTarget->EvaluateTargetHealth.value_or(false)};
  }
  if (set.GeoLocation) {
    out.geo = set.GeoLocation->CountryCode == "*"
                  ? "*"
                  : text_of(set.GeoLocation->ContinentCode) + "/" + text_of(set.GeoLocation->CountryCode) +
                        "/" + text_of(set.GeoLocation->SubdivisionCode);
  }
  return out;
}

}  // namespace landfall::route53
