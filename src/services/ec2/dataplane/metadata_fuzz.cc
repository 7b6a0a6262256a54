// Any target, token and lifetime: a status that the service gives, and no credentials without a token.
#include <cstdlib>

#include "services/ec2/dataplane/metadata_answer.h"

using namespace landfall;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const Secret key("0123456789abcdef0123456789abcdef");
  ec2::MetadataSnapshot vpc;
  ec2::InstanceMetadata instance;
  instance.instance_id = "i-a";
  instance.role_name = "app";
  instance.profile_arn = "arn:aws:iam::123456789012:instance-profile/app";
  vpc.instances["10.0.1.4"] = instance;
  const ec2::MintCredentials mint = [](const ec2::InstanceMetadata&) -> Result<iam::InstanceRole> {
    std::abort();
  };
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const size_t cut = size > 0 ? bytes[0] % size : 0;
  http::Request request;
  request.method = size % 3 == 0 ? "PUT" : "GET";
  request.target = text.substr(0, cut);
  request.headers.add("X-aws-ec2-metadata-token", text.substr(cut));
  request.headers.add("X-aws-ec2-metadata-token-ttl-seconds", text.substr(cut));
  const int status =
      ec2::answer_metadata(request, "10.0.1.4",
                           {.vpc = vpc, .token_key = key, .mint = mint, .now = {1'700'000'000'000}})
          .head.status;
  if (status != 200 && status != 400 && status != 401 && status != 404 && status != 405) std::abort();
  if (status == 200 && request.method == "GET") std::abort();
  return 0;
}
