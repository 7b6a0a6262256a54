// Admission: which TCP connections from outside its VPC an interface takes: what its security groups and the
// network ACL of its subnet say. Within a VPC the kernel enforces both (src/host/network); a load balancer's
// public address is edge's own, and edge asks here. Pure.
// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html, vpc-network-acls.html
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace landfall::net {

struct AdmissionRule {
  bool allow = true;
  std::string cidr;  // IPv4; of the other side
  int64_t first_port = 0, last_port = 65'535;
  template <class V>
  void fields(V& v) {
    v("allow", allow);
    v("cidr", cidr);
    v("first_port", first_port);
    v("last_port", last_port);
  }
};

struct AdmissionRules {
  std::vector<AdmissionRule> groups;           // any that matches admits; none, and nobody is admitted
  std::vector<AdmissionRule> acl_in, acl_out;  // the first that matches decides; none, and nothing passes
  template <class V>
  void fields(V& v) {
    v("groups", groups);
    v("acl_in", acl_in);
    v("acl_out", acl_out);
  }
};

// The rules made ready. A rule whose CIDR cannot be read matches nothing.
class Admission {
 public:
  explicit Admission(const AdmissionRules& rules);
  // The ACL keeps no state: the answers to the client's port have to pass it, too.
  bool admits(std::string_view client_address, uint16_t client_port, uint16_t port) const;

 private:
  struct Rule {
    uint32_t base, mask;
    int64_t first_port, last_port;
    bool allow;
  };
  static std::vector<Rule> ready(const std::vector<AdmissionRule>& rules);
  static bool allowed(const std::vector<Rule>& rules, uint32_t address, uint16_t port);

  std::vector<Rule> groups_, acl_in_, acl_out_;
};

}  // namespace landfall::net
