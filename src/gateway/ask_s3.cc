#include "gateway/ask_s3.h"

#include <utility>

namespace landfall {
std::string S3Answers::key_of(const S3Client::Request& request) {
  return request.method + " " + request.path + "?" + request.query + " " + request.principal;
}

const Result<S3Reply>* S3Answers::find(const S3Client::Request& request) const {
  const auto found = replies_.find(key_of(request));
  return found == replies_.end() ? nullptr : &found->second;
}

std::optional<S3Reply> ask_s3(const Call& call, S3Client::Request request) {
  if (call.s3_answers == nullptr) return std::nullopt;
  const Result<S3Reply>* reply = call.s3_answers->find(request);
  if (reply == nullptr) throw S3Wanted{std::move(request)};
  if (!*reply)
    throw ServiceError("ServiceUnavailable", 503, "Amazon S3 did not answer: " + reply->error().message);
  return **reply;
}

}  // namespace landfall
