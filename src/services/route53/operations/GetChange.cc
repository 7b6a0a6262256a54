#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"
#include "services/route53/snapshot.h"

namespace landfall::route53 {

// INSYNC when edge serves the revision that the change wrote, or the one that the zone is published with (a
// change that changed nothing published nothing).
GetChangeResponse GetChange(Call& call, const GetChangeRequest& in) {
  const std::string id = bare_id(in.Id);
  const auto change = call.global_rows(kChanges).get(id);
  if (!change) throw NoSuchChange("Could not find resource with ID: " + id);
  const std::string full = call.global_rows(kChanges).full(id);
  const store::Document* document = call.txn.find(store::Txn::key_of(kChanges.name, full));
  const store::Document* snapshot =
      call.txn.find(store::Txn::key_of(std::string(kEdgePrefix) + kZoneSnapshotKind, change->zone_id));
  const store::Revision served = call.plane.edge_revision;
  const bool in_sync = served >= document->revision || (snapshot && served >= snapshot->revision);
  ChangeInfo info{
      .Id = "/change/" + id, .Status = in_sync ? "INSYNC" : "PENDING", .SubmittedAt = change->submitted};
  if (!change->comment.empty()) info.Comment = change->comment;
  return {.ChangeInfo = info};
}

}  // namespace landfall::route53
