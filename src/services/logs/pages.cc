#include "services/logs/pages.h"

#include "base/encoding.h"
#include "logs/errors.h"

namespace landfall::logs {

size_t page_limit(const std::optional<int64_t>& limit, size_t by_default) {
  return limit ? static_cast<size_t>(*limit) : by_default;
}

std::string make_token(const std::string& last) { return to_base64(last); }

std::string token_value(const std::string& token) {
  auto value = from_base64(token);
  if (!value) throw InvalidParameterException("The specified nextToken is invalid.");
  return std::move(*value);
}

}  // namespace landfall::logs
