#include "services/cloudformation/change_sets.h"

#include <boost/json.hpp>

#include "aws/arn.h"
#include "cloudformation/errors.h"
#include "services/cloudformation/resource_type.h"
#include "services/cloudformation/template/evaluate.h"
#include "services/cloudformation/template/template.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;

// Parameters, and the pseudo parameters that the stack's ARN tells: mappings are by region.
Environment environment_of(const StackRecord& stack, const Template& body, const Source& source) {
  Environment environment;
  environment.body = &body;
  environment.parameters = resolve_parameters(body, source.parameters, source.stored);
  environment.stack_id = stack.stack_id;
  environment.stack_name = stack.name;
  if (const auto arn = aws::parse_arn(stack.stack_id)) {
    environment.account = arn->account;
    environment.region = arn->region;
  }
  return environment;
}

// Evaluates as far as parameters go: references to resources become their names, so that equal texts compare
// equal.
json::value with_parameters(const StackRecord& stack, const Template& body, const Source& source,
                            const json::value& value) {
  Environment environment = environment_of(stack, body, source);
  environment.ref = [](const std::string& id) -> std::optional<std::string> { return "ref:" + id; };
  environment.get_att = [](const std::string& id, const std::string& attribute) {
    return json::value(json::string("att:" + id + "." + attribute));
  };
  environment.availability_zones = {"a", "b", "c"};
  environment.import_value = [](const std::string& name) { return name; };
  return evaluate(environment, value);
}

std::set<std::string> wanted_of(const StackRecord& stack, const Template& body, const Source& source) {
  std::set<std::string> wanted;
  const Environment environment = environment_of(stack, body, source);
  for (const auto& [id, resource] : body.resources) {
    if (resource.condition.empty() || evaluate_condition(environment, resource.condition)) wanted.insert(id);
  }
  return wanted;
}

}  // namespace

FoundChangeSet find_change_set(const Call& call, std::string_view name_or_arn,
                               const std::optional<std::string>& stack_name) {
  std::optional<FoundChangeSet> found;
  std::optional<FoundStack> stack;
  if (!name_or_arn.starts_with("arn:")) {
    if (!stack_name)
      throw ServiceError("ValidationError", 400,
                         "StackName must be specified if ChangeSetName is not specified as an ARN.");
    stack = find_stack(call, *stack_name);
  }
  call.rows(kChangeSets).each([&](std::string_view uuid, const ChangeSetRecord& record) {
    if (stack ? record.name == name_or_arn && record.stack_id == stack->record.stack_id
              : record.change_set_id == name_or_arn)
      found = FoundChangeSet{std::string(uuid), record};
  });
  if (!found) throw ChangeSetNotFoundException("ChangeSet [" + std::string(name_or_arn) + "] does not exist");
  return std::move(*found);
}

std::vector<ChangeSetRecord::Change> changes_between(const StackRecord& stack, const Source& source) {
  std::vector<ChangeSetRecord::Change> changes;
  const Template after = Template::parse(source.body);
  const std::set<std::string> wanted = wanted_of(stack, after, source);
  const bool fresh = stack.source.body.empty();
  const Template before = fresh ? Template{} : Template::parse(stack.source.body);
  for (const std::string& id : wanted) {
    const DeclaredResource& declared = after.resources.at(id);
    auto existing = stack.resources.find(id);
    if (existing == stack.resources.end() || existing->second.physical_id.empty()) {
      changes.push_back({.action = "Add", .logical_id = id, .type = declared.type});
      continue;
    }
    const json::value now = with_parameters(stack, after, source, declared.properties);
    auto old = before.resources.find(id);
    const json::value then = old == before.resources.end()
                                 ? json::value()
                                 : with_parameters(stack, before, stack.source, old->second.properties);
    if (now == then && old->second.type == declared.type) continue;
    bool replacement = existing->second.type != declared.type;
    const ResourceType* type = find_type(declared.type);
    if (type != nullptr && now.is_object() && then.is_object())
      replacement = replacement || type->needs_replacement(then.as_object(), now.as_object());
    changes.push_back({.action = "Modify",
                       .logical_id = id,
                       .physical_id = existing->second.physical_id,
                       .type = declared.type,
                       .replacement = replacement ? "True" : "False"});
  }
  for (const auto& [id, resource] : stack.resources)
    if (!wanted.contains(id) && !resource.physical_id.empty())
      changes.push_back(
          {.action = "Remove", .logical_id = id, .physical_id = resource.physical_id, .type = resource.type});
  return changes;
}

void settle_change_set(const StackRecord& stack, ChangeSetRecord& record) {
  record.changes = changes_between(stack, record.source);
  if (record.changes.empty()) {
    record.status = "FAILED";
    record.status_reason =
        "The submitted information didn't contain changes. Submit different information to create a change "
        "set.";
    record.execution_status = "UNAVAILABLE";
  } else {
    record.status = "CREATE_COMPLETE";
    record.execution_status = "AVAILABLE";
  }
}

}  // namespace landfall::cloudformation
