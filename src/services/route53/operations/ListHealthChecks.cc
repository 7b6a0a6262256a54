#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/health_checks.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

// Marker is the id of the first one of the page.
ListHealthChecksResponse ListHealthChecks(Call& call, const ListHealthChecksRequest& in) {
  const size_t limit = max_items(in.MaxItems, 1000);
  const std::string start = in.Marker.value_or("");
  ListHealthChecksResponse out{.Marker = start, .IsTruncated = false, .MaxItems = std::to_string(limit)};
  call.global_rows(kHealthChecks).each([&](std::string_view id, const HealthCheckRecord& record) {
    if (id < start || *out.IsTruncated) return;
    if (out.HealthChecks.size() == limit) {
      out.IsTruncated = true;
      out.NextMarker = std::string(id);
    } else {
      out.HealthChecks.push_back(record.shown);
    }
  });
  return out;
}

}  // namespace landfall::route53
