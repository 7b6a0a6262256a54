// Vectors: the chunked upload examples of the S3 API reference (66,560 bytes of 'a' in chunks of 64 KiB).
#include "aws/sigv4_chunked.h"

#include <gtest/gtest.h>

namespace landfall::aws::sigv4 {
namespace {

using Status = ChunkedDecoder::Status;
const Secret kSecret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

Claim claim(std::string_view seed) {
  Claim c{.form = ClaimForm::header};
  c.date = "20130524";
  c.region = "us-east-1";
  c.service = "s3";
  c.timestamp = "20130524T000000Z";
  c.signature = seed;
  return c;
}

std::string chunk(size_t size, const std::string& signature) {
  char digits[20];
  std::snprintf(digits, sizeof digits, "%zx", size);
  std::string text = digits;
  if (!signature.empty()) text += ";chunk-signature=" + signature;
  return text + "\r\n" + std::string(size, 'a') + (size > 0 ? "\r\n" : "");
}

const std::string kSigned = chunk(65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648") +
                            chunk(1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497") +
                            chunk(0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9") +
                            "\r\n";
constexpr char kSeed[] = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";

const std::string kSignedTrailer =
    chunk(65536, "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2") +
    chunk(1024, "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7") +
    chunk(0, "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992") +
    "x-amz-checksum-crc32c:sOO8/Q==\r\n"
    "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n";
constexpr char kTrailerSeed[] = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";

ChunkedDecoder signed_decoder() {
  return ChunkedDecoder(
      ChunkedDecoder::signed_options(PayloadKind::streaming_signed, 66560, claim(kSeed), kSecret));
}

struct Outcome {
  std::string code;  // "complete", "need_more" or the error's
  std::string payload;
};

Outcome decode(ChunkedDecoder decoder, std::string_view wire, size_t step) {
  Outcome outcome{"need_more", ""};
  for (size_t at = 0; at < wire.size(); at += step) {
    auto status = decoder.feed(wire.substr(at, step), [&](std::string_view run) { outcome.payload += run; });
    if (!status) return {status.error().code, outcome.payload};
    outcome.code = *status == Status::complete ? "complete" : "need_more";
  }
  return outcome;
}

Outcome decode_unsigned(std::string_view wire, uint64_t length) {
  return decode(ChunkedDecoder(ChunkedDecoder::unsigned_options(length)), wire, 1);
}

}  // namespace

TEST(ChunkedDecoder, AcceptsTheSignedExampleHoweverItIsCut) {
  for (size_t step : {size_t{1}, size_t{7}, size_t{1460}, kSigned.size()}) {
    auto outcome = decode(signed_decoder(), kSigned, step);
    EXPECT_EQ(outcome.code, "complete") << step;
    EXPECT_EQ(outcome.payload, std::string(66560, 'a'));
  }
}

TEST(ChunkedDecoder, RefusesATamperedByteReorderedChunksAndAWrongSeed) {
  std::string tampered = kSigned;
  tampered[1000] = 'b';
  EXPECT_EQ(decode(signed_decoder(), tampered, 4096).code, "SignatureDoesNotMatch");
  std::string dropped = kSigned;
  dropped.erase(0, chunk(65536, std::string(64, 'x')).size());
  EXPECT_EQ(decode(signed_decoder(), dropped, 4096).code, "SignatureDoesNotMatch");
  const std::string seed(64, '0');
  ChunkedDecoder other(
      ChunkedDecoder::signed_options(PayloadKind::streaming_signed, 66560, claim(seed), kSecret));
  EXPECT_EQ(decode(std::move(other), kSigned, 4096).code, "SignatureDoesNotMatch");
  std::string unsigned_chunks = chunk(65536, "") + chunk(1024, "") + chunk(0, "") + "\r\n";
  EXPECT_EQ(decode(signed_decoder(), unsigned_chunks, 4096).code, "SignatureDoesNotMatch");
}

TEST(ChunkedDecoder, AcceptsTheSignedTrailerExampleAndRefusesATamperedTrailer) {
  auto decoder = [] {
    return ChunkedDecoder(ChunkedDecoder::signed_options(PayloadKind::streaming_signed_trailer, 66560,
                                                         claim(kTrailerSeed), kSecret));
  };
  ChunkedDecoder whole = decoder();
  auto status = whole.feed(kSignedTrailer, [](std::string_view) {});
  ASSERT_TRUE(status) << status.error().message << "\n" << status.error().details[1].second;
  EXPECT_EQ(*status, Status::complete);
  EXPECT_EQ(whole.trailers().get("x-amz-checksum-crc32c"), "sOO8/Q==");
  std::string tampered = kSignedTrailer;
  tampered.replace(tampered.find("sOO8"), 4, "sOO9");
  EXPECT_EQ(decode(decoder(), tampered, 4096).code, "SignatureDoesNotMatch");
  std::string unsigned_trailer = kSignedTrailer;
  unsigned_trailer.replace(unsigned_trailer.find("x-amz-trailer-signature"), 23, "x-amz-trailer-other----");
  EXPECT_NE(decode(decoder(), unsigned_trailer, 4096).code, "complete");
}

TEST(ChunkedDecoder, TakesUnsignedChunksWithTrailers) {
  auto outcome =
      decode_unsigned("5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n", 11);
  EXPECT_EQ(outcome.code, "complete");
  EXPECT_EQ(outcome.payload, "hello world");
  EXPECT_EQ(decode_unsigned("0\r\n\r\n", 0).code, "complete");
}

TEST(ChunkedDecoder, RefusesBrokenFraming) {
  EXPECT_EQ(decode_unsigned("zz\r\nhello", 5).code, "IncompleteBody");
  EXPECT_EQ(decode_unsigned("\r\n", 5).code, "IncompleteBody");
  EXPECT_EQ(decode_unsigned("5\r\nhelloX\r\n", 5).code, "IncompleteBody");
  EXPECT_EQ(decode_unsigned("6\r\nhello!\r\n", 5).code, "IncompleteBody");
  EXPECT_EQ(decode_unsigned("ffffffffffffffffff\r\n", 5).code, "IncompleteBody");
  EXPECT_EQ(decode_unsigned("4\r\nhell\r\n0\r\n\r\n", 5).code, "IncompleteBody");
  EXPECT_EQ(decode_unsigned("0\r\n\r\nmore", 0).code, "IncompleteBody");
  EXPECT_EQ(decode_unsigned("0\r\nnonsense\r\n\r\n", 0).code, "MalformedTrailerError");
  EXPECT_EQ(decode_unsigned(std::string(5000, '1'), 5).code, "IncompleteBody");
  std::string trailers = "0\r\n";
  for (int i = 0; i < 100; ++i) trailers += "x-amz-t: " + std::string(500, 'v') + "\r\n";
  EXPECT_EQ(decode_unsigned(trailers, 0).code, "MalformedTrailerError");
  EXPECT_EQ(decode_unsigned("5\r\nhel", 5).code, "need_more");
}

}  // namespace landfall::aws::sigv4
