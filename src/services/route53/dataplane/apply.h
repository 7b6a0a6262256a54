// A document from control as a change of Tables: compiled once, applied by each worker on its own loop.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "services/route53/dataplane/tables.h"

namespace landfall::route53 {

using TablesChange = std::function<void(Tables&)>;  // copies share what was compiled

// True for the kinds that compile_change() takes.
bool is_dns_kind(std::string_view kind);

// `document` is nullptr when it is gone. An Error: a broken document; what is served stays.
Result<TablesChange> compile_change(std::string_view kind, std::string_view id, const std::string* document);

}  // namespace landfall::route53
