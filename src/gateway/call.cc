#include "gateway/call.h"

#include <stdexcept>

namespace landfall {

std::string Call::arn(std::string_view service, std::string_view resource) const {
  return "arn:" + partition() + ":" + std::string(service) + ":" + region + ":" + account + ":" +
         std::string(resource);
}

std::string Call::global_arn(std::string_view service, std::string_view resource) const {
  return "arn:" + partition() + ":" + std::string(service) + "::" + account + ":" + std::string(resource);
}

Call Call::as_service(std::string_view service_principal) const {
  Call call = *this;
  call.caller =
      Caller{.kind = CallerKind::service, .account = account, .service = std::string(service_principal)};
  call.authorize = [](std::string_view, std::string_view, const std::map<std::string, std::string>&) {};
  return call;
}

void ControlPlane::transact(std::string_view service_principal, const std::function<void(Call&)>& body) {
  transact(service_principal, config.account, config.region, body);
}

void ControlPlane::transact(std::string_view service_principal, std::string_view account,
                            std::string_view region, const std::function<void(Call&)>& body) {
  store::Txn txn(store);
  Call call{
      .plane = *this,
      .txn = txn,
      .caller = {.kind = CallerKind::service,
                 .account = std::string(account),
                 .service = std::string(service_principal)},
      .account = std::string(account),
      .region = std::string(region),
      .request_id = random.uuid(),
      .now = clock.now(),
      .authorize = [](std::string_view, std::string_view, const std::map<std::string, std::string>&) {}};
  body(call);
  if (auto revision = txn.commit(); !revision) throw std::runtime_error(revision.error().message);
}

ResourceKey parse_resource_key(std::string_view key) {
  const size_t first = key.find('/');
  LF_INVARIANT(first != std::string_view::npos, "a resource key without account");
  const std::string_view rest = key.substr(first + 1);
  const size_t second = rest.find('/');
  if (second == std::string_view::npos) return {std::string(key.substr(0, first)), "", std::string(rest)};
  return {std::string(key.substr(0, first)), std::string(rest.substr(0, second)),
          std::string(rest.substr(second + 1))};
}

}  // namespace landfall
