#include "services/cloudformation/values.h"

#include <boost/json.hpp>
#include <set>

#include "gateway/vault.h"
#include "services/cloudformation/invoke.h"
#include "services/cloudformation/resource_type.h"
#include "services/cloudformation/template/dynamic_references.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;
using Kind = DynamicReference::Kind;

[[noreturn]] void refuse_value(const std::string& why) { throw ServiceError("ValidationError", 400, why); }

// Where a secure string may stand, of the types that Landfall has.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html
bool may_be_secure(const std::string& type, const std::string& path) {
  static const std::set<std::string> kPlaces{"AWS::RDS::DBInstance/MasterUserPassword",
                                             "AWS::ElastiCache::ReplicationGroup/AuthToken",
                                             "AWS::IAM::User/LoginProfile/Password"};
  return kPlaces.contains(type + path);
}

object stored_parameter(Call& call, const StackCaller& caller, const std::string& name, bool decrypt) {
  const object found =
      invoke(call, caller, "ssm", "GetParameters", {{"Names", {name}}, {"WithDecryption", decrypt}});
  const json::array parameters = list_at(found, "Parameters");
  return parameters.empty() ? object() : parameters[0].as_object();
}

std::string parameter_value(Call& call, const StackCaller& caller, const DynamicReference& reference) {
  const bool secure = reference.kind == Kind::ssm_secure;
  const std::string name = reference.name + (reference.version.empty() ? "" : ":" + reference.version);
  const object parameter = stored_parameter(call, caller, name, secure);
  if (parameter.empty())
    refuse_value("Parameters: [" + std::string(secure ? "ssm-secure:" : "ssm:") + name +
                 "] cannot be found.");
  const bool is_secure = text_at(parameter, "Type") == "SecureString";
  if (is_secure && !secure)
    refuse_value("Non-secure ssm prefix was used for secure parameter: " + reference.name);
  if (!is_secure && secure)
    refuse_value("Secure ssm prefix was used for non-secure parameter: " + reference.name);
  return text_at(parameter, "Value");
}

std::string secret_value(Call& call, const StackCaller& caller, const DynamicReference& reference) {
  object input{{"SecretId", reference.name}};
  if (!reference.version.empty()) input["VersionId"] = reference.version;
  if (!reference.stage.empty()) input["VersionStage"] = reference.stage;
  const object found = invoke(call, caller, "secretsmanager", "GetSecretValue", input);
  if (!found.contains("SecretString")) refuse_value("The secret " + reference.name + " has no SecretString");
  const std::string text = text_at(found, "SecretString");
  if (reference.json_key.empty()) return text;
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) refuse_value("Could not parse SecretString JSON");
  if (!value.as_object().contains(reference.json_key))
    refuse_value("Could not find a value associated with JSONKey in SecretString");
  return text_at(value.as_object(), reference.json_key);
}

Vault vault_of(const ControlPlane& plane) {
  auto vault = Vault::open(plane.config.data_dir + "/cloudformation.key");
  if (!vault)
    throw ServiceError("InternalFailure", 500,
                       "the key of CloudFormation cannot be read: " + vault.error().message);
  return std::move(*vault);
}

}  // namespace

json::value resolved(Call& call, const StackCaller& caller, const std::string& type,
                     const json::value& properties) {
  return resolve_references(properties, [&](const DynamicReference& reference, const std::string& path) {
    if (reference.kind == Kind::secretsmanager) return secret_value(call, caller, reference);
    if (reference.kind == Kind::ssm_secure && !may_be_secure(type, path))
      refuse_value("SSM Secure reference is not supported in: [" + type + "/Properties" + path + "]");
    return parameter_value(call, caller, reference);
  });
}

std::map<std::string, std::string> parameter_store_values(Call& call, const StackCaller& caller,
                                                          const Template& body,
                                                          const std::map<std::string, std::string>& given) {
  std::map<std::string, std::string> values;
  std::string missing;
  for (const auto& [name, declared] : body.parameters) {
    if (!declared.type.starts_with(kParameterStoreType)) continue;
    const auto it = given.find(name);
    const std::string key = it != given.end() ? it->second : declared.default_value.value_or("");
    const object parameter = stored_parameter(call, caller, key, false);
    if (parameter.empty()) {
      missing += (missing.empty() ? "" : ", ") + key;
    } else if (text_at(parameter, "Type") == "SecureString") {
      refuse_value("Parameters [" + key +
                   "] referenced by template have types not supported by CloudFormation.");
    } else {
      values[name] = text_at(parameter, "Value");
    }
  }
  if (!missing.empty())
    refuse_value("Unable to fetch parameters [" + missing + "] from parameter store for this account.");
  return values;
}

std::string seal_properties(Call& call, const std::string& context, const object& properties) {
  return vault_of(call.plane).seal(context, Secret(json::serialize(properties)), call.random());
}

object unseal_properties(const ControlPlane& plane, const std::string& context, const std::string& sealed) {
  const auto text = vault_of(plane).unseal(context, sealed);
  if (!text)
    throw ServiceError("InternalFailure", 500,
                       "The properties of " + context + " cannot be opened: " + text.error().message);
  return json::parse(text->reveal()).as_object();
}

}  // namespace landfall::cloudformation
