#include "services/route53/dataplane/respond.h"

#include <algorithm>

namespace landfall::route53 {
namespace {

// A stream of numbers that spread answers; nothing secret hangs on it.
class Spread {
 public:
  Spread() { Random::system().fill(&state_, sizeof state_); }
  uint64_t next() {  // splitmix64
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }

 private:
  uint64_t state_ = 0;
};

class Authoritative final : public Responder {
 public:
  Authoritative(const Tables& tables, std::string region) : tables_(tables), region_(std::move(region)) {}
  void answer(const dns::Query& query, Answer& out) override {
    route53::answer(query, tables_, {.random = spread_.next(), .region = region_}, out);
  }
  bool recursion_available() const override { return false; }

 private:
  const Tables& tables_;
  std::string region_;
  Spread spread_;
};

class Resolver final : public Responder {
 public:
  explicit Resolver(std::shared_ptr<const ResolverView> view) : view_(std::move(view)) {}
  void answer(const dns::Query& query, Answer& out) override { resolve(query, *view_, spread_.next(), out); }
  bool recursion_available() const override { return true; }

 private:
  std::shared_ptr<const ResolverView> view_;
  Spread spread_;
};

// RFC 2181 section 9: a set that does not fit is left out whole, and TC says so.
void write_records(const std::vector<AnswerRecord>& records, dns::MessageWriter& writer) {
  for (size_t i = 0; i < records.size();) {
    const auto before = writer.mark();
    const AnswerRecord& first = records[i];
    for (; i < records.size() && records[i].type == first.type && records[i].section == first.section &&
           records[i].owner == first.owner;
         ++i) {
      const AnswerRecord& r = records[i];
      if (!writer.record(r.section, r.owner, r.type, r.ttl, r.rdata)) {
        writer.roll_back(before);
        writer.set_truncated();
        return;
      }
    }
  }
}

// What can be said without looking anything up.
std::optional<dns::Rcode> early_rcode(dns::QueryVerdict verdict, const dns::Query& query) {
  if (verdict == dns::QueryVerdict::format_error) return dns::Rcode::format_error;
  if (query.opcode != 0) return dns::Rcode::not_implemented;
  if (query.has_edns && query.edns_version != 0) return dns::Rcode::bad_version;  // RFC 6891 section 6.1.3
  return std::nullopt;
}

}  // namespace

std::unique_ptr<Responder> authoritative_responder(const Tables& tables, std::string region) {
  return std::make_unique<Authoritative>(tables, std::move(region));
}
std::unique_ptr<Responder> resolver_responder(std::shared_ptr<const ResolverView> view) {
  return std::make_unique<Resolver>(std::move(view));
}
std::unique_ptr<Responder> resolver_responder(ResolverView view) {
  return resolver_responder(std::make_shared<const ResolverView>(std::move(view)));
}

size_t respond(std::span<const uint8_t> bytes, Transport transport, Responder& responder, Answer& scratch,
               std::span<uint8_t> out) {
  dns::Query query;
  const auto verdict = dns::parse_query(bytes, query);
  if (verdict == dns::QueryVerdict::drop) return 0;
  scratch.clear();
  if (auto rcode = early_rcode(verdict, query)) {
    scratch.rcode = *rcode;
  } else {
    responder.answer(query, scratch);
  }
  const size_t limit = transport == Transport::tcp ? dns::kMaxMessageBytes
                       : query.has_edns            ? std::min<size_t>(query.udp_bytes, dns::kMaxUdpBytes)
                                                   : dns::kPlainUdpBytes;
  dns::MessageWriter writer(out, limit);
  writer.begin_response(query, {.rcode = scratch.rcode,
                                .authoritative = scratch.authoritative,
                                .recursion_available = responder.recursion_available()});
  write_records(scratch.records, writer);
  return writer.finish();
}

}  // namespace landfall::route53
