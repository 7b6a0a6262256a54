// The ChecksumCRC32, ChecksumSHA1, ... members that many generated shapes have, by algorithm.
#pragma once

#include <optional>
#include <string>

#include "services/s3/dataplane/checksum.h"

namespace landfall::s3 {

template <class Shape>
auto& checksum_field(Shape& shape, ChecksumAlgorithm algorithm) {
  switch (algorithm) {
    case ChecksumAlgorithm::none:
    case ChecksumAlgorithm::crc32:
      break;
    case ChecksumAlgorithm::crc32c:
      return shape.ChecksumCRC32C;
    case ChecksumAlgorithm::sha1:
      return shape.ChecksumSHA1;
    case ChecksumAlgorithm::sha256:
      return shape.ChecksumSHA256;
    case ChecksumAlgorithm::crc64nvme:
      return shape.ChecksumCRC64NVME;
  }
  return shape.ChecksumCRC32;
}

template <class Shape>
void set_checksum(Shape& shape, const StoredChecksum& checksum) {
  if (checksum.algorithm != ChecksumAlgorithm::none)
    checksum_field(shape, checksum.algorithm) = checksum.value;
}

inline const char* name_of(ChecksumType type) {
  return type == ChecksumType::composite ? "COMPOSITE" : "FULL_OBJECT";
}

}  // namespace landfall::s3
