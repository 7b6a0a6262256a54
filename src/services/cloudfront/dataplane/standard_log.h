// Standard logs ("access logs") of a distribution: where they go, and a line for each request.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "delivery/destination.h"
#include "proxy/transaction.h"
#include "services/cloudfront/snapshot.h"

namespace landfall::cloudfront {

// nullopt: it does not log.
std::optional<delivery::Destination> standard_log_destination(const DistributionSnapshot& distribution);

// Without its line feed. The transaction is over.
void append_standard_log(std::string& line, const proxy::Transaction& transaction,
                         const DistributionSnapshot& distribution, Timestamp now);

// As the log encodes what viewers send: everything outside the printable ASCII characters, and some of them.
void append_log_encoded(std::string& line, std::string_view text);  // empty: "-"

}  // namespace landfall::cloudfront
