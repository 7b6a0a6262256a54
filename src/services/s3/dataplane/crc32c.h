// CRC-32C (Castagnoli, RFC 3720 appendix B.4): what guards every stored byte, and S3's x-amz-checksum-crc32c.
#pragma once

#include <cstdint>
#include <string_view>

namespace landfall::s3 {

// The CRC of `bytes` appended to data whose CRC is `before` (0 for none).
uint32_t crc32c(std::string_view bytes, uint32_t before = 0);

}  // namespace landfall::s3
