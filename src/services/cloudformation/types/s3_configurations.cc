#include "services/cloudformation/types/s3_configurations.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <utility>

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

[[noreturn]] void refuse(const std::string& where, std::string_view name) {
  throw ServiceError("ValidationError", 400,
                     "Properties validation failed with message:\n#/" + where + ": extraneous key [" +
                         std::string(name) + "] is not permitted");
}

std::string element(const std::string& name, const std::string& inner) {
  return "<" + name + ">" + inner + "</" + name + ">";
}

std::string root(const std::string& name, const std::string& inner) {
  return "<" + name + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + inner + "</" + name + ">";
}

// How a template's member is called in the XML. A list is its elements, one after the other.
struct Renamed {
  std::string_view property, element;
};

// Writes the object's members in the order of `known`; any other member is refused.
std::string members(const object& from, const std::string& where, std::initializer_list<Renamed> known) {
  for (const auto& member : from)
    if (std::none_of(known.begin(), known.end(), [&](const Renamed& k) {
          return k.property == std::string_view(member.key().data(), member.key().size());
        }))
      refuse(where, {member.key().data(), member.key().size()});
  std::string xml;
  for (const Renamed& k : known) {
    const auto* value = from.if_contains(json::string_view(k.property.data(), k.property.size()));
    if (value == nullptr) continue;
    const std::string name(k.element);
    if (value->is_array()) {
      for (const auto& item : value->as_array())
        xml += element(name, escaped(item.is_string() ? std::string_view(item.as_string())
                                                      : std::string_view(json::serialize(item))));
    } else {
      xml += element(name, escaped(text_at(from, k.property)));
    }
  }
  return xml;
}

std::string encryption(const object& p) {
  std::string rules;
  for (const auto& entry : list_at(object_at(p, "BucketEncryption"), "ServerSideEncryptionConfiguration")) {
    const object& rule = entry.as_object();
    std::string inner =
        element("ApplyServerSideEncryptionByDefault",
                members(object_at(rule, "ServerSideEncryptionByDefault"), "BucketEncryption",
                        {{"SSEAlgorithm", "SSEAlgorithm"}, {"KMSMasterKeyID", "KMSMasterKeyID"}}));
    if (rule.contains("BucketKeyEnabled"))
      inner += element("BucketKeyEnabled", truth_at(rule, "BucketKeyEnabled", false) ? "true" : "false");
    rules += element("Rule", inner);
  }
  return root("ServerSideEncryptionConfiguration", rules);
}

std::string cors(const object& p) {
  std::string rules;
  for (const auto& rule : list_at(object_at(p, "CorsConfiguration"), "CorsRules"))
    rules += element("CORSRule", members(rule.as_object(), "CorsConfiguration/CorsRules",
                                         {{"Id", "ID"},
                                          {"AllowedHeaders", "AllowedHeader"},
                                          {"AllowedMethods", "AllowedMethod"},
                                          {"AllowedOrigins", "AllowedOrigin"},
                                          {"ExposedHeaders", "ExposeHeader"},
                                          {"MaxAge", "MaxAgeSeconds"}}));
  return root("CORSConfiguration", rules);
}

std::string website(const object& p) {
  const object configuration = object_at(p, "WebsiteConfiguration");
  std::string xml;
  if (const std::string suffix = text_at(configuration, "IndexDocument"); !suffix.empty())
    xml += element("IndexDocument", element("Suffix", escaped(suffix)));
  if (const std::string key = text_at(configuration, "ErrorDocument"); !key.empty())
    xml += element("ErrorDocument", element("Key", escaped(key)));
  if (configuration.contains("RedirectAllRequestsTo"))
    xml += element("RedirectAllRequestsTo",
                   members(object_at(configuration, "RedirectAllRequestsTo"), "WebsiteConfiguration",
                           {{"HostName", "HostName"}, {"Protocol", "Protocol"}}));
  std::string rules;
  for (const auto& entry : list_at(configuration, "RoutingRules")) {
    const object& rule = entry.as_object();
    std::string inner;
    if (rule.contains("RoutingRuleCondition"))
      inner += element("Condition", members(object_at(rule, "RoutingRuleCondition"), "WebsiteConfiguration",
                                            {{"HttpErrorCodeReturnedEquals", "HttpErrorCodeReturnedEquals"},
                                             {"KeyPrefixEquals", "KeyPrefixEquals"}}));
    inner += element("Redirect", members(object_at(rule, "RedirectRule"), "WebsiteConfiguration",
                                         {{"Protocol", "Protocol"},
                                          {"HostName", "HostName"},
                                          {"ReplaceKeyPrefixWith", "ReplaceKeyPrefixWith"},
                                          {"ReplaceKeyWith", "ReplaceKeyWith"},
                                          {"HttpRedirectCode", "HttpRedirectCode"}}));
    rules += element("RoutingRule", inner);
  }
  if (!rules.empty()) xml += element("RoutingRules", rules);
  return root("WebsiteConfiguration", xml);
}

