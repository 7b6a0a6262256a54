// What the multipart operations share.
#pragma once

#include "services/s3/dataplane/request.h"

namespace landfall::s3 {

inline constexpr uint32_t kMaxParts = 10'000;

S3Result<uint32_t> part_number_of(const S3Request& request);  // the query's partNumber

}  // namespace landfall::s3
