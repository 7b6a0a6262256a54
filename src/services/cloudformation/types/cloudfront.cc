// AWS::CloudFront::*. The templates' lists are plain arrays; the API wants {Quantity, Items}, and names some
// things otherwise.
#include <boost/json.hpp>

#include "base/encoding.h"
#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

object counted(const json::value* items) {
  const json::array list = items != nullptr && items->is_array() ? items->as_array() : json::array();
  object out{{"Quantity", static_cast<int64_t>(list.size())}};
  if (!list.empty()) out["Items"] = list;
  return out;
}

object methods_of(const object& behaviour) {
  object allowed = counted(behaviour.if_contains("AllowedMethods"));
  if (allowed["Quantity"] == 0) allowed = {{"Quantity", 2}, {"Items", {"GET", "HEAD"}}};
  object cached = counted(behaviour.if_contains("CachedMethods"));
  if (cached["Quantity"] == 0) cached = {{"Quantity", 2}, {"Items", {"GET", "HEAD"}}};
  allowed["CachedMethods"] = std::move(cached);
  return allowed;
}

object behaviour_of(const object& p) {
  object out =
      pick(p, {"PathPattern", "TargetOriginId", "ViewerProtocolPolicy", "CachePolicyId",
               "OriginRequestPolicyId", "ResponseHeadersPolicyId", "MinTTL", "MaxTTL", "DefaultTTL"});
  out["Compress"] = truth_at(p, "Compress", false);
  out["AllowedMethods"] = methods_of(p);
  if (const auto* forwarded = p.if_contains("ForwardedValues");
      forwarded != nullptr && forwarded->is_object()) {
    const object& f = forwarded->as_object();
    const std::string cookies = text_at_path(f, "Cookies.Forward");
    out["ForwardedValues"] = object{{"QueryString", truth_at(f, "QueryString", false)},
                                    {"Cookies", object{{"Forward", cookies.empty() ? "none" : cookies}}},
                                    {"Headers", counted(f.if_contains("Headers"))}};
  }
  if (const auto* groups = p.if_contains("TrustedKeyGroups")) {
    object trusted = counted(groups);
    trusted["Enabled"] = trusted["Quantity"] != 0;
    out["TrustedKeyGroups"] = std::move(trusted);
  }
  if (const auto* signers = p.if_contains("TrustedSigners")) {
    object trusted = counted(signers);
    trusted["Enabled"] = trusted["Quantity"] != 0;
    out["TrustedSigners"] = std::move(trusted);
  }
  // What these do cannot be left out in silence: they may be what keeps strangers away.
  for (const char* associations : {"FunctionAssociations", "LambdaFunctionAssociations"})
    if (const auto* list = p.if_contains(associations)) out[associations] = counted(list);
  return out;
}

object origin_of(const object& p) {
  object out = pick(p, {"Id", "DomainName", "OriginPath", "OriginAccessControlId", "S3OriginConfig",
                        "ConnectionAttempts", "ConnectionTimeout"});
  if (!out.contains("OriginPath")) out["OriginPath"] = "";
  object headers = counted(p.if_contains("OriginCustomHeaders"));
  out["CustomHeaders"] = std::move(headers);
  if (const auto* custom = p.if_contains("CustomOriginConfig"); custom != nullptr && custom->is_object()) {
    object config = pick(custom->as_object(), {"HTTPPort", "HTTPSPort", "OriginProtocolPolicy",
                                               "OriginReadTimeout", "OriginKeepaliveTimeout"});
    if (!config.contains("HTTPPort")) config["HTTPPort"] = 80;
    if (!config.contains("HTTPSPort")) config["HTTPSPort"] = 443;
    if (const auto* protocols = custom->as_object().if_contains("OriginSSLProtocols"))
      config["OriginSslProtocols"] = counted(protocols);
    out["CustomOriginConfig"] = std::move(config);
  }
  return out;
}

json::array mapped(const object& p, const char* name, object (*map)(const object&)) {
  json::array list;
  if (const auto* items = p.if_contains(name); items != nullptr && items->is_array())
    for (const auto& item : items->as_array()) list.push_back(map(item.as_object()));
  return list;
}

