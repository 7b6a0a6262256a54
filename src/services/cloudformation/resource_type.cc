#include "services/cloudformation/resource_type.h"

#include <openssl/sha.h>

#include <algorithm>
#include <boost/json.hpp>

#include "services/cloudformation/invoke.h"
#include "services/cloudformation/store.h"

namespace landfall::cloudformation {

namespace json = boost::json;

bool ResourceType::settled(Work&, const json::object&, Model&) const { return true; }
bool ResourceType::needs_replacement(const json::object& before, const json::object& after) const {
  return before != after;
}
void ResourceType::update(Work&, const json::object&, const json::object&, Model&) const {
  LF_INVARIANT(false, "a type that can be updated must override update()");
}

std::optional<Result<S3Reply>> S3Requests::ask(const std::string& stack_key, const std::string& name,
                                               S3Client::Request request) {
  const std::string key = stack_key + "#" + name + "#" + request.method + request.path + "?" + request.query;
  auto [it, fresh] = state_->replies.try_emplace(key);
  if (!fresh) {
    if (!it->second) return std::nullopt;
    auto reply = std::move(it->second);
    state_->replies.erase(it);
    return reply;
  }
  client_.send(std::move(request),
               [state = std::weak_ptr(state_), wake = wake_, key, stack_key](Result<S3Reply> reply) {
                 if (auto alive = state.lock()) {
                   alive->replies[key] = std::move(reply);
                   wake(stack_key);
                 }
               });
  return std::nullopt;
}

json::object Work::invoke(std::string_view service, std::string_view operation,
                          const json::object& input) const {
  return cloudformation::invoke(call, stack.caller, service, operation, input);
}

std::optional<S3Reply> Work::s3(std::string_view method, std::string path, std::string query,
                                std::string body) const {
  S3Client::Request request{.method = std::string(method),
                            .path = std::move(path),
                            .query = std::move(query),
                            .content_type = body.starts_with("{") ? "application/json" : "application/xml",
                            .body = std::move(body),
                            .principal = s3_principal(call, stack.caller)};
  auto answered = s3_requests.ask(stack_key, logical_id, std::move(request));
  if (!answered) return std::nullopt;
  if (!*answered)
    throw ServiceError("ServiceUnavailable", 503, "S3 did not answer: " + answered->error().message);
  if ((*answered)->status >= 300) {
    const S3Reply& reply = **answered;
    throw ServiceError(reply.error_code.empty() ? "S3Error" : reply.error_code, reply.status,
                       reply.error_code + " (S3 status " + std::to_string(reply.status) + ") " + reply.body);
  }
  return std::move(**answered);
}

std::string Work::generated_name(size_t limit) const {
  // Derived, not random, so that a step that is run again finds the name it chose: of this stack, resource
  // and operation.
  const std::string seed = stack.stack_id + "/" + logical_id + "/" + std::to_string(stack.generation);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(seed.data()), seed.size(), digest);
  std::string suffix;
  for (int i = 0; i < 12; ++i) suffix += "abcdefghijklmnopqrstuvwxyz0123456789"[digest[i] % 36];
  std::string name = stack.name + "-" + logical_id;
  if (name.size() + 13 > limit) name.resize(limit - 13);
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name + "-" + suffix;
}

json::array Work::tags(const json::object& properties) const {
  json::array list;
  const auto add = [&](json::string_view key, json::string_view value) {
    for (const auto& tag : list)
      if (tag.as_object().at("Key").as_string() == key) return;
    list.push_back(json::object{{"Key", json::string(key)}, {"Value", json::string(value)}});
  };
  if (const auto* own = properties.if_contains("Tags"); own != nullptr && own->is_array())
    for (const auto& tag : own->as_array())
      if (tag.is_object()) add(text_at(tag.as_object(), "Key"), text_at(tag.as_object(), "Value"));
  for (const StackTag& tag : stack.tags) add(tag.key, tag.value);
  add("aws:cloudformation:stack-name", stack.name);
  add("aws:cloudformation:stack-id", stack.stack_id);
  add("aws:cloudformation:logical-id", logical_id);
  return list;
}

json::array Work::tags_gone(const json::object& before, const json::object& now) const {
  json::array gone;
  const json::array kept = tags(now);
  for (const auto& tag : tags(before)) {
    const auto same_key = [&](const json::value& other) {
      return other.as_object().at("Key") == tag.as_object().at("Key");
    };
    if (std::ranges::none_of(kept, same_key)) gone.push_back(tag.as_object().at("Key"));
  }
  return gone;
}

bool Work::tags_differ(const json::object& before, const json::object& now) const {
  return tags(before) != tags(now);
}

json::array list_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(json::string_view(name.data(), name.size()));
  return value != nullptr && value->is_array() ? value->as_array() : json::array();
}

json::object object_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(json::string_view(name.data(), name.size()));
  return value != nullptr && value->is_object() ? value->as_object() : json::object();
}

json::array missing_from(const json::array& list, const json::array& other) {
  json::array missing;
  for (const auto& item : list)
    if (std::ranges::find(other, item) == other.end()) missing.push_back(item);
  return missing;
}

std::set<std::string, std::less<>> set_of(Names names, std::initializer_list<std::string_view> more) {
  std::set<std::string, std::less<>> out(names.begin(), names.end());
  out.insert(more.begin(), more.end());
  return out;
}

