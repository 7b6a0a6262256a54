#include "roles/control_endpoints.h"

#include <algorithm>
#include <fstream>

#include "roles/endpoint_snapshot.h"
#include "services/acm/acm.h"
#include "services/route53/route53.h"

namespace landfall::roles {
namespace {

struct EndpointRow {
  Timestamp issued;
  template <class V>
  void fields(V& v) {
    v("issued", issued);
  }
};
constexpr store::Table<EndpointRow> kRows{"landfall.endpoint"};
constexpr int64_t kRenewAfterSeconds = 300 * 24 * 3600;  // certificates are valid for 395 days
constexpr uint32_t kRegionEndpointOffset = 1;

std::vector<std::string> names_of(const ControlPlane& plane) {
  const std::string& region = plane.config.region;
  return {"*.amazonaws.com",
          "*." + region + ".amazonaws.com",
          "*.s3.amazonaws.com",
          "*.s3." + region + ".amazonaws.com",
          "localhost",
          "*.localhost",
          "*.s3.localhost",
          "127.0.0.1",
          "169.254.169.251",
          "169.254.169.252",
          route53::public_address(plane, kRegionEndpointOffset)};
}

}  // namespace

Result<> publish_endpoints(ControlPlane& plane, const Layout& layout) {
  LF_TRY(const std::string ca, acm::ca_certificate_pem(plane));
  {
    std::ofstream out(layout.ca_certificate(), std::ios::trunc);
    out << ca;
    if (!out.flush()) return fail("write " + layout.ca_certificate());
  }
  store::Txn txn(plane.store);
  const std::vector<std::string> names = names_of(plane);
  const store::Document* published =
      txn.find(store::Txn::key_of(std::string(kEdgePrefix) + kEndpointKind, "region"));
  const auto row = txn.get(kRows, "region");
  if (published != nullptr && row &&
      plane.clock.now().unix_seconds() - row->issued.unix_seconds() < kRenewAfterSeconds) {
    const auto now = from_json<EndpointSnapshot>(published->text);
    if (now && now->names == names) return {};
  }
  LF_TRY(acm::CertificateMaterial made, acm::issue_internal(plane, names));
  publish(txn, kEndpointKind, "region",
          EndpointSnapshot{
              .chain_pem = std::move(made.chain_pem), .key_pem = std::move(made.key_pem), .names = names});
  txn.put(kRows, "region", {plane.clock.now()});
  if (auto committed = txn.commit(); !committed) return std::unexpected(committed.error());
  return {};
}

}  // namespace landfall::roles
