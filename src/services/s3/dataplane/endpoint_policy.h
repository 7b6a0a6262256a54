// A VPC endpoint's policy is a gate of its own: what it does not allow nobody may, and what it allows is
// still up to the identity's and the bucket's policies. Pure.
// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/policy/evaluate.h"

namespace landfall::s3 {

struct EndpointQuestion {
  const aws::policy::Principal& principal;
  std::string_view action, resource;
  const aws::policy::Context& context;
};
// Why not, in AWS's words; nothing: it lets the request through.
std::optional<std::string> endpoint_denial(const aws::policy::NamedPolicy& policy,
                                           const EndpointQuestion& question);

}  // namespace landfall::s3
