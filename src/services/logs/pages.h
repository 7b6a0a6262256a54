// Pages of a list in the order of names: the token is the last name of the page before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace landfall::logs {

inline constexpr size_t kDefaultPage = 50;

size_t page_limit(const std::optional<int64_t>& limit, size_t by_default);
std::string make_token(const std::string& last);
std::string token_value(const std::string& token);  // throws InvalidParameterException

}  // namespace landfall::logs
