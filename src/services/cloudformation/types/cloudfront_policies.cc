// AWS::CloudFront::*: policies, public keys, key groups, functions.
#include <boost/json.hpp>

#include "base/encoding.h"
#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

// The kinds that are a <Noun>Config in the template and Create-, Update-, Delete<Noun> in the API, with an
// ETag.
struct ConfigKind {
  std::string noun;  // "CachePolicy": Id and CachePolicyConfig
  std::set<std::string, std::less<>> fixed{};
  bool has_modified_time = true;
  std::string config() const { return noun + "Config"; }
};

object policy_config_of(const Work& w, const ConfigKind& kind, const object& p) {
  object config = object_at(p, kind.config());
  if (kind.noun == "PublicKey" && !config.contains("CallerReference"))
    config["CallerReference"] = w.generated_name(128);
  return config;
}

std::string etag_of(Work& w, const ConfigKind& kind, const std::string& id) {
  return text_at(w.invoke("cloudfront", "Get" + kind.noun, {{"Id", id}}), "ETag");
}

void fill(Work& w, const ConfigKind& kind, Model& m) {
  const object found = w.invoke("cloudfront", "Get" + kind.noun, {{"Id", m.physical_id}});
  m.attributes = {{"Id", m.physical_id}};
  if (kind.has_modified_time)
    m.attributes["LastModifiedTime"] = text_at_path(found, kind.noun + ".LastModifiedTime");
  if (kind.noun == "PublicKey") m.attributes["CreatedTime"] = text_at_path(found, "PublicKey.CreatedTime");
}

void add_config_kind(Registry& registry, const ConfigKind& kind) {
  registry["AWS::CloudFront::" + kind.noun] = type_of({
      .create =
          [kind](Work& w, const object& p) {
            const object made =
                w.invoke("cloudfront", "Create" + kind.noun, {{kind.config(), policy_config_of(w, kind, p)}});
            return Model{.physical_id = text_at_path(made, kind.noun + ".Id")};
          },
      .settled =
          [kind](Work& w, const object&, Model& m) {
            fill(w, kind, m);
            return true;
          },
      .remove =
          [kind](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] {
                  w.invoke("cloudfront", "Delete" + kind.noun,
                           {{"Id", m.physical_id}, {"IfMatch", etag_of(w, kind, m.physical_id)}});
                },
                {"NoSuchCachePolicy", "NoSuchOriginRequestPolicy", "NoSuchResponseHeadersPolicy",
                 "NoSuchPublicKey", "NoSuchResource"});
          },
      .fixed = kind.fixed,
      .updatable = {kind.config()},
      .required = {kind.config()},
      .update =
          [kind](Work& w, const object&, const object& p, Model& m) {
            object config = policy_config_of(w, kind, p);
            if (kind.noun == "PublicKey") {  // the reference is of the call that made it
              const object found = w.invoke("cloudfront", "GetPublicKeyConfig", {{"Id", m.physical_id}});
              config["CallerReference"] = text_at_path(found, "PublicKeyConfig.CallerReference");
            }
            w.invoke("cloudfront", "Update" + kind.noun,
                     {{"Id", m.physical_id},
                      {"IfMatch", etag_of(w, kind, m.physical_id)},
                      {kind.config(), config}});
          },
  });
}

object function_input(const object& p, const std::string& name) {
  return {{"Name", name},
          {"FunctionConfig", p.at("FunctionConfig")},
          {"FunctionCode", to_base64(text_at(p, "FunctionCode"))}};
}

void publish(Work& w, const object& p, const std::string& name) {
  if (!truth_at(p, "AutoPublish", false)) return;
  const object found = w.invoke("cloudfront", "DescribeFunction", {{"Name", name}, {"Stage", "DEVELOPMENT"}});
  w.invoke("cloudfront", "PublishFunction", {{"Name", name}, {"IfMatch", text_at(found, "ETag")}});
}

// Ref answers the ARN; the API knows a function by its name.
std::string name_of(const Model& m) { return m.physical_id.substr(m.physical_id.rfind('/') + 1); }

void add_function(Registry& registry) {
  registry["AWS::CloudFront::Function"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = function_input(p, text_at(p, "Name"));
            input["Tags"] = object{{"Items", w.tags(p)}};
            const object made = w.invoke("cloudfront", "CreateFunction", input);
            const std::string arn = text_at_path(made, "FunctionSummary.FunctionMetadata.FunctionARN");
            publish(w, p, text_at(p, "Name"));
            return Model{
                .physical_id = arn,
                .attributes = {{"FunctionARN", arn},
                               {"FunctionMetadata.FunctionARN", arn},
                               {"Stage", truth_at(p, "AutoPublish", false) ? "LIVE" : "DEVELOPMENT"}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] {
                  const object found = w.invoke("cloudfront", "DescribeFunction",
                                                {{"Name", name_of(m)}, {"Stage", "DEVELOPMENT"}});
                  w.invoke("cloudfront", "DeleteFunction",
                           {{"Name", name_of(m)}, {"IfMatch", text_at(found, "ETag")}});
                },
                {"NoSuchFunctionExists"});
          },
      .fixed = {"Name"},
      .updatable = {"FunctionCode", "FunctionConfig", "AutoPublish", "Tags"},
      .required = {"Name", "FunctionCode", "FunctionConfig"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            const object found =
                w.invoke("cloudfront", "DescribeFunction", {{"Name", name_of(m)}, {"Stage", "DEVELOPMENT"}});
            object input = function_input(p, name_of(m));
            input["IfMatch"] = text_at(found, "ETag");
            w.invoke("cloudfront", "UpdateFunction", input);
            publish(w, p, name_of(m));
            m.attributes["Stage"] = truth_at(p, "AutoPublish", false) ? "LIVE" : "DEVELOPMENT";
            if (!w.tags_differ(before, p)) return;
            if (const json::array gone = w.tags_gone(before, p); !gone.empty())
              w.invoke("cloudfront", "UntagResource",
                       {{"Resource", m.physical_id}, {"TagKeys", object{{"Items", gone}}}});
            w.invoke("cloudfront", "TagResource",
                     {{"Resource", m.physical_id}, {"Tags", object{{"Items", w.tags(p)}}}});
          },
  });
}

}  // namespace

void add_cloudfront_policies(Registry& registry) {
  add_config_kind(registry, {.noun = "CachePolicy"});
  add_config_kind(registry, {.noun = "OriginRequestPolicy"});
  add_config_kind(registry, {.noun = "ResponseHeadersPolicy"});
  add_config_kind(registry, {.noun = "PublicKey",
                             .fixed = {"PublicKeyConfig.Name", "PublicKeyConfig.EncodedKey",
                                       "PublicKeyConfig.CallerReference"},
                             .has_modified_time = false});
  add_config_kind(registry, {.noun = "KeyGroup"});
  add_function(registry);
}

}  // namespace landfall::cloudformation
