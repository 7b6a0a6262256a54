// A query's bytes to an answer's bytes: what UDP and TCP share.
#pragma once

#include <memory>
#include <span>

#include "base/random.h"
#include "services/route53/dataplane/answer.h"

namespace landfall::route53 {

enum class Transport { udp, tcp };

// Answers for one socket. Used on one loop only.
class Responder {
 public:
  virtual ~Responder() = default;
  virtual void answer(const dns::Query& query, Answer& out) = 0;
  virtual bool recursion_available() const = 0;
};

// `tables` must outlive it.
std::unique_ptr<Responder> authoritative_responder(const Tables& tables, std::string region);
std::unique_ptr<Responder> resolver_responder(ResolverView view);
// The view may be changed between queries, on the responder's loop.
std::unique_ptr<Responder> resolver_responder(std::shared_ptr<const ResolverView> view);

// The size of the answer written to `out` (at least 512 octets; for TCP 65535 allow any answer), 0: say
// nothing. `scratch` is cleared; it is a parameter so that its memory is used again.
size_t respond(std::span<const uint8_t> query, Transport transport, Responder& responder, Answer& scratch,
               std::span<uint8_t> out);

}  // namespace landfall::route53