object config_of(Work& w, const object& properties, const std::string& caller_reference) {
  const object& p = properties.at("DistributionConfig").as_object();
  object out = pick(p, {"DefaultRootObject", "PriceClass", "HttpVersion", "WebACLId", "OriginGroups"});
  out["CallerReference"] = caller_reference.empty() ? w.generated_name(128) : caller_reference;
  out["Comment"] = text_at(p, "Comment");
  out["Enabled"] = truth_at(p, "Enabled", true);
  out["IsIPV6Enabled"] = truth_at(p, "IPV6Enabled", false);
  out["Aliases"] = counted(p.if_contains("Aliases"));
  const json::value origins = mapped(p, "Origins", origin_of),
                    behaviours = mapped(p, "CacheBehaviors", behaviour_of);
  out["Origins"] = counted(&origins);
  out["CacheBehaviors"] = counted(&behaviours);
  out["DefaultCacheBehavior"] = behaviour_of(p.at("DefaultCacheBehavior").as_object());
  out["CustomErrorResponses"] = counted(p.if_contains("CustomErrorResponses"));
  if (const auto* geo = value_at(p, "Restrictions.GeoRestriction"); geo != nullptr && geo->is_object()) {
    object restriction = counted(geo->as_object().if_contains("Locations"));
    restriction["RestrictionType"] = text_at(geo->as_object(), "RestrictionType");
    out["Restrictions"] = object{{"GeoRestriction", std::move(restriction)}};
  }
  if (const auto* certificate = p.if_contains("ViewerCertificate");
      certificate != nullptr && certificate->is_object()) {
    const object& c = certificate->as_object();
    object viewer = pick(c, {"MinimumProtocolVersion"});
    if (const auto arn = text_at(c, "AcmCertificateArn"); !arn.empty()) viewer["ACMCertificateArn"] = arn;
    if (const auto id = text_at(c, "IamCertificateId"); !id.empty()) viewer["IAMCertificateId"] = id;
    if (const auto method = text_at(c, "SslSupportMethod"); !method.empty())
      viewer["SSLSupportMethod"] = method;
    viewer["CloudFrontDefaultCertificate"] = truth_at(c, "CloudFrontDefaultCertificate", false);
    out["ViewerCertificate"] = std::move(viewer);
  }
  return out;
}

bool settle_distribution(Work& w, const object&, Model& m) {
  const object found = w.invoke("cloudfront", "GetDistribution", {{"Id", m.physical_id}});
  m.attributes = {{"Id", m.physical_id}, {"DomainName", text_at_path(found, "Distribution.DomainName")}};
  return text_at_path(found, "Distribution.Status") == "Deployed";
}

bool remove_distribution(Work& w, const object&, const Model& m) {
  try {
    const object found = w.invoke("cloudfront", "GetDistributionConfig", {{"Id", m.physical_id}});
    object config = found.at("DistributionConfig").as_object();
    if (config.at("Enabled").as_bool()) {  // it must be disabled, and that deployed, before it can go
      config["Enabled"] = false;
      w.invoke("cloudfront", "UpdateDistribution",
               {{"Id", m.physical_id}, {"IfMatch", text_at(found, "ETag")}, {"DistributionConfig", config}});
      return false;
    }
    const object now = w.invoke("cloudfront", "GetDistribution", {{"Id", m.physical_id}});
    if (text_at_path(now, "Distribution.Status") != "Deployed") return false;
    w.invoke("cloudfront", "DeleteDistribution", {{"Id", m.physical_id}, {"IfMatch", text_at(now, "ETag")}});
  } catch (const ServiceError& error) {
    if (error.code() != "NoSuchDistribution") throw;
  }
  return true;
}

// A resource of one configuration, whose operations are called by its name: Create<name>(<name>Config), ...
enum class Lists { as_they_are, counted };
struct ConfiguredKind {
  const char* name;          // "KeyGroup"
  const char* missing_code;  // what Get<name> answers when it is gone
  Lists lists;               // of its configuration, in the API
};

// Each list as {Quantity, Items}; those that have Items already get their Quantity.
json::value with_counted_lists(const json::value& from) {
  if (from.is_array()) return counted(&from);
  if (!from.is_object()) return from;
  object out;
  for (const auto& [name, value] : from.as_object()) {
    if (name == "Items" && value.is_array()) {
      out["Quantity"] = static_cast<int64_t>(value.as_array().size());
      out["Items"] = value;
    } else {
      out[name] = with_counted_lists(value);
    }
  }
  return out;
}

std::unique_ptr<ResourceType> configured_type(ConfiguredKind kind) {
  const std::string name = kind.name, config = name + "Config", missing = kind.missing_code;
  const auto input_of = [config, lists = kind.lists](const object& p) {
    return lists == Lists::counted ? with_counted_lists(p.at(config)) : p.at(config);
  };
  return type_of({
      .create =
          [name, config, input_of](Work& w, const object& p) {
            const object input{{config, input_of(p)}};
            const std::string id = text_at_path(w.invoke("cloudfront", "Create" + name, input), name + ".Id");
            return Model{.physical_id = id, .attributes = {{"Id", id}}};
          },
      .remove =
          [name, missing](Work& w, const object&, const Model& m) {
            try {
              const object found = w.invoke("cloudfront", "Get" + name, {{"Id", m.physical_id}});
              w.invoke("cloudfront", "Delete" + name,
                       {{"Id", m.physical_id}, {"IfMatch", text_at(found, "ETag")}});
            } catch (const ServiceError& error) {
              if (error.code() != missing) throw;
            }
            return true;
          },
      .updatable = {config},
      .update =
          [name, config, input_of](Work& w, const object&, const object& p, Model& m) {
            const object found = w.invoke("cloudfront", "Get" + name, {{"Id", m.physical_id}});
            w.invoke("cloudfront", "Update" + name,
                     {{"Id", m.physical_id}, {"IfMatch", text_at(found, "ETag")}, {config, input_of(p)}});
          },
  });
}

std::string function_name(const std::string& arn) { return arn.substr(arn.rfind('/') + 1); }

