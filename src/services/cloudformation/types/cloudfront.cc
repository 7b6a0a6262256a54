// AWS::CloudFront::*. The templates' lists are plain arrays; the API wants {Quantity, Items}, and names some
// things otherwise.
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

void rename(object& p, const char* from, const char* to) {
  if (!p.contains(from)) return;
  json::value value = p.at(from);
  p.erase(from);
  p[to] = std::move(value);
}

// The API takes the plain lists of a template too (invoke.cc counts them).
object behaviour_of(object p) {
  if (p.contains("AllowedMethods") || p.contains("CachedMethods")) {
    const json::array both{"GET", "HEAD"};
    object methods;
    methods["Items"] = p.contains("AllowedMethods") ? p.at("AllowedMethods") : both;
    methods["CachedMethods"] = p.contains("CachedMethods") ? p.at("CachedMethods") : both;
    p["AllowedMethods"] = methods;
    p.erase("CachedMethods");
  }
  if (!p.contains("Compress")) p["Compress"] = false;
  if (auto* forwarded = p.if_contains("ForwardedValues"); forwarded != nullptr && forwarded->is_object()) {
    object& f = forwarded->as_object();
    if (!f.contains("Cookies")) f["Cookies"] = object{{"Forward", "none"}};
  }
  return p;
}

object origin_of(object p) {
  if (!p.contains("OriginPath")) p["OriginPath"] = "";
  rename(p, "OriginCustomHeaders", "CustomHeaders");
  if (auto* custom = p.if_contains("CustomOriginConfig"); custom != nullptr && custom->is_object()) {
    object& config = custom->as_object();
    if (!config.contains("HTTPPort")) config["HTTPPort"] = 80;
    if (!config.contains("HTTPSPort")) config["HTTPSPort"] = 443;
    rename(config, "OriginSSLProtocols", "OriginSslProtocols");
  }
  if (auto* s3 = p.if_contains("S3OriginConfig"); s3 != nullptr && s3->is_object())
    if (!s3->as_object().contains("OriginAccessIdentity")) s3->as_object()["OriginAccessIdentity"] = "";
  return p;
}

json::array mapped(const object& p, const char* name, object (*map)(object)) {
  json::array list;
  for (const auto& item : list_at(p, name)) list.push_back(map(item.as_object()));
  return list;
}

object config_of(Work& w, const object& properties, const std::string& caller_reference) {
  object p = object_at(properties, "DistributionConfig");
  p["CallerReference"] = caller_reference.empty() ? w.generated_name(128) : caller_reference;
  if (!p.contains("Comment")) p["Comment"] = "";
  rename(p, "IPV6Enabled", "IsIPV6Enabled");
  p["Origins"] = mapped(p, "Origins", origin_of);
  p["CacheBehaviors"] = mapped(p, "CacheBehaviors", behaviour_of);
  p["DefaultCacheBehavior"] = behaviour_of(object_at(p, "DefaultCacheBehavior"));
  if (auto* certificate = p.if_contains("ViewerCertificate");
      certificate != nullptr && certificate->is_object()) {
    object& c = certificate->as_object();
    rename(c, "AcmCertificateArn", "ACMCertificateArn");
    rename(c, "IamCertificateId", "IAMCertificateId");
    rename(c, "SslSupportMethod", "SSLSupportMethod");
    if (!c.contains("CloudFrontDefaultCertificate")) c["CloudFrontDefaultCertificate"] = false;
  }
  if (auto* logging = p.if_contains("Logging"); logging != nullptr && logging->is_object()) {
    object& l = logging->as_object();
    l["Enabled"] = true;
    if (!l.contains("IncludeCookies")) l["IncludeCookies"] = false;
    if (!l.contains("Prefix")) l["Prefix"] = "";
  }
  if (auto* restrictions = p.if_contains("Restrictions");
      restrictions != nullptr && restrictions->is_object())
    if (auto* geo = restrictions->as_object().if_contains("GeoRestriction");
        geo != nullptr && geo->is_object())
      rename(geo->as_object(), "Locations", "Items");
  return p;
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

}  // namespace

void add_cloudfront_types(Registry& registry) {
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
      .required = {"OriginAccessControlConfig"},
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
      .updatable = {"DistributionConfig", "Tags"},
      .required = {"DistributionConfig"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            const object found = w.invoke("cloudfront", "GetDistributionConfig", {{"Id", m.physical_id}});
            w.invoke("cloudfront", "UpdateDistribution",
                     {{"Id", m.physical_id},
                      {"IfMatch", text_at(found, "ETag")},
                      {"DistributionConfig",
                       config_of(w, p, text_at_path(found, "DistributionConfig.CallerReference"))}});
            if (!w.tags_differ(before, p)) return;
            const std::string arn = w.call.global_arn("cloudfront", "distribution/" + m.physical_id);
            if (const json::array gone = w.tags_gone(before, p); !gone.empty())
              w.invoke("cloudfront", "UntagResource",
                       {{"Resource", arn}, {"TagKeys", object{{"Items", gone}}}});
            w.invoke("cloudfront", "TagResource",
                     {{"Resource", arn}, {"Tags", object{{"Items", w.tags(p)}}}});
          },
  });
  add_cloudfront_policies(registry);
}

}  // namespace landfall::cloudformation
