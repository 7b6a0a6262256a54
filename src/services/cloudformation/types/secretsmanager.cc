// AWS::SecretsManager::*
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {

namespace json = boost::json;
using json::object;

namespace {

// The value: SecretString as it is, or made from GenerateSecretString.
std::optional<std::string> value_of(Work& w, const object& p) {
  if (p.contains("SecretString") && p.contains("GenerateSecretString"))
    throw ServiceError("InvalidRequest", 400,
                       "You can't specify both SecretString and GenerateSecretString.");
  if (p.contains("SecretString")) return text_at(p, "SecretString");
  const auto* generate = p.if_contains("GenerateSecretString");
  if (generate == nullptr || !generate->is_object()) return std::nullopt;
  object input = generate->as_object();
  const std::string key = text_at(input, "GenerateStringKey"), form = text_at(input, "SecretStringTemplate");
  input.erase("GenerateStringKey");
  input.erase("SecretStringTemplate");
  if (key.empty() != form.empty())
    throw ServiceError("InvalidRequest", 400,
                       "You must specify both SecretStringTemplate and GenerateStringKey, or neither.");
  const std::string password =
      text_at(w.invoke("secretsmanager", "GetRandomPassword", input), "RandomPassword");
  if (key.empty()) return password;
  boost::system::error_code error;
  json::value whole = json::parse(form, error);
  if (error || !whole.is_object())
    throw ServiceError("InvalidRequest", 400, "The SecretStringTemplate must be a valid JSON object.");
  whole.as_object()[key] = password;
  return json::serialize(whole);
}

void update_secret(Work& w, const object& before, const object& p, Model& m) {
  object input = pick(p, {"KmsKeyId"});
  input["SecretId"] = m.physical_id;
  input["Description"] = text_at(p, "Description");
  const auto changed = [&](const char* name) {
    const auto *was = before.if_contains(name), *is = p.if_contains(name);
    return was == nullptr ? is != nullptr : is == nullptr || *was != *is;
  };
  // Only a changed generator makes another password.
  if (changed("SecretString") || changed("GenerateSecretString"))
    if (const auto value = value_of(w, p)) input["SecretString"] = *value;
  w.invoke("secretsmanager", "UpdateSecret", input);
  if (!w.tags_differ(before, p)) return;
  if (const json::array gone = w.tags_gone(before, p); !gone.empty())
    w.invoke("secretsmanager", "UntagResource", {{"SecretId", m.physical_id}, {"TagKeys", gone}});
  w.invoke("secretsmanager", "TagResource", {{"SecretId", m.physical_id}, {"Tags", w.tags(p)}});
}

void add_secret(Registry& registry) {
  registry["AWS::SecretsManager::Secret"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"Description", "KmsKeyId"});
            input["Name"] = p.contains("Name") ? text_at(p, "Name") : w.generated_name(500);
            if (const auto value = value_of(w, p)) input["SecretString"] = *value;
            input["Tags"] = w.tags(p);
            const std::string arn = text_at(w.invoke("secretsmanager", "CreateSecret", input), "ARN");
            return Model{.physical_id = arn, .attributes = {{"Id", arn}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] {
                  w.invoke("secretsmanager", "DeleteSecret",
                           {{"SecretId", m.physical_id}, {"ForceDeleteWithoutRecovery", true}});
                },
                {"ResourceNotFoundException"});
          },
      .fixed = {"Name"},
      .updatable = {"Description", "KmsKeyId", "SecretString", "GenerateSecretString", "Tags"},
      .update = update_secret,
  });
}

void put_resource_policy(Work& w, const object& p) {
  const json::value& policy = p.at("ResourcePolicy");
  object input = pick(p, {"SecretId", "BlockPublicPolicy"});
  input["ResourcePolicy"] = policy.is_string() ? std::string(policy.as_string()) : json::serialize(policy);
  w.invoke("secretsmanager", "PutResourcePolicy", input);
}

