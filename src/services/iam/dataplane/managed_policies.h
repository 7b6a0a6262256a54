// AWS's own managed policies (arn:aws:iam::aws:policy/...): the ones people attach, as real documents.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "aws/policy/policy.h"

namespace landfall::iam {

struct ManagedPolicy {
  std::string_view name;
  std::string_view path;  // "/", "/service-role/", "/aws-service-role/"
  std::string_view id;    // ANPA...
  std::string_view description;
  std::string_view document;
  std::string arn() const;  // arn:aws:iam::aws:policy/service-role/x
};

std::span<const ManagedPolicy> managed_policies();
const ManagedPolicy* find_managed_policy(std::string_view arn);  // nullptr: none
// Compiled once per process; null if there is none. Thread safe.
std::shared_ptr<const aws::policy::Policy> compiled_managed_policy(std::string_view arn);

}  // namespace landfall::iam
