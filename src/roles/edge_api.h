// EdgeApi: the API's front door in edge. On 127.0.0.1:<api port> (HTTP and TLS on one port), on the region's
// endpoint address (:80, :443) and, in every VPC, on 169.254.169.252, on 169.254.169.251 for S3 alone, and on
// the addresses of its interface endpoints (:80, :443): S3 requests are served here, every other is forwarded
// untouched to control over its Unix socket, with x-landfall-peer saying who asked.
//
// One EdgeApi per worker, on its loop. Bodies to control are read whole first (they are small, and limited).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "http/client.h"
#include "http/server.h"
#include "net/tls.h"
#include "roles/endpoint_snapshot.h"
#include "roles/vpc_endpoints.h"
#include "runtime/event_loop.h"

namespace landfall::s3 {
class S3Service;
}

namespace landfall::roles {

class EdgeApi {
 public:
  struct Options {
    std::string control_socket;
    s3::S3Service* s3 = nullptr;
  };
  EdgeApi(EventLoop& loop, Options options);
  ~EdgeApi();

  void set_certificate(net::TlsContext certificate) { certificate_ = std::move(certificate); }
  Result<> serve(UniqueFd listener, http::Transport transport);
  Result<> serve_trusted_s3(UniqueFd listener);  // control's own requests, on a Unix socket

  // Requests that have begun are answered; `drained`: all are.
  void drain(std::move_only_function<void()> drained);

  // The listeners of a place (edge_vpcs.h), and their end.
  Result<> serve_vpc(const std::string& place, UniqueFd listener, http::Transport transport);
  void forget_vpc(const std::string& place) { vpcs_.erase(place); }
  // Whence requests from a VPC come; null: it is gone.
  void set_endpoints(const std::string& vpc_id, std::shared_ptr<const VpcEndpoints> endpoints);

 private:
  void handle(std::shared_ptr<http::Exchange> exchange);
  void handle_in_vpc(const std::string& vpc_id, std::shared_ptr<http::Exchange> exchange);
  void forward(std::shared_ptr<http::Exchange> exchange, std::string body);
  http::ListenOptions listen_options(http::Transport transport) const;

  EventLoop& loop_;
  Options options_;
  net::TlsContext certificate_;
  std::unique_ptr<http::Client> client_;
  http::Endpoint control_;
  std::unique_ptr<http::HttpServer> server_;
  std::map<std::string, std::unique_ptr<http::HttpServer>> vpcs_;         // by place
  std::map<std::string, std::shared_ptr<const VpcEndpoints>> endpoints_;  // by VPC
};

}  // namespace landfall::roles
