// ask_s3(): an answer of S3 within a handler, which does no I/O and does not wait.
//
//   const auto reply = ask_s3(call, {.method = "PUT", .path = "/bucket/key", ...});
//   if (reply && reply->status == 403) throw ...
//
// The first time the question is asked the handler is left by an S3Wanted: its transaction is given up, the
// gateway asks S3, and the call begins anew with that answer at hand. So a handler that asks may run several
// times before its changes are made; what it does to S3 must not mind being done in vain.
//
// Threads: control's.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "gateway/call.h"

namespace landfall {

// What S3 has answered to one API call so far.
class S3Answers {
 public:
  static std::string key_of(const S3Client::Request& request);
  void add(const S3Client::Request& request, Result<S3Reply> reply) {
    replies_.insert_or_assign(key_of(request), std::move(reply));
  }
  const Result<S3Reply>* find(const S3Client::Request& request) const;
  size_t size() const { return replies_.size(); }

 private:
  std::map<std::string, Result<S3Reply>> replies_;
};

// Thrown through the handler; not an error.
struct S3Wanted {
  S3Client::Request request;
};

// nullopt: this call cannot be begun anew (a reconciler makes it), so nobody can ask. Throws S3Wanted, and
// ServiceUnavailable when S3 could not be reached.
std::optional<S3Reply> ask_s3(const Call& call, S3Client::Request request);

}  // namespace landfall
