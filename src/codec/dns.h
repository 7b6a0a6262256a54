// DNS messages (RFC 1035 section 4, RFC 6891 for EDNS): queries read strictly, answers written with
// compression into the caller's buffer. Nothing here allocates but parse_message(), which is for clients and
// tests.
//
// Reading never looks outside the bytes given, and a compression pointer must point strictly backwards, so
// that no message can make the reader loop.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/dns_name.h"

namespace landfall::dns {

enum class Type : uint16_t {
  A = 1,
  NS = 2,
  CNAME = 5,
  SOA = 6,
  PTR = 12,
  HINFO = 13,
  MX = 15,
  TXT = 16,
  AAAA = 28,
  SRV = 33,
  NAPTR = 35,
  OPT = 41,
  DS = 43,
  SPF = 99,
  IXFR = 251,
  AXFR = 252,
  ANY = 255,
  CAA = 257,
};
std::optional<Type> type_from_name(
    std::string_view name);        // upper case; only record types that a zone may hold
std::string type_name(Type type);  // "TYPE123" when unknown (RFC 3597 section 5)

enum class Rcode : uint8_t {
  no_error = 0,
  format_error = 1,
  server_failure = 2,
  name_error = 3,  // NXDOMAIN
  not_implemented = 4,
  refused = 5,
  bad_version = 16,  // needs EDNS: the upper bits are in OPT (RFC 6891 section 6.1.3)
};
std::string_view rcode_name(Rcode rcode);  // "NOERROR", "NXDOMAIN"...

inline constexpr uint16_t kClassIn = 1;
inline constexpr size_t kHeaderBytes = 12;
inline constexpr size_t kPlainUdpBytes = 512;  // RFC 1035 section 4.2.1
inline constexpr size_t kMaxUdpBytes =
    1232;  // fits an IPv6 minimum-MTU packet; what we offer and the most we send
inline constexpr size_t kMaxMessageBytes = 65535;

struct Query {
  uint16_t id = 0;
  uint8_t opcode = 0;
  bool recursion_desired = false;
  bool checking_disabled = false;
  bool has_question = false;
  Name name;  // in the sender's letters (they are echoed: draft "0x20" case mixing)
  Name lower_name;
  Type type = Type::A;
  uint16_t klass = kClassIn;
  bool has_edns = false;
  uint8_t edns_version = 0;
  bool dnssec_ok = false;
  uint16_t udp_bytes = kPlainUdpBytes;  // what the sender takes over UDP, at least 512
  uint32_t name_steps = 0;  // labels and pointers followed for all its names: what it cost to read
};

enum class QueryVerdict {
  ok,
  drop,          // not a query (too short, or a response): never answered, lest two servers talk for ever
  format_error,  // answer FORMERR; `id`, `opcode` and, if it was readable, the question are set
};
QueryVerdict parse_query(std::span<const uint8_t> bytes, Query& out);

enum class Section { answer, authority, additional };

struct ResponseHeader {
  Rcode rcode = Rcode::no_error;
  bool authoritative = false;
  bool recursion_available = false;
};

// Writes one message. Order of calls: begin, question, records by section, finish. A record is written whole
// or not at all.
class MessageWriter {
 public:
  // At most `limit` bytes of `buffer` are used.
  MessageWriter(std::span<uint8_t> buffer, size_t limit);

  // Header, question and, when the query had EDNS, room kept for OPT. The buffer must hold 512 bytes.
  void begin_response(const Query& query, const ResponseHeader& header);
  // A query of our own (tests, probes).
  void begin_query(uint16_t id, const Name& name, Type type);

  // `rdata` is uncompressed; its names are compressed where RFC 3597 section 4 allows. False: no room,
  // nothing written.
  bool record(Section section, std::string_view owner, Type type, uint32_t ttl, std::string_view rdata);

  struct Mark {
    size_t size;
    size_t names;
    std::array<uint16_t, 4> counts;
  };
  Mark mark() const;
  void roll_back(const Mark& mark);  // forgets what was written since

  void set_truncated();
  size_t finish();  // writes OPT and the counts; the size of the message

 private:
  void u8(uint8_t v) { buffer_[size_++] = v; }
  void u16(uint16_t v);
  void u32(uint32_t v);
  bool has_room(size_t bytes) const { return size_ + bytes <= limit_; }
  bool name(std::string_view wire);
  bool raw(std::string_view bytes);
  bool rdata_of(Type type, std::string_view rdata);
  std::optional<uint16_t> find_name(std::string_view wire) const;
  bool name_at_equals(size_t offset, std::string_view wire) const;

  static constexpr size_t kMaxRememberedNames = 96;
  std::span<uint8_t> buffer_;
  size_t limit_;
  size_t size_ = 0;
  std::array<uint16_t, 4> counts_{};                   // questions, then the three sections
  std::array<uint16_t, kMaxRememberedNames> names_{};  // where a name or a tail of one starts
  size_t name_count_ = 0;
  bool edns_ = false;
  uint8_t edns_rcode_ = 0;
  bool edns_dnssec_ok_ = false;
};

struct Record {
  Section section = Section::answer;
  Name owner;
  Type type = Type::A;
  uint16_t klass = kClassIn;
  uint32_t ttl = 0;
  std::string rdata;  // names inside are uncompressed
};

struct Message {
  uint16_t id = 0;
  bool response = false, authoritative = false, truncated = false;
  bool recursion_desired = false, recursion_available = false;
  Rcode rcode = Rcode::no_error;
  Name question;
  Type question_type = Type::A;
  std::vector<Record> records;  // OPT included, as it stands
};
Result<Message> parse_message(std::span<const uint8_t> bytes);

}  // namespace landfall::dns
