// What instances are created and modified with, as RDS checks it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aws/protocol/refusals.h"
#include "services/rds/store.h"

namespace landfall::rds {

std::span<const aws::Refusal> absent();
[[noreturn]] void refuse(const aws::Refused& refused);
// Throws InvalidParameterValue for what Landfall has not (directories, RDS Custom, other engines' settings).
template <class In>
void refuse_absent(const In& in) {
  if (const auto refused = aws::refused_in(in, absent(), aws::RefusalTable::shared)) refuse(*refused);
}
// What is not said about storage and monitoring, as RDS fills it in; then checks what goes together.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
void settle(DBInstance& db);
// Throws OptionGroupNotFoundFault unless it is PostgreSQL's own, which has no options.
void check_option_group(const std::optional<std::string>& name);
// As it is shown: what was asked for, or this machine's version where that is the major one or none. Throws
// InvalidParameterValue for another major version.
std::string checked_version(const std::optional<std::string>& version);
// The version that an instance is to have, which must not be an older one than `now`.
std::string checked_upgrade(const std::string& now, const std::string& version);
void check_identifier(const std::string& id);  // throws InvalidParameterValue

}  // namespace landfall::rds