MapChange change_of(const json::object& before, const json::object& now) {
  MapChange change;
  for (const auto& member : now)
    if (const auto* was = before.if_contains(member.key()); was == nullptr || *was != member.value())
      change.changed[member.key()] = member.value();
  for (const auto& member : before)
    if (!now.contains(member.key())) change.gone[member.key()] = member.value();
  return change;
}

json::object pick(const json::object& from, Names names) {
  json::object out;
  for (std::string_view name : names)
    if (const auto* value = from.if_contains(json::string_view(name.data(), name.size()));
        value != nullptr && !value->is_null())
      out[json::string_view(name.data(), name.size())] = *value;
  return out;
}

std::string text_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || value->is_null()) return "";
  if (value->is_string()) return std::string(value->as_string());
  return json::serialize(*value);
}

const json::value* value_at(const json::object& object, std::string_view path) {
  const json::object* here = &object;
  const json::value* found = nullptr;
  while (!path.empty()) {
    const size_t dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    if (found != nullptr && found->is_array()) {
      const size_t index = static_cast<size_t>(std::stoul(std::string(name)));
      if (index >= found->as_array().size()) return nullptr;
      found = &found->as_array()[index];
    } else {
      if (found != nullptr && !found->is_object()) return nullptr;
      if (found != nullptr) here = &found->as_object();
      found = here->if_contains(json::string_view(name.data(), name.size()));
    }
    if (found == nullptr) return nullptr;
  }
  return found;
}

std::string text_at_path(const json::object& object, std::string_view path) {
  const auto* value = value_at(object, path);
  if (value == nullptr || value->is_null()) return "";
  if (value->is_string()) return std::string(value->as_string());
  return json::serialize(*value);
}

bool truth_at(const json::object& object, std::string_view name, bool otherwise) {
  const auto* value = object.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || value->is_null()) return otherwise;
  if (value->is_bool()) return value->as_bool();
  return value->is_string() && value->as_string() == "true";
}

namespace {

class FunctionType final : public ResourceType {
 public:
  explicit FunctionType(TypeFunctions functions) : f_(std::move(functions)) {}
  Model create(Work& work, const json::object& properties) const override {
    return f_.create(work, properties);
  }
  bool settled(Work& work, const json::object& properties, Model& model) const override {
    return f_.settled ? f_.settled(work, properties, model) : true;
  }
  void check(const std::string& logical_id, const json::object& properties) const override {
    std::string wrong;
    for (const auto& member : properties) {
      const std::string_view name(member.key().data(), member.key().size());
      if (!f_.fixed.contains(name) && !f_.updatable.contains(name) && !f_.inert.contains(name))
        wrong += "\n#: extraneous key [" + std::string(name) + "] is not permitted";
    }
    for (const std::string& name : f_.required)
      if (!properties.contains(name)) wrong += "\n#: required key [" + name + "] not found";
    if (!wrong.empty())
      throw ServiceError(
          "ValidationError", 400,
          "Properties validation failed for resource " + logical_id + " with message:" + wrong);
  }
  const std::set<std::string, std::less<>>& inert() const override { return f_.inert; }
  bool needs_replacement(const json::object& before, const json::object& after) const override {
    return std::ranges::any_of(f_.fixed, [&](const std::string& path) {
      const auto *was = value_at(before, path), *is = value_at(after, path);
      return was == nullptr ? is != nullptr : is == nullptr || *was != *is;
    });
  }
  void update(Work& work, const json::object& before, const json::object& properties,
              Model& model) const override {
    f_.update(work, before, properties, model);
  }
  bool remove(Work& work, const json::object& properties, const Model& model) const override {
    return f_.remove(work, properties, model);
  }

 private:
  TypeFunctions f_;
};

const Registry& registry() {
  static const Registry types = [] {
    Registry r;
    add_acm_types(r);
    add_autoscaling_types(r);
    add_cloudfront_types(r);
    add_cloudwatch_types(r);
    add_ec2_types(r);
    add_elasticache_types(r);
    add_elasticbeanstalk_types(r);
    add_elbv2_types(r);
    add_iam_types(r);
    add_logs_types(r);
    add_rds_types(r);
    add_route53_types(r);
    add_s3_types(r);
    add_secretsmanager_types(r);
    add_ssm_types(r);
    return r;
  }();
  return types;
}

}  // namespace

std::unique_ptr<ResourceType> type_of(TypeFunctions functions) {
  LF_INVARIANT(functions.updatable.empty() || functions.update,
               "a type with updatable properties needs update");
  return std::make_unique<FunctionType>(std::move(functions));
}

const ResourceType* find_type(std::string_view name) {
  const auto it = registry().find(name);
  return it == registry().end() ? nullptr : it->second.get();
}

std::vector<std::string> type_names() {
  std::vector<std::string> names;
  for (const auto& [name, type] : registry()) names.push_back(name);
  return names;
}

bool gone_after(const std::function<void()>& deletion, std::initializer_list<std::string_view> gone) {
  try {
    deletion();
  } catch (const ServiceError& error) {
    if (error.code().ends_with(".NotFound") || error.code().ends_with("NotFound") ||
        error.code().ends_with("NotFoundFault"))
      return true;
    for (std::string_view code : gone)
      if (error.code() == code) return true;
    throw;
  }
  return true;
}

}  // namespace landfall::cloudformation
