// Any document parses or is refused; what parses evaluates. An empty or Deny-only policy never allows.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "aws/policy/evaluate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace landfall::aws::policy;
  if (size < 1 || size > 16'384) return 0;
  const auto kind = static_cast<DocumentKind>(data[0] % 3);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  (void)policy_size(text);
  auto parsed = parse_policy(text, kind);
  if (!parsed) return 0;
  const bool can_allow =
      std::ranges::any_of(parsed->statements, [](const Statement& s) { return s.effect == Effect::allow; });
  Context context;
  context.add("aws:username", "alice");
  context.add("aws:SourceIp", "203.0.113.7");
  context.add("aws:CurrentTime", "2026-11-22T10:00:00Z");
  context.add("aws:SecureTransport", "true");
  context.add("s3:max-keys", "10");
  context.add("aws:TagKeys", "a");
  context.add("aws:TagKeys", "b");
  const Principal alice{
      PrincipalKind::user, "123456789012", "arn:aws:iam::123456789012:user/alice", "AIDAEXAMPLE", "", ""};
  const NamedPolicy named{"fuzzed", std::make_shared<const Policy>(std::move(*parsed))};
  EvaluationInput input{.principal = alice,
                        .action = "s3:GetObject",
                        .resource = "arn:aws:s3:::bucket/home/alice/x",
                        .resource_account = "123456789012",
                        .context = context};
  if (kind == DocumentKind::identity)
    input.identity = {&named, 1};
  else
    input.resource_policy = &named;
  const Decision decision = evaluate(input);
  if (decision.allowed() && !can_allow) std::abort();
  if (!decision.allowed()) (void)denial_message(input, decision);
  return 0;
}
