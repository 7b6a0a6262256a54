#include "services/s3/dataplane/record_codec.h"

#include <gtest/gtest.h>

namespace landfall::s3 {
namespace {

TEST(RecordCodec, every_record_reads_back_as_it_was_written) {
  BucketRecord bucket{7,
                      "name",
                      "123456789012",
                      "us-east-1",
                      {1'700'000'000'123},
                      Versioning::suspended,
                      {{"policy", "{}"}, {"cors", "<x/>"}},
                      99};
  EXPECT_EQ(decode<BucketRecord>(encode(bucket)), bucket);
  ObjectRecord object;
  object.version_id = "v";
  object.size = 1ull << 40;
  object.etag = "e";
  object.last_modified = {1};
  object.segments = {{BodyKind::file, {3, 9}, 5, 6, 0}, {BodyKind::inlined, {3, 10}, 0, 1, 0xffffffff}};
  object.part_sizes = {1, 2, 300};
  object.checksum = {ChecksumAlgorithm::crc64nvme, ChecksumType::composite, "abc-2"};
  object.attributes.headers = {{"content-type", "text/plain"}};
  object.attributes.metadata = {{"a", ""}};
  EXPECT_EQ(decode<ObjectRecord>(encode(object)), object);
  UploadRecord upload{"id", {5}, object.attributes, ChecksumAlgorithm::sha1, ChecksumType::full_object};
  EXPECT_EQ(decode<UploadRecord>(encode(upload)), upload);
  FileRecord file{2, 700'000, {1, 2, 0xffffffff}};
  EXPECT_EQ(decode<FileRecord>(encode(file)), file);
}

TEST(RecordCodec, every_truncation_and_every_flipped_byte_is_refused_or_harmless) {
  ObjectRecord object;
  object.etag = "0123456789abcdef";
  object.segments.resize(3);
  const std::string whole = encode(object);
  for (size_t n = 0; n < whole.size(); ++n)
    EXPECT_FALSE(decode<ObjectRecord>(std::string_view(whole).substr(0, n)));
  for (size_t n = 0; n < whole.size(); ++n) {
    std::string broken = whole;
    broken[n] ^= '\xff';
    (void)decode<ObjectRecord>(broken);  // must not read out of bounds
  }
  EXPECT_FALSE(decode<ObjectRecord>(whole + "x"));
}

}  // namespace
}  // namespace landfall::s3
