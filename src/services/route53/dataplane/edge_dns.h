// EdgeDns: all DNS of the edge role: on each worker the authoritative server and the operator's resolver, on
// public addresses; and for each VPC a resolver, on one worker, behind sockets that host opens in the VPC.
//
// Fed with the documents of control: zones and names go to every worker's Tables; a VPC's MetadataSnapshot
// (EC2's; vpc_id, vpc_cidrs, dns_support and endpoints are read) starts, changes or ends its resolver.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "runtime/event_loop.h"

namespace landfall::route53 {

inline constexpr char kVpcDocumentKind[] = "MetadataSnapshot";
inline constexpr char kVpcResolverAddress[] = "169.254.169.253";  // and the VPC's base + 2
inline constexpr char kVpcEndpointAddress[] = "169.254.169.252";  // what *.amazonaws.com is inside a VPC
inline constexpr char kVpcS3Address[] = "169.254.169.251";        // and S3's names

struct EdgeDnsOptions {
  std::string region = "us-east-1";
  std::string authoritative_address;  // "127.77.0.2"
  std::string endpoint_address;  // "127.77.0.1": the operator's resolver, and its answer for *.amazonaws.com
  uint16_t port = 53;
  // What health checks saw, for control; any thread's loop.
  std::function<void(std::string kind, std::string id, std::string document)> report;
};

struct VpcSocket {
  enum class Kind { udp, tcp_listener } kind;
  std::string address;
  uint16_t port = 53;
};
// Asks host for sockets bound in a VPC. Called on `loop`, and calls `done` on it, once: all sockets in order,
// or an Error (EdgeDns asks again later).
using OpenVpcSockets =
    std::function<void(EventLoop& loop, const std::string& vpc_id, std::vector<VpcSocket> sockets,
                       std::move_only_function<void(Result<std::vector<UniqueFd>>)> done)>;

class EdgeDns {
 public:
  // Binds the public sockets, so that an address in use is told at once. The loops may run already, and must
  // end before EdgeDns does.
  static Result<std::unique_ptr<EdgeDns>> create(std::vector<EventLoop*> workers, EdgeDnsOptions options,
                                                 OpenVpcSockets open_sockets);
  virtual ~EdgeDns() = default;

  static bool takes(std::string_view kind);
  // One thread, any. `document` is nullptr when it is gone. An Error: a broken document; what is served
  // stays.
  virtual Result<> apply(std::string_view kind, std::string_view id, const std::string* document) = 0;
};

}  // namespace landfall::route53
