// VpcEndpoints: a VPC's endpoints as edge needs them to say through which of them a request to S3 came. From
// control's MetadataSnapshot; immutable, shared between the workers.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "services/s3/s3.h"

namespace landfall::roles {

inline constexpr char kVpcS3Address[] = "169.254.169.251";

class VpcEndpoints {
 public:
  // Of a MetadataSnapshot's text. A policy that does not parse lets nothing through, with a line in the log.
  static Result<std::shared_ptr<const VpcEndpoints>> read(std::string_view vpc_id, std::string_view document);

  // The endpoint at the address that the client asked, or the gateway endpoint that its subnet's routes lead
  // to; null: it came by neither.
  std::shared_ptr<const s3::VpcEndpointOrigin> origin_of(const std::string& client,
                                                         const std::string& asked) const;
  const std::set<std::string>& addresses() const { return addresses_; }  // of interface endpoints

 private:
  struct Network {
    uint32_t base = 0, mask = 0;
  };
  struct Endpoint {
    std::shared_ptr<const s3::VpcEndpointOrigin> origin;
    std::vector<Network> subnets;
    std::vector<std::string> addresses;
  };
  std::vector<Endpoint> s3_;
  std::set<std::string> addresses_;
};

}  // namespace landfall::roles
