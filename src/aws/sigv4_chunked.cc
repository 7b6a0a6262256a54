#include "aws/sigv4_chunked.h"

#include <algorithm>
#include <charconv>

#include "codec/http1_field.h"

namespace landfall::aws::sigv4 {
namespace {

using std::string;
using std::string_view;

constexpr string_view kChunkAlgorithm = "AWS4-HMAC-SHA256-PAYLOAD";
constexpr string_view kTrailerAlgorithm = "AWS4-HMAC-SHA256-TRAILER";
constexpr string_view kSignatureField = "chunk-signature=";
constexpr string_view kTrailerSignature = "x-amz-trailer-signature";

}  // namespace

ChunkedDecoder::Options ChunkedDecoder::unsigned_options(uint64_t decoded_bytes) {
  return {.kind = PayloadKind::streaming_unsigned_trailer, .decoded_bytes = decoded_bytes};
}

ChunkedDecoder::Options ChunkedDecoder::signed_options(PayloadKind kind, uint64_t decoded_bytes,
                                                       const Claim& claim, const Secret& secret) {
  const Scope scope{claim.date, claim.region, claim.service};
  return {.kind = kind,
          .decoded_bytes = decoded_bytes,
          .timestamp = claim.timestamp,
          .scope = to_string(scope),
          .seed_signature = string(claim.signature),
          .key = derive_signing_key(secret, scope)};
}

AuthError ChunkedDecoder::truncated() { return incomplete_body("The request body terminated unexpectedly"); }

std::expected<ChunkedDecoder::Status, AuthError> ChunkedDecoder::feed(
    string_view wire, const std::function<void(string_view)>& payload) {
  auto broken = [&](AuthError error) {
    state_ = State::failed;
    return std::unexpected(std::move(error));
  };
  while (!wire.empty()) {
    if (state_ == State::failed) return broken(truncated());
    if (state_ == State::complete) return broken(incomplete_body("There are bytes after the last chunk"));
    if (state_ == State::data) {
      const string_view run = wire.substr(0, std::min<uint64_t>(wire.size(), chunk_left_));
      if (is_signed()) chunk_hash_.update(run);
      payload(run);
      chunk_left_ -= run.size();
      wire.remove_prefix(run.size());
      if (chunk_left_ == 0) state_ = State::data_end;
      continue;
    }
    const size_t newline = wire.find('\n');
    const size_t taken = newline == string_view::npos ? wire.size() : newline + 1;
    if (line_.size() + taken > kMaxLineBytes)
      return broken(incomplete_body("A chunk header or trailer is too long"));
    line_.append(wire, 0, taken);
    wire.remove_prefix(taken);
    if (newline == string_view::npos) break;
    line_.pop_back();
    if (line_.ends_with('\r')) line_.pop_back();
    if (Step error = on_line(line_)) return broken(std::move(*error));
    line_.clear();
  }
  if (state_ == State::failed) return broken(truncated());
  return state_ == State::complete ? Status::complete : Status::need_more;
}

ChunkedDecoder::Step ChunkedDecoder::on_line(string_view line) {
  switch (state_) {
    case State::size_line:
      return on_size_line(line);
    case State::data_end:
      if (!line.empty()) return incomplete_body("A chunk is longer than its size says");
      state_ = State::size_line;
      return end_chunk();
    default:
      return on_trailer_line(line);
  }
}

ChunkedDecoder::Step ChunkedDecoder::on_size_line(string_view line) {
  const size_t semicolon = line.find(';');
  const string_view digits = http1::trim_ows(line.substr(0, semicolon));
  uint64_t size = 0;
  const auto [stop, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  if (digits.empty() || problem != std::errc() || stop != digits.data() + digits.size())
    return incomplete_body("A chunk's size is not a hexadecimal number");
  if (size > options_.decoded_bytes - decoded_)
    return incomplete_body("The body is longer than x-amz-decoded-content-length says");
  chunk_signature_.clear();
  if (semicolon != string_view::npos) {
    const string_view extension = http1::trim_ows(line.substr(semicolon + 1));
    if (extension.starts_with(kSignatureField)) chunk_signature_ = extension.substr(kSignatureField.size());
  }
  decoded_ += size;
  chunk_left_ = size;
  if (size > 0) {
    state_ = State::data;
    return std::nullopt;
  }
  state_ = State::trailers;
  if (decoded_ != options_.decoded_bytes)
    return incomplete_body(
        "You did not provide the number of bytes specified by the x-amz-decoded-content-length header");
  return end_chunk();
}

ChunkedDecoder::Step ChunkedDecoder::end_chunk() {
  if (!is_signed()) return std::nullopt;
  const Sha256Digest digest = chunk_hash_.finish();
  chunk_hash_.reset();
  return check(chunk_signature_, kChunkAlgorithm, kEmptyPayloadHash, digest);
}

ChunkedDecoder::Step ChunkedDecoder::on_trailer_line(string_view line) {
  if (line.empty()) {
    // Some signers put an empty line between the trailers and their signature.
    const bool signature_due =
        is_signed() && has_trailers() && trailer_signature_.empty() && trailers_.size() > 0;
    return signature_due ? std::nullopt : end_trailers();
  }
  if (!has_trailers()) return incomplete_body("There are bytes after the last chunk");
  trailer_bytes_ += line.size();
  if (trailer_bytes_ > kMaxTrailerBytes) return malformed_trailer("The trailers are too long");
  const size_t colon = line.find(':');
  if (colon == string_view::npos || colon == 0)
    return malformed_trailer("The request contained trailing data that was not well-formed");
  string name(http1::trim_ows(line.substr(0, colon)));
  const string_view value = http1::trim_ows(line.substr(colon + 1));
  if (http::equals_ignoring_case(name, kTrailerSignature)) {
    trailer_signature_ = value;
    return std::nullopt;
  }
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c += 32;
  canonical_trailers_ += name;
  canonical_trailers_ += ':';
  canonical_trailers_ += value;
  canonical_trailers_ += '\n';
  trailers_.add(std::move(name), string(value));
  return std::nullopt;
}

ChunkedDecoder::Step ChunkedDecoder::end_trailers() {
  state_ = State::complete;
  if (!is_signed() || !has_trailers()) return std::nullopt;
  return check(trailer_signature_, kTrailerAlgorithm, {}, sha256(canonical_trailers_));
}

// Each signature covers the one before it, so chunks can be neither reordered nor dropped.
ChunkedDecoder::Step ChunkedDecoder::check(string_view given, string_view algorithm, string_view middle,
                                           const Sha256Digest& digest) {
  if (options_.check == Check::framing_only) return std::nullopt;
  string text;
  text.reserve(400);
  for (string_view part :
       {algorithm, string_view(options_.timestamp), string_view(options_.scope), string_view(previous_)}) {
    text += part;
    text += '\n';
  }
  if (!middle.empty()) {
    text += middle;
    text += '\n';
  }
  append_hex(text, digest);
  string expected = hex(hmac_sha256(as_bytes(options_.key), text));
  if (!equal_constant_time(expected, given)) return signature_mismatch(ErrorDialect::s3, {}, text, given, {});
  previous_ = std::move(expected);
  return std::nullopt;
}

}  // namespace landfall::aws::sigv4
