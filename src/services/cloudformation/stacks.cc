#include "services/cloudformation/stacks.h"

#include <algorithm>
#include <boost/json.hpp>

#include "cloudformation/errors.h"
#include "services/cloudformation/engine.h"
#include "services/cloudformation/resource_type.h"
#include "services/cloudformation/template/evaluate.h"
#include "services/cloudformation/template/template.h"
#include "services/cloudformation/values.h"
#include "services/iam/iam.h"

namespace landfall::cloudformation {
namespace {

[[noreturn]] void invalid(const std::string& why) { throw ServiceError("ValidationError", 400, why); }

bool valid_name(std::string_view name) {
  if (name.empty() || name.size() > 128 || !std::isalpha(static_cast<unsigned char>(name[0]))) return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
         std::string_view::npos;
}

}  // namespace

std::optional<FoundStack> look_for_stack(const Call& call, std::string_view name_or_id) {
  const auto stacks = call.rows(kStacks);
  if (name_or_id.starts_with("arn:")) {
    std::string uuid(name_or_id.substr(name_or_id.rfind('/') + 1));
    auto record = stacks.get(uuid);
    if (!record || record->stack_id != name_or_id) return std::nullopt;
    return FoundStack{std::move(uuid), *record};
  }
  std::optional<FoundStack> found;
  stacks.each([&](std::string_view uuid, const StackRecord& record) {
    if (record.name == name_or_id && record.status != "DELETE_COMPLETE")
      found = FoundStack{std::string(uuid), record};
  });
  return found;
}

FoundStack find_stack(const Call& call, std::string_view name_or_id) {
  auto found = look_for_stack(call, name_or_id);
  if (!found) invalid("Stack with id " + std::string(name_or_id) + " does not exist");
  return std::move(*found);
}

std::map<std::string, std::string> given_parameters(const std::vector<Parameter>& given,
                                                    const Source* previous) {
  std::map<std::string, std::string> values;
  for (const Parameter& parameter : given) {
    const std::string key = parameter.ParameterKey.value_or("");
    if (!parameter.UsePreviousValue.value_or(false)) {
      values[key] = parameter.ParameterValue.value_or("");
    } else if (previous != nullptr) {
      if (auto it = previous->parameters.find(key); it != previous->parameters.end())
        values[key] = it->second;
    }
  }
  return values;
}

Source source_of(const SourceRequest& request) {
  Source source;
  if (request.url)
    invalid(
        "TemplateURL is supported by CreateChangeSet only: pass the template in TemplateBody (at most 51,200 "
        "bytes)");
  if (request.use_previous) {
    if (request.previous == nullptr || request.previous->body.empty())
      invalid("UsePreviousTemplate needs a stack with a template");
    source.body = request.previous->body;
  } else {
    if (!request.body) invalid("Either Template URL or Template Body must be specified.");
    if (request.body->size() > request.max_bytes)
      invalid(
          "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must "
          "have length less than or equal to 51200");
    source.body = *request.body;
  }
  const Template body = Template::parse(source.body);
  source.parameters = given_parameters(request.parameters, request.previous);
  resolve_parameters(body, source.parameters);
  const auto of_store = [](const auto& declared) {
    return declared.second.type.starts_with(kParameterStoreType);
  };
  if (std::ranges::any_of(body.parameters, of_store))
    source.stored = parameter_store_values(
        request.call, request.caller != nullptr ? *request.caller : caller_of(request.call, request.role_arn),
        body, source.parameters);
  std::string unknown;
  for (const auto& [id, resource] : body.resources)
    if (find_type(resource.type) == nullptr) unknown += (unknown.empty() ? "" : ", ") + resource.type;
  if (!unknown.empty()) invalid("Template format error: Unrecognized resource types: [" + unknown + "]");
  return source;
}

std::vector<std::string> needed_capabilities(const std::string& text) {
  const Template body = Template::parse(text);
  bool iam = false, named = false;
  for (const auto& [id, resource] : body.resources) {
    if (!resource.type.starts_with("AWS::IAM::")) continue;
    iam = true;
    for (const char* name : {"RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName"})
      named = named || resource.properties.contains(name);
  }
  if (named) return {"CAPABILITY_NAMED_IAM"};
  if (iam) return {"CAPABILITY_IAM"};
  return {};
}

void check_capabilities(const Source& source, const std::vector<std::string>& capabilities) {
  for (const std::string& needed : needed_capabilities(source.body)) {
    bool given = false;
    for (const std::string& capability : capabilities)
      given = given || capability == needed ||
              (capability == "CAPABILITY_NAMED_IAM" && needed == "CAPABILITY_IAM");
    if (!given) throw InsufficientCapabilitiesException("Requires capabilities : [" + needed + "]");
  }
}

std::vector<StackTag> tags_of(const std::vector<Tag>& tags) {
  std::vector<StackTag> list;
  for (const Tag& tag : tags) list.push_back({tag.Key.value_or(""), tag.Value.value_or("")});
  return list;
}

void check_role(Call& call, const std::string& role_arn) {
  iam::check_pass_role(call, role_arn, "cloudformation.amazonaws.com");
  if (!iam::trusts_service(call, role_arn, "cloudformation.amazonaws.com"))
    throw ServiceError("ValidationError", 400, "Role " + role_arn + " is invalid or cannot be assumed");
}

StackCaller caller_of(const Call& call, const std::string& role_arn) {
  if (!role_arn.empty()) {
    const std::string name = role_arn.substr(role_arn.rfind('/') + 1);
    return {.kind = static_cast<int>(CallerKind::assumed_role),
            .arn = "arn:" + call.partition() + ":sts::" + call.account + ":assumed-role/" + name +
                   "/AWSCloudFormation",
            .role_arn = role_arn,
            .session_name = "AWSCloudFormation"};
  }
  if (call.caller.session_limited)
    throw ServiceError("AccessDenied", 403,
                       "This session is limited by a session policy, which a stack could not keep to after "
                       "the call: pass RoleARN");
  return {.kind = static_cast<int>(call.caller.kind),
          .arn = call.caller.arn,
          .user_id = call.caller.user_id,
          .role_arn = call.caller.role_arn,
          .session_name = call.caller.session_name,
          .access_key_id = call.caller.access_key_id};
}

StackRecord new_stack(Call& call, const std::string& name) {
  if (!valid_name(name))
    invalid("1 validation error detected: Value '" + name +
            "' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
            "[a-zA-Z][-a-zA-Z0-9]*");
  StackRecord stack;
  stack.name = name;
  stack.stack_id = call.arn("cloudformation", "stack/" + name + "/" + call.random().uuid());
  stack.created = call.now;
  return stack;
}

void put_stack(Call& call, const StackRecord& stack) { call.rows(kStacks).put(stack_uuid(stack), stack); }

void begin_update(Call& call, StackRecord& stack, Source source) {
  static const std::set<std::string> kUpdatable{"CREATE_COMPLETE", "UPDATE_COMPLETE",
                                                "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"};
  if (!kUpdatable.contains(stack.status))
    invalid("Stack:" + stack.stack_id + " is in " + stack.status + " state and can not be updated.");
  if (source.body == stack.source.body && source.parameters == stack.source.parameters &&
      source.stored == stack.source.stored)
    invalid("No updates are to be performed.");
  stack.previous = stack.source;
  stack.source = std::move(source);
  stack.updated = call.now;
  stack.caller = caller_of(call, stack.role_arn);
  ++stack.generation;
  set_stack_status(call, stack, "UPDATE_IN_PROGRESS", "User Initiated");
}

std::vector<Parameter> shown_parameters(const Source& source) {
  std::vector<Parameter> list;
  if (source.body.empty()) return list;
  const Template body = Template::parse(source.body);
  for (const auto& [name, declared] : body.parameters) {
    auto it = source.parameters.find(name);
    std::string value = it != source.parameters.end() ? it->second : declared.default_value.value_or("");
    if (declared.no_echo) value = kMaskedValue;
    Parameter parameter{.ParameterKey = name, .ParameterValue = value};
    if (auto stored = source.stored.find(name); stored != source.stored.end())
      parameter.ResolvedValue = declared.no_echo ? kMaskedValue : stored->second;
    list.push_back(std::move(parameter));
  }
  return list;
}

Stack shown(const StackRecord& record) {
  Stack stack;
  stack.StackId = record.stack_id;
  stack.StackName = record.name;
  if (!record.description.empty()) stack.Description = record.description;
  stack.Parameters = shown_parameters(record.source);
  stack.CreationTime = record.created;
  stack.LastUpdatedTime = record.updated;
  stack.DeletionTime = record.deleted;
  stack.StackStatus = record.status;
  if (!record.status_reason.empty()) stack.StackStatusReason = record.status_reason;
  stack.DisableRollback = record.on_failure == "DO_NOTHING";
  stack.NotificationARNs = record.notification_arns;
  if (record.timeout_minutes > 0) stack.TimeoutInMinutes = record.timeout_minutes;
  stack.Capabilities = record.capabilities;
  for (const StackOutput& output : record.outputs) {
    Output out{.OutputKey = output.key, .OutputValue = output.value};
    if (!output.description.empty()) out.Description = output.description;
    if (!output.export_name.empty()) out.ExportName = output.export_name;
    stack.Outputs.push_back(std::move(out));
  }
  if (!record.role_arn.empty()) stack.RoleARN = record.role_arn;
  for (const StackTag& tag : record.tags) stack.Tags.push_back({.Key = tag.key, .Value = tag.value});
  stack.EnableTerminationProtection = record.termination_protection;
  stack.DriftInformation = StackDriftInformation{.StackDriftStatus = "NOT_CHECKED"};
  return stack;
}

std::pair<size_t, size_t> page(const std::optional<std::string>& token, size_t total, size_t size) {
  size_t first = 0;
  if (token) {
    if (token->empty() || token->size() > 9 || token->find_first_not_of("0123456789") != std::string::npos)
      invalid("The NextToken is invalid");
    first = std::stoul(*token);
  }
  first = std::min(first, total);
  return {first, std::min(total, first + size)};
}

}  // namespace landfall::cloudformation