void publish_function(Work& w, const object& p, const std::string& name, const std::string& etag) {
  if (truth_at(p, "AutoPublish", false))
    w.invoke("cloudfront", "PublishFunction", {{"Name", name}, {"IfMatch", etag}});
}

Model create_function(Work& w, const object& p) {
  object input = pick(p, {"Name", "FunctionConfig"});
  input["FunctionCode"] = to_base64(text_at(p, "FunctionCode"));  // a blob
  const object made = w.invoke("cloudfront", "CreateFunction", input);
  const std::string arn = text_at_path(made, "FunctionSummary.FunctionMetadata.FunctionARN");
  publish_function(w, p, text_at(p, "Name"), text_at(made, "ETag"));
  return {.physical_id = arn, .attributes = {{"FunctionARN", arn}, {"FunctionMetadata.FunctionARN", arn}}};
}

bool remove_function(Work& w, const object&, const Model& m) {
  try {
    const std::string name = function_name(m.physical_id);
    const object found = w.invoke("cloudfront", "DescribeFunction", {{"Name", name}});
    w.invoke("cloudfront", "DeleteFunction", {{"Name", name}, {"IfMatch", text_at(found, "ETag")}});
  } catch (const ServiceError& error) {
    if (error.code() != "NoSuchFunctionExists") throw;
  }
  return true;
}

void update_function(Work& w, const object&, const object& p, Model& m) {
  object input = pick(p, {"FunctionConfig"});
  input["FunctionCode"] = to_base64(text_at(p, "FunctionCode"));
  input["Name"] = function_name(m.physical_id);
  input["IfMatch"] = text_at(w.invoke("cloudfront", "DescribeFunction", {{"Name", input["Name"]}}), "ETag");
  const object changed = w.invoke("cloudfront", "UpdateFunction", input);
  publish_function(w, p, function_name(m.physical_id), text_at(changed, "ETag"));
}

}  // namespace

void add_cloudfront_types(Registry& registry) {
  registry["AWS::CloudFront::PublicKey"] =
      configured_type({"PublicKey", "NoSuchPublicKey", Lists::as_they_are});
  registry["AWS::CloudFront::KeyGroup"] = configured_type({"KeyGroup", "NoSuchResource", Lists::as_they_are});
  registry["AWS::CloudFront::CachePolicy"] =
      configured_type({"CachePolicy", "NoSuchCachePolicy", Lists::counted});
  registry["AWS::CloudFront::OriginRequestPolicy"] =
      configured_type({"OriginRequestPolicy", "NoSuchOriginRequestPolicy", Lists::counted});
  registry["AWS::CloudFront::ResponseHeadersPolicy"] =
      configured_type({"ResponseHeadersPolicy", "NoSuchResponseHeadersPolicy", Lists::counted});
  registry["AWS::CloudFront::Function"] = type_of({
      .create = create_function,
      .remove = remove_function,
      .updatable = {"FunctionConfig", "FunctionCode", "AutoPublish"},
      .update = update_function,
  });
  registry["AWS::CloudFront::OriginAccessControl"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made =
                w.invoke("cloudfront", "CreateOriginAccessControl", pick(p, {"OriginAccessControlConfig"}));
            const std::string id = text_at_path(made, "OriginAccessControl.Id");
            return Model{.physical_id = id, .attributes = {{"Id", id}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            try {
              const object found = w.invoke("cloudfront", "GetOriginAccessControl", {{"Id", m.physical_id}});
              w.invoke("cloudfront", "DeleteOriginAccessControl",
                       {{"Id", m.physical_id}, {"IfMatch", text_at(found, "ETag")}});
            } catch (const ServiceError& error) {
              if (error.code() != "NoSuchOriginAccessControl") throw;
            }
            return true;
          },
      .updatable = {"OriginAccessControlConfig"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            const object found = w.invoke("cloudfront", "GetOriginAccessControl", {{"Id", m.physical_id}});
            object input = pick(p, {"OriginAccessControlConfig"});
            input["Id"] = m.physical_id;
            input["IfMatch"] = text_at(found, "ETag");
            w.invoke("cloudfront", "UpdateOriginAccessControl", input);
          },
  });
  registry["AWS::CloudFront::Distribution"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made =
                w.invoke("cloudfront", "CreateDistributionWithTags",
                         {{"DistributionConfigWithTags", object{{"DistributionConfig", config_of(w, p, "")},
                                                                {"Tags", object{{"Items", w.tags(p)}}}}}});
            return Model{.physical_id = text_at_path(made, "Distribution.Id")};
          },
      .settled = settle_distribution,
      .remove = remove_distribution,
      .updatable = {"DistributionConfig"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            const object found = w.invoke("cloudfront", "GetDistributionConfig", {{"Id", m.physical_id}});
            w.invoke("cloudfront", "UpdateDistribution",
                     {{"Id", m.physical_id},
                      {"IfMatch", text_at(found, "ETag")},
                      {"DistributionConfig",
                       config_of(w, p, text_at_path(found, "DistributionConfig.CallerReference"))}});
          },
  });
}

}  // namespace landfall::cloudformation
