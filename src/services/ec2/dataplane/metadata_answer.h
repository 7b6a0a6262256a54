// The metadata service's decision: a request of an instance, known by its address, and the snapshot of its
// VPC give the answer. Pure but for `mint`. Address and instance are the same thing here: host drops packets
// whose source address is not the sender's.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "http/message.h"
#include "services/ec2/snapshot.h"
#include "services/iam/dataplane/issuer.h"

namespace landfall::ec2 {

// The role's credentials of an instance; an Error says why there are none.
using MintCredentials = std::function<Result<iam::InstanceRole>(const InstanceMetadata& instance)>;

struct MetadataAnswer {
  http::Response head;
  std::string body;
};

struct MetadataContext {
  const MetadataSnapshot& vpc;
  const Secret& token_key;
  const MintCredentials& mint;
  Timestamp now;
};

MetadataAnswer answer_metadata(const http::Request& request, std::string_view caller_ip,
                               const MetadataContext& context);

}  // namespace landfall::ec2
