#include "roles/edge_api.h"

#include <cerrno>

#include "aws/protocol/identify.h"
#include "base/log.h"
#include "codec/fields.h"
#include "frontdoor/peer_header.h"
#include "roles/edge_vpcs.h"
#include "runtime/countdown.h"
#include "services/s3/s3.h"

namespace landfall::roles {
namespace {

// What a client gets while control is away: AWS's own answer to come back later, which SDKs obey.
constexpr char kUnavailable[] =
    "<ErrorResponse><Error><Code>ServiceUnavailable</Code><Message>The control role is not answering; try "
    "again.</Message></Error></ErrorResponse>";

// Landfall's own operations, which no AWS service has: control's. No bucket's name begins with '_'.
constexpr std::string_view kOwnPaths = "/_landfall/";

bool is_hop_by_hop(std::string_view name) {
  for (std::string_view hop : {"connection", "keep-alive", "transfer-encoding", "te", "upgrade",
                               "proxy-connection", "content-length", "expect"})
    if (http::equals_ignoring_case(name, hop)) return true;
  return false;
}

}  // namespace

EdgeApi::EdgeApi(EventLoop& loop, Options options)
    : loop_(loop),
      options_(std::move(options)),
      client_(http::Client::create(loop)),
      control_(http::Endpoint::unix_socket(options_.control_socket)),
      server_(http::HttpServer::create(loop)) {}

EdgeApi::~EdgeApi() = default;

http::ListenOptions EdgeApi::listen_options(http::Transport transport) const {
  http::ListenOptions options{.transport = transport};
  if (transport != http::Transport::plain) options.tls = [this](std::string_view) { return certificate_; };
  return options;
}

Result<> EdgeApi::serve(UniqueFd listener, http::Transport transport) {
  return server_->serve(std::move(listener), listen_options(transport),
                        [this](std::shared_ptr<http::Exchange> exchange) { handle(std::move(exchange)); });
}

Result<> EdgeApi::serve_trusted_s3(UniqueFd listener) {
  return server_->serve(std::move(listener), {}, [this](std::shared_ptr<http::Exchange> exchange) {
    options_.s3->handle(loop_, std::move(exchange), s3::TrustedPeer::yes);
  });
}

void EdgeApi::drain(std::move_only_function<void()> drained) {
  const auto left = std::make_shared<Countdown>(1 + vpcs_.size(), std::move(drained));
  server_->drain(Countdown::part(left));
  for (auto& [vpc_id, server] : vpcs_) server->drain(Countdown::part(left));
}

Result<> EdgeApi::serve_vpc(const std::string& place, UniqueFd listener, http::Transport transport) {
  auto& server = vpcs_[place];
  if (!server) server = http::HttpServer::create(loop_);
  return server->serve(std::move(listener), listen_options(transport),
                       [this, vpc_id = vpc_of_place(place)](std::shared_ptr<http::Exchange> exchange) {
                         handle_in_vpc(vpc_id, std::move(exchange));
                       });
}

void EdgeApi::set_endpoints(const std::string& vpc_id, std::shared_ptr<const VpcEndpoints> endpoints) {
  if (endpoints == nullptr)
    endpoints_.erase(vpc_id);
  else
    endpoints_[vpc_id] = std::move(endpoints);
}

// Whoever has a way to S3 alone finds nothing else there, whatever the request says it is for.
void EdgeApi::handle_in_vpc(const std::string& vpc_id, std::shared_ptr<http::Exchange> exchange) {
  const http::Peer& peer = exchange->request().peer;
  if (peer.local_address != kVpcS3Address && !aws::is_s3_request(exchange->request()))
    return handle(std::move(exchange));
  const auto endpoints = endpoints_.find(vpc_id);
  auto origin = endpoints == endpoints_.end()
                    ? nullptr
                    : endpoints->second->origin_of(peer.address, peer.local_address);
  options_.s3->handle(loop_, std::move(exchange), s3::TrustedPeer::no, std::move(origin));
}

void EdgeApi::handle(std::shared_ptr<http::Exchange> exchange) {
  const bool own = exchange->request().target.starts_with(kOwnPaths);
  if (!own && aws::is_s3_request(exchange->request())) return options_.s3->handle(loop_, std::move(exchange));
  exchange->read_whole_body(kMaxApiBodyBytes, [this, exchange](Result<std::string> body) {
    if (!body && body.error().error_number == ENOMEM)
      return exchange->respond({.status = 503}, body.error().message + "\n");
    if (!body)
      return exchange->respond({.status = 413}, "the request's body is broken or larger than " +
                                                    std::to_string(kMaxApiBodyBytes) + " bytes\n");
    forward(exchange, std::move(*body));
  });
}

void EdgeApi::forward(std::shared_ptr<http::Exchange> exchange, std::string body) {
  const http::Request& in = exchange->request();
  http::ClientRequest out;
  out.head.method = in.method;
  out.head.target = in.target;
  out.head.authority = in.authority;
  for (const http::Header& header : in.headers)
    if (!is_hop_by_hop(header.name) && !http::equals_ignoring_case(header.name, kPeerHeader))
      out.head.headers.add(header.name, header.value);
  out.head.headers.add(kPeerHeader, to_json(PeerHeader{.source_ip = in.peer.address, .tls = in.peer.tls}));
  out.body = std::move(body);
  client_->fetch(control_, std::move(out), kMaxApiAnswerBytes,
                 [exchange](std::expected<http::Fetched, http::ClientError> answer) {
                   if (!answer) {
                     log::warn("control did not answer: {}", answer.error().message);
                     http::Response unavailable{.status = 503};
                     unavailable.headers.add("retry-after", "1");
                     unavailable.headers.add("content-type", "text/xml");
                     return exchange->respond(std::move(unavailable), kUnavailable);
                   }
                   http::Response head{.status = answer->head.status};
                   for (const http::Header& header : answer->head.headers)
                     if (!is_hop_by_hop(header.name)) head.headers.add(header.name, header.value);
                   exchange->respond(std::move(head), std::move(answer->body));
                 });
}

}  // namespace landfall::roles