void add_resource_policy(Registry& registry) {
  registry["AWS::SecretsManager::ResourcePolicy"] = type_of({
      .create =
          [](Work& w, const object& p) {
            put_resource_policy(w, p);
            return Model{.physical_id = text_at(p, "SecretId"),
                         .attributes = {{"Id", text_at(p, "SecretId")}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("secretsmanager", "DeleteResourcePolicy", {{"SecretId", m.physical_id}}); },
                {"ResourceNotFoundException"});
          },
      .fixed = {"SecretId"},
      .updatable = {"ResourcePolicy", "BlockPublicPolicy"},
      .required = {"SecretId", "ResourcePolicy"},
      .update = [](Work& w, const object&, const object& p, Model&) { put_resource_policy(w, p); },
  });
}

// What a client needs to connect is added to the secret: the keys that AWS adds for a database.
constexpr const char* kConnectionKeys[] = {"engine", "host", "port", "dbname", "dbInstanceIdentifier"};

object secret_of(Work& w, const std::string& id) {
  const object found = w.invoke("secretsmanager", "GetSecretValue", {{"SecretId", id}});
  boost::system::error_code error;
  const json::value value = json::parse(text_at(found, "SecretString"), error);
  if (error || !value.is_object())
    throw ServiceError("InvalidRequest", 400,
                       "The secret " + id + " is not a JSON object: it cannot be attached");
  return value.as_object();
}

void attach(Work& w, const object& p) {
  const std::string target = text_at(p, "TargetId"), type = text_at(p, "TargetType");
  if (type != "AWS::RDS::DBInstance")
    throw ServiceError("InvalidRequest", 400,
                       "Landfall attaches secrets to AWS::RDS::DBInstance, not to " + type);
  const object found = w.invoke("rds", "DescribeDBInstances", {{"DBInstanceIdentifier", target}});
  const object& instance = value_at(found, "DBInstances.0")->as_object();
  object secret = secret_of(w, text_at(p, "SecretId"));
  secret["engine"] = text_at(instance, "Engine");
  secret["host"] = text_at_path(instance, "Endpoint.Address");
  secret["port"] = std::atoll(text_at_path(instance, "Endpoint.Port").c_str());
  if (const std::string name = text_at(instance, "DBName"); !name.empty()) secret["dbname"] = name;
  secret["dbInstanceIdentifier"] = text_at(instance, "DBInstanceIdentifier");
  w.invoke("secretsmanager", "PutSecretValue",
           {{"SecretId", text_at(p, "SecretId")}, {"SecretString", json::serialize(secret)}});
}

void detach(Work& w, const object& p) {
  gone_after(
      [&] {
        object secret = secret_of(w, text_at(p, "SecretId"));
        for (const char* key : kConnectionKeys) secret.erase(key);
        w.invoke("secretsmanager", "PutSecretValue",
                 {{"SecretId", text_at(p, "SecretId")}, {"SecretString", json::serialize(secret)}});
      },
      {"ResourceNotFoundException"});
}

void add_attachment(Registry& registry) {
  registry["AWS::SecretsManager::SecretTargetAttachment"] = type_of({
      .create =
          [](Work& w, const object& p) {
            attach(w, p);
            return Model{.physical_id = text_at(p, "SecretId"),
                         .attributes = {{"Id", text_at(p, "SecretId")}}};
          },
      .remove =
          [](Work& w, const object& p, const Model&) {
            detach(w, p);
            return true;
          },
      .fixed = {"SecretId"},
      .updatable = {"TargetId", "TargetType"},
      .required = {"SecretId", "TargetId", "TargetType"},
      .update = [](Work& w, const object&, const object& p, Model&) { attach(w, p); },
  });
}

}  // namespace

void add_secretsmanager_types(Registry& registry) {
  add_secret(registry);
  add_resource_policy(registry);
  add_attachment(registry);
}

}  // namespace landfall::cloudformation