// The conditions of a rule: one stands alone, several stand in <And>.
std::string filter_of(const object& rule) {
  std::vector<std::string> conditions;
  const std::string prefix = text_at(rule, "Prefix");
  if (!prefix.empty()) conditions.push_back(element("Prefix", escaped(prefix)));
  for (const auto& tag : list_at(rule, "TagFilters"))
    conditions.push_back(element(
        "Tag", members(tag.as_object(), "LifecycleConfiguration", {{"Key", "Key"}, {"Value", "Value"}})));
  for (const char* size : {"ObjectSizeGreaterThan", "ObjectSizeLessThan"})
    if (rule.contains(size)) conditions.push_back(element(size, text_at(rule, size)));
  if (conditions.empty()) return element("Filter", element("Prefix", ""));
  std::string all;
  for (const std::string& condition : conditions) all += condition;
  return element("Filter", conditions.size() == 1 ? all : element("And", all));
}

std::string lifecycle_rule(const object& rule) {
  static const std::set<std::string_view> kKnown{"Id",
                                                 "Status",
                                                 "Prefix",
                                                 "TagFilters",
                                                 "ObjectSizeGreaterThan",
                                                 "ObjectSizeLessThan",
                                                 "ExpirationInDays",
                                                 "ExpirationDate",
                                                 "ExpiredObjectDeleteMarker",
                                                 "NoncurrentVersionExpiration",
                                                 "NoncurrentVersionExpirationInDays",
                                                 "AbortIncompleteMultipartUpload",
                                                 "Transitions",
                                                 "NoncurrentVersionTransitions"};
  for (const auto& member : rule)
    if (!kKnown.contains(std::string_view(member.key().data(), member.key().size())))
      refuse("LifecycleConfiguration/Rules", {member.key().data(), member.key().size()});
  std::string xml;
  if (rule.contains("Id")) xml += element("ID", escaped(text_at(rule, "Id")));
  xml += filter_of(rule) + element("Status", escaped(text_at(rule, "Status")));
  std::string expiration;
  for (const auto& [property, name] :
       {std::pair{"ExpirationInDays", "Days"}, std::pair{"ExpirationDate", "Date"},
        std::pair{"ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"}})
    if (rule.contains(property)) expiration += element(name, text_at(rule, property));
  if (!expiration.empty()) xml += element("Expiration", expiration);
  if (rule.contains("NoncurrentVersionExpiration")) {
    xml += element("NoncurrentVersionExpiration",
                   members(object_at(rule, "NoncurrentVersionExpiration"), "LifecycleConfiguration/Rules",
                           {{"NoncurrentDays", "NoncurrentDays"},
                            {"NewerNoncurrentVersions", "NewerNoncurrentVersions"}}));
  } else if (rule.contains("NoncurrentVersionExpirationInDays")) {
    xml += element("NoncurrentVersionExpiration",
                   element("NoncurrentDays", text_at(rule, "NoncurrentVersionExpirationInDays")));
  }
  if (rule.contains("AbortIncompleteMultipartUpload"))
    xml += element("AbortIncompleteMultipartUpload",
                   members(object_at(rule, "AbortIncompleteMultipartUpload"), "LifecycleConfiguration/Rules",
                           {{"DaysAfterInitiation", "DaysAfterInitiation"}}));
  for (const auto& transition : list_at(rule, "Transitions"))
    xml += element("Transition", members(transition.as_object(), "LifecycleConfiguration/Rules",
                                         {{"TransitionInDays", "Days"},
                                          {"TransitionDate", "Date"},
                                          {"StorageClass", "StorageClass"}}));
  for (const auto& transition : list_at(rule, "NoncurrentVersionTransitions"))
    xml += element("NoncurrentVersionTransition",
                   members(transition.as_object(), "LifecycleConfiguration/Rules",
                           {{"TransitionInDays", "NoncurrentDays"},
                            {"NewerNoncurrentVersions", "NewerNoncurrentVersions"},
                            {"StorageClass", "StorageClass"}}));
  return element("Rule", xml);
}

std::string lifecycle(const object& p) {
  std::string rules;
  for (const auto& rule : list_at(object_at(p, "LifecycleConfiguration"), "Rules"))
    rules += lifecycle_rule(rule.as_object());
  return root("LifecycleConfiguration", rules);
}

