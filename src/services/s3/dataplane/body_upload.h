// BodyUpload: a request's body into the store: decoded, hashed, verified, staged. Then a commit may name it.
#pragma once

#include "services/s3/dataplane/request.h"

namespace landfall::s3 {

inline constexpr uint64_t kMaxUploadBytes = 5ull << 30;  // one PutObject or UploadPart: EntityTooLarge

struct UploadedBody {
  StagedBody body;
  std::string md5_hex;
  StoredChecksum checksum;
};

// Reads the whole body. `staged` is called once, on the loop or on a thread of the store; a failure has been
// answered already, then it is not called.
void upload_body(std::shared_ptr<S3Request> request, std::move_only_function<void(UploadedBody)> staged);

}  // namespace landfall::s3
