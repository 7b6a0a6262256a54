#include "services/ec2/dataplane/metadata_service.h"

#include <set>

#include "aws/arn.h"
#include "codec/fields.h"

namespace landfall::ec2 {

inline constexpr http::ServerLimits kMetadataLimits{
    .header_bytes = 8 * 1024, .idle_timeout_ms = 15'000, .connections = 512};

MetadataService::MetadataService(Options options) : options_(options), token_key_(options.random.bytes(32)) {}

Result<> MetadataService::apply(std::string_view vpc_id, const std::string* document) {
  if (document == nullptr) {
    vpcs_.erase(std::string(vpc_id));
  } else {
    LF_TRY(vpcs_[std::string(vpc_id)], from_json<MetadataSnapshot>(*document));
  }
  std::set<std::string> present;
  for (const auto& [id, vpc] : vpcs_)
    for (const auto& [address, instance] : vpc.instances) present.insert(instance.instance_id);
  std::erase_if(credentials_, [&](const auto& entry) { return !present.contains(entry.first); });
  return {};
}

Result<> MetadataService::serve(std::string_view vpc_id, UniqueFd listener) {
  auto& server = servers_[std::string(vpc_id)];
  if (!server) server = http::HttpServer::create(options_.loop);
  return server->serve(std::move(listener),
                       {.transport = http::Transport::plain, .tls = {}, .limits = kMetadataLimits},
                       [this, vpc_id = std::string(vpc_id)](std::shared_ptr<http::Exchange> exchange) {
                         const http::Request& request = exchange->request();
                         MetadataAnswer out = answer(vpc_id, request, request.peer.address);
                         exchange->respond(std::move(out.head), std::move(out.body));
                       });
}

MetadataAnswer MetadataService::answer(std::string_view vpc_id, const http::Request& request,
                                       std::string_view caller_ip) {
  static const MetadataSnapshot kNothing;
  const auto vpc = vpcs_.find(vpc_id);
  const MintCredentials mint_credentials = [this](const InstanceMetadata& instance) {
    return mint(instance);
  };
  return answer_metadata(request, caller_ip,
                         {.vpc = vpc == vpcs_.end() ? kNothing : vpc->second,
                          .token_key = token_key_,
                          .mint = mint_credentials,
                          .now = options_.clock.now()});
}

Result<iam::InstanceRole> MetadataService::mint(const InstanceMetadata& instance) {
  const Timestamp now = options_.clock.now();
  const auto cached = credentials_.find(instance.instance_id);
  if (cached != credentials_.end() && cached->second.profile_arn == instance.profile_arn &&
      cached->second.role_id == instance.role_id &&
      cached->second.role.credentials.expires.unix_ms - now.unix_ms > kRenewBeforeMs)
    return cached->second.role;
  if (!iam_) return fail("identities are not known yet");
  // An instance and its profile are of one account.
  const auto profile = aws::split_arn(instance.profile_arn);
  const iam::AccountIdentities* account = profile ? iam_->account(profile->account) : nullptr;
  if (account == nullptr) return fail("there is no account of the instance profile " + instance.profile_arn);
  LF_TRY(iam::InstanceRole role, iam::issue_instance_role(*account, instance.profile_arn,
                                                          instance.instance_id, now, options_.random));
  credentials_.insert_or_assign(instance.instance_id, Cached{instance.profile_arn, instance.role_id, role});
  return role;
}

}  // namespace landfall::ec2
