#include "services/s3/dataplane/checksum.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace landfall::s3 {
namespace {

std::string checksum(ChecksumAlgorithm algorithm, std::string_view bytes) {
  auto digest = Digest::of(algorithm);
  digest->update(bytes.substr(0, bytes.size() / 3));
  digest->update(bytes.substr(bytes.size() / 3));
  return digest->finish();
}

// The check values of the catalogue of parametrised CRC algorithms, over "123456789".
TEST(Checksum, crcs_match_their_published_check_values) {
  EXPECT_EQ(to_hex(checksum(ChecksumAlgorithm::crc32, "123456789")), "cbf43926");
  EXPECT_EQ(to_hex(checksum(ChecksumAlgorithm::crc32c, "123456789")), "e3069283");
  EXPECT_EQ(to_hex(checksum(ChecksumAlgorithm::crc64nvme, "123456789")), "ae8b14860a799888");
}

TEST(Checksum, of_parts_combines_into_that_of_the_whole) {
  std::string whole(100'000, '\0');
  for (size_t i = 0; i < whole.size(); ++i) whole[i] = static_cast<char>(i * 7 + i / 251);
  for (auto algorithm : {ChecksumAlgorithm::crc32, ChecksumAlgorithm::crc32c, ChecksumAlgorithm::crc64nvme}) {
    std::vector<PartRecord> parts;
    for (size_t at = 0; at < whole.size(); at += 33'333) {
      PartRecord part;
      part.size = std::min<size_t>(33'333, whole.size() - at);
      part.checksum = {algorithm, ChecksumType::full_object,
                       to_base64(checksum(algorithm, whole.substr(at, 33'333)))};
      parts.push_back(part);
    }
    auto combined = combine_checksums(algorithm, ChecksumType::full_object, parts);
    EXPECT_EQ(combined->value, to_base64(checksum(algorithm, whole))) << name_of(algorithm);
    EXPECT_TRUE(combine_checksums(algorithm, ChecksumType::composite, parts)->value.ends_with("-4"));
  }
}

TEST(Checksum, the_etag_of_a_multipart_object_is_the_md5_of_its_parts_md5s) {
  PartRecord part;
  part.etag = "d41d8cd98f00b204e9800998ecf8427e";
  EXPECT_EQ(multipart_etag({part}), "59adb24ef3cdbe0297f05b395827453f-1");
}

}  // namespace
}  // namespace landfall::s3
