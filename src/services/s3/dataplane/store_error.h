// StoreError: why the object store refused or failed. The API turns each kind into S3's own error.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace landfall::s3 {

enum class StoreErrc {
  io,        // the disk failed; `message` says where
  corrupt,   // stored bytes do not match their checksum
  no_space,  // the disk is too full for what adds to it; nothing was stored
  busy,      // the commit queue is full: ask again later
  no_such_bucket,
  bucket_exists,
  bucket_not_empty,
  no_such_key,
  no_such_version,
  precondition_failed,
  no_such_upload,
  invalid_part,    // a part that was not uploaded, or whose etag differs
  part_too_small,  // a part below kMinPartBytes that is not the last
  object_locked,   // Object Lock protects the version
  refused,         // by the caller's own judgement within the commit; `message` is the S3 error code
};

struct StoreError {
  StoreErrc code = StoreErrc::io;
  std::string message;
};

template <class T = void>
using StoreResult = std::expected<T, StoreError>;

inline std::unexpected<StoreError> store_fail(StoreErrc code, std::string message = {}) {
  return std::unexpected(StoreError{code, std::move(message)});
}

}  // namespace landfall::s3
