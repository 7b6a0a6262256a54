#include "services/s3/dataplane/payload.h"

#include <charconv>

#include "base/encoding.h"

namespace landfall::s3 {
namespace {

using aws::sigv4::PayloadKind;

std::optional<uint64_t> parse_length(std::optional<std::string_view> text) {
  if (!text || text->empty()) return std::nullopt;
  uint64_t value = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

}  // namespace

bool is_streaming(PayloadKind kind) {
  return kind != PayloadKind::whole_hash && kind != PayloadKind::unsigned_payload;
}

std::optional<uint64_t> decoded_length(const http::Request& request, PayloadKind kind) {
  return parse_length(
      request.headers.get(is_streaming(kind) ? "x-amz-decoded-content-length" : "content-length"));
}

S3Result<std::unique_ptr<Payload>> Payload::create(const http::Request& request,
                                                   const PayloadSignature& signature, Md5 md5) {
  std::unique_ptr<Payload> payload(new Payload);
  const PayloadKind kind = signature.claim.kind;
  payload->length_ = decoded_length(request, kind);
  if (is_streaming(kind)) {
    if (!payload->length_) return s3_fail("MissingContentLength");
    if (!signature.chunked) return s3_fail("AccessDenied");  // signed chunks of an unsigned request
    payload->decoder_.emplace(*signature.chunked);
  } else if (kind == PayloadKind::whole_hash) {
    payload->claimed_sha256_ = signature.claim.value;
    payload->wanted_.sha256 = true;
  }
  if (auto claimed = request.headers.get("content-md5")) {
    auto raw = from_base64(*claimed);
    if (!raw || raw->size() != 16) return s3_fail("InvalidDigest");
    payload->claimed_md5_ = std::move(*raw);
  }
  payload->wanted_.md5 = md5 == Md5::always || !payload->claimed_md5_.empty();
  payload->hashes_ = std::make_shared<HashStream>(payload->wanted_);
  LF_CHECK(payload->read_checksum_headers(request));
  return payload;
}

S3Result<> Payload::read_checksum_headers(const http::Request& request) {
  for (ChecksumAlgorithm algorithm : kChecksumAlgorithms) {
    auto value = request.headers.get(header_of(algorithm));
    if (!value) continue;
    if (algorithm_ != ChecksumAlgorithm::none) {
      return s3_fail("InvalidRequest",
                     "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    }
    algorithm_ = algorithm;
    claimed_checksum_ = *value;
    auto raw = from_base64(*value);
    if (!raw || raw->size() != Digest::of(algorithm)->finish().size()) {
      return s3_fail("InvalidRequest",
                     "Value for " + std::string(header_of(algorithm)) + " header is invalid.");
    }
  }
  if (auto trailer = request.headers.get("x-amz-trailer")) {
    auto algorithm = checksum_algorithm_of_header(*trailer);
    if (!algorithm)
      return s3_fail("InvalidRequest", "The value specified in the x-amz-trailer header is not supported");
    if (algorithm_ != ChecksumAlgorithm::none) {
      return s3_fail("InvalidRequest", "Expecting a single x-amz-checksum- header");
    }
    algorithm_ = *algorithm;
    checksum_in_trailer_ = true;
  }
  if (auto name = request.headers.get("x-amz-sdk-checksum-algorithm")) {
    auto algorithm = parse_checksum_algorithm(*name);
    if (!algorithm)
      return s3_fail("InvalidRequest",
                     "Checksum algorithm provided is unsupported. Please try again with any of the valid "
                     "types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
    if (algorithm_ == ChecksumAlgorithm::none) algorithm_ = *algorithm;
    if (algorithm_ != *algorithm) {
      return s3_fail("InvalidRequest", "Value for x-amz-sdk-checksum-algorithm header is invalid.");
    }
  }
  algorithm_digest_ = Digest::of(algorithm_);
  return {};
}

S3Result<> Payload::decode(std::string_view wire, const Sink& sink) {
  if (!decoder_) {
    received_ += wire.size();
    sink(wire);
    return {};
  }
  auto status = decoder_->feed(wire, sink);
  if (!status) return std::unexpected(from_auth(std::move(status).error()));
  complete_ = *status == aws::sigv4::ChunkedDecoder::Status::complete;
  return {};
}

S3Result<> Payload::end() {
  if (decoder_) {
    if (!complete_) return std::unexpected(from_auth(aws::sigv4::ChunkedDecoder::truncated()));
    if (!checksum_in_trailer_) return {};
    auto value = decoder_->trailers().get(header_of(algorithm_));
    if (!value) return s3_fail("InvalidRequest", "The trailer named by x-amz-trailer is missing");
    claimed_checksum_ = *value;
    return {};
  }
  if (checksum_in_trailer_)
    return s3_fail("InvalidRequest", "x-amz-trailer needs a streaming x-amz-content-sha256");
  if (length_ && received_ != *length_) return s3_fail("IncompleteBody");
  return {};
}

void Payload::hash_here(std::string_view bytes) {
  hashes_->update(bytes);
  update_checksum(bytes);
}

void Payload::see_whole(SharedBytes bytes, HashJob hashed) {
  update_checksum(*bytes);
  hashes_->add(*places_->small, places_->on_loop, std::move(bytes));
  hashes_->settle(*places_->small, places_->on_loop, std::move(hashed));
}

void Payload::see_piece(SharedBytes bytes) {
  update_checksum(*bytes);
  hashes_->add(*places_->large, places_->on_pool, std::move(bytes));
}

void Payload::settle(HashJob done) { hashes_->settle(*places_->large, places_->on_pool, std::move(done)); }

void Payload::update_checksum(std::string_view bytes) {
  if (algorithm_digest_) algorithm_digest_->update(bytes);
}

S3Result<> Payload::verify() {
  if (wanted_.sha256) {
    const std::string computed = to_hex(hashes_->sha256());
    if (computed != claimed_sha256_) {
      return std::unexpected(from_auth(aws::content_sha256_mismatch(claimed_sha256_, computed)));
    }
  }
  if (wanted_.md5) {
    const std::string raw = hashes_->md5();
    md5_hex_ = to_hex(raw);
    if (!claimed_md5_.empty() && claimed_md5_ != raw) {
      return std::unexpected(
          with_detail(with_detail(s3_error("BadDigest"), "ExpectedDigest", to_base64(claimed_md5_)),
                      "CalculatedDigest", to_base64(raw)));
    }
  }
  return verify_checksum();
}

S3Result<> Payload::verify_checksum() {
  if (!algorithm_digest_) return {};
  const std::string computed = to_base64(algorithm_digest_->finish());
  if (!claimed_checksum_.empty() && claimed_checksum_ != computed) {
    return s3_fail("BadDigest", "The " + std::string(name_of(algorithm_)) +
                                    " you specified did not match the calculated checksum.");
  }
  checksum_ = {algorithm_, ChecksumType::full_object, computed};
  return {};
}

}  // namespace landfall::s3
