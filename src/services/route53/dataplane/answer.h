// The decisions of DNS, as functions of a query and tables: no I/O, no clock, no state.
//   answer()   what an authoritative server says (RFC 1034 section 4.3.2, RFC 4592, RFC 8482)
//   resolve()  what a VPC's resolver, or the operator's, says
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "codec/dns.h"
#include "services/route53/dataplane/tables.h"

namespace landfall::route53 {

// Views lead into the tables, the query or `kept`: valid until the tables change or the Answer is cleared.
// Records of one set stand together.
struct AnswerRecord {
  dns::Section section = dns::Section::answer;
  std::string_view owner;
  dns::Type type = dns::Type::A;
  uint32_t ttl = 0;
  std::string_view rdata;
};

struct Answer {
  dns::Rcode rcode = dns::Rcode::no_error;
  bool authoritative = false;
  std::vector<AnswerRecord> records;
  std::deque<std::string> kept;  // data made for this answer

  void clear() {
    rcode = dns::Rcode::no_error;
    authoritative = false;
    records.clear();
    kept.clear();
  }
  std::string_view keep(std::string data) { return kept.emplace_back(std::move(data)); }
};

inline constexpr int kMaxChain = 16;             // CNAMEs followed for one query
inline constexpr size_t kMaxMultivalue = 8;      // AWS: a multivalue answer has up to eight records
inline constexpr uint32_t kSynthesizedTtl = 60;  // endpoint names, ip-10-0-0-1.ec2.internal

struct AnswerOptions {
  uint64_t random = 0;        // chooses among weighted records and turns the order of the others
  std::string_view region;    // latency records: the one of this region
  std::string_view vpc_id{};  // where the client is; empty: outside
};

// REFUSED for a name that no public zone holds and AWS does not own.
void answer(const dns::Query& query, const Tables& tables, const AnswerOptions& options, Answer& out);

struct Ipv4Network {
  uint32_t address = 0;  // host order
  int prefix = 32;
  bool holds(uint32_t other) const { return prefix == 0 || (address ^ other) >> (32 - prefix) == 0; }
};

// What a resolver sees. Order: private zones of its VPC, names AWS owns, localhost, names made of addresses,
// AWS's endpoints, public zones. Anything else does not exist here: NXDOMAIN, for nothing leaves the machine.
struct ResolverView {
  const Tables* tables = nullptr;
  std::string vpc_id;                 // empty: the operator's resolver
  std::vector<Ipv4Network> networks;  // of the VPC: whose addresses have names
  std::string region = "us-east-1";
  uint32_t endpoint_address = 0;  // host order; *.amazonaws.com
  uint32_t s3_address = 0;        // of S3's names; 0: as the others
  // Names that VPC endpoints answer to in this VPC, in lower case with the final dot, and their interfaces'
  // addresses. "*." stands for any one label, or several.
  std::map<std::string, std::vector<uint32_t>, std::less<>> endpoint_names;
};
void resolve(const dns::Query& query, const ResolverView& view, uint64_t random, Answer& out);

}  // namespace landfall::route53