// An empty LoggingConfiguration, and none, are an empty document: there is no DELETE for it.
std::string logging(const object& p) {
  const object configuration = object_at(p, "LoggingConfiguration");
  const std::string bucket = text_at(configuration, "DestinationBucketName");
  if (bucket.empty()) return root("BucketLoggingStatus", "");
  return root(
      "BucketLoggingStatus",
      element("LoggingEnabled",
              members(configuration, "LoggingConfiguration",
                      {{"DestinationBucketName", "TargetBucket"}, {"LogFilePrefix", "TargetPrefix"}}) +
                  (configuration.contains("LogFilePrefix") ? "" : element("TargetPrefix", ""))));
}

std::string object_lock(const object& p) {
  std::string xml = element("ObjectLockEnabled", "Enabled");
  const object configuration = object_at(p, "ObjectLockConfiguration");
  if (configuration.contains("Rule"))
    xml += element("Rule", element("DefaultRetention",
                                   members(object_at(object_at(configuration, "Rule"), "DefaultRetention"),
                                           "ObjectLockConfiguration",
                                           {{"Mode", "Mode"}, {"Days", "Days"}, {"Years", "Years"}})));
  return root("ObjectLockConfiguration", xml);
}

std::string tagging(const Work& w, const object& p) {
  std::string tags;
  for (const auto& tag : w.tags(p))
    tags += element("Tag", members(tag.as_object(), "Tags", {{"Key", "Key"}, {"Value", "Value"}}));
  return root("Tagging", element("TagSet", tags));
}

const std::initializer_list<Renamed> kBlocks{{"BlockPublicAcls", "BlockPublicAcls"},
                                             {"IgnorePublicAcls", "IgnorePublicAcls"},
                                             {"BlockPublicPolicy", "BlockPublicPolicy"},
                                             {"RestrictPublicBuckets", "RestrictPublicBuckets"}};

std::string public_access(const object& p) {
  object block = object_at(p, "PublicAccessBlockConfiguration");
  for (const Renamed& name : kBlocks)
    if (const json::string_view key(name.property.data(), name.property.size()); !block.contains(key))
      block[key] = false;
  return root("PublicAccessBlockConfiguration", members(block, "PublicAccessBlockConfiguration", kBlocks));
}

}  // namespace

std::vector<BucketPart> bucket_parts(const Work& w, const object& p) {
  std::vector<BucketPart> parts;
  // AWS blocks public access on every new bucket unless the template says otherwise; Landfall's S3 does so
  // itself.
  if (p.contains("PublicAccessBlockConfiguration")) parts.push_back({"publicAccessBlock", public_access(p)});
  const bool locked = truth_at(p, "ObjectLockEnabled", false);
  if (p.contains("VersioningConfiguration")) {
    parts.push_back({"versioning", root("VersioningConfiguration",
                                        members(object_at(p, "VersioningConfiguration"),
                                                "VersioningConfiguration", {{"Status", "Status"}}))});
  } else if (locked) {  // a bucket with Object Lock has versions
    parts.push_back({"versioning", root("VersioningConfiguration", element("Status", "Enabled"))});
  }
  if (locked) parts.push_back({"object-lock", object_lock(p)});
  if (const std::string rule = text_at_path(p, "OwnershipControls.Rules.0.ObjectOwnership"); !rule.empty())
    parts.push_back({"ownershipControls",
                     root("OwnershipControls", element("Rule", element("ObjectOwnership", escaped(rule))))});
  if (p.contains("BucketEncryption")) parts.push_back({"encryption", encryption(p)});
  if (p.contains("CorsConfiguration")) parts.push_back({"cors", cors(p)});
  if (p.contains("WebsiteConfiguration")) parts.push_back({"website", website(p)});
  if (p.contains("LifecycleConfiguration")) parts.push_back({"lifecycle", lifecycle(p)});
  if (p.contains("LoggingConfiguration")) parts.push_back({"logging", logging(p)});
  if (const std::string status = text_at_path(p, "AccelerateConfiguration.AccelerationStatus");
      !status.empty())
    parts.push_back({"accelerate", root("AccelerateConfiguration", element("Status", escaped(status)))});
  parts.push_back({"tagging", tagging(w, p)});
  return parts;
}

const char* removable_part(std::string_view property) {
  if (property == "BucketEncryption") return "encryption";
  if (property == "CorsConfiguration") return "cors";
  if (property == "WebsiteConfiguration") return "website";
  if (property == "LifecycleConfiguration") return "lifecycle";
  if (property == "OwnershipControls") return "ownershipControls";
  if (property == "PublicAccessBlockConfiguration") return "publicAccessBlock";
  return nullptr;
}

}  // namespace landfall::cloudformation
