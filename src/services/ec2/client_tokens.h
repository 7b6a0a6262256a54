// ClientToken: the same token with the same parameters answers the same thing again; with others it is
// refused. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "services/ec2/resources.h"

namespace landfall::ec2 {

template <class Request>
std::string parameters_hash(const Request& in) {
  return std::to_string(std::hash<std::string>{}(to_json(in)));
}

// What an earlier call with this token made; null: nothing, or it is gone since.
template <class T, class Request>
std::shared_ptr<const T> made_before(const Call& call, const Resource<T>& resource, const Request& in) {
  if (!in.ClientToken) return nullptr;
  const auto before = call.rows(kClientTokens).get(*in.ClientToken);
  if (!before) return nullptr;
  if (before->parameters_hash != parameters_hash(in))
    throw_error("IdempotentParameterMismatch",
                "Arguments on this idempotent request are inconsistent with arguments used in previous "
                "request(s).");
  return rows(call, resource).get(before->made_id);
}

template <class Request>
void remember_made(Call& call, const Request& in, const std::string& made_id) {
  if (in.ClientToken)
    call.rows(kClientTokens)
        .put(*in.ClientToken, {.made_id = made_id, .parameters_hash = parameters_hash(in)});
}

inline void forget_token(Call& call, const std::string& token) {
  auto tokens = call.rows(kClientTokens);
  if (!token.empty() && tokens.has(token)) tokens.erase(token);
}

}  // namespace landfall::ec2
