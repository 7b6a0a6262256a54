#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

CreatePolicyResponse CreatePolicy(Call& call, const CreatePolicyRequest& in) {
  const std::string& name = in.PolicyName.value();
  if (call.global_rows(kPolicies).has(name))
    throw EntityAlreadyExistsException("A policy called " + name +
                                       " already exists. Duplicate names are not allowed.");
  check_document(call, in.PolicyDocument.value(), DocumentUse::managed);
  PolicyRecord policy{.name = name,
                      .path = in.Path.value_or("/"),
                      .id = new_id(call, "ANPA"),
                      .description = in.Description.value_or(""),
                      .created = call.now,
                      .updated = call.now,
                      .default_version = "v1",
                      .last_version = 1,
                      .versions = {{"v1", *in.PolicyDocument, call.now}}};
  policy.arn = entity_arn(call, "policy", policy.path, name);
  set_tags(policy.tags, in.Tags);
  check_tag_count(policy.tags);
  put_policy(call, policy);
  return {.Policy = answer(call, policy, Detail::full)};
}

}  // namespace landfall::iam
