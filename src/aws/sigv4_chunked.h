// ChunkedDecoder: takes the aws-chunked framing off an S3 upload as it arrives, and checks every chunk's
// signature. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and ...-trailers.html
//
//   <hex size>[;chunk-signature=<64 digits>]\r\n <bytes> \r\n ... 0[;chunk-signature=...]\r\n [trailers] \r\n
//
//            +-----------------------------+
//            v                             |
//   size_line --size > 0--> data --> data_end        any error -> failed (for ever)
//            \--size = 0--> trailers --empty line--> complete
//
// Payload bytes are handed out before their chunk's signature is known (a chunk may be gigabytes): the
// receiver must not make them visible until feed() has said complete. Memory is bounded by kMaxLineBytes +
// kMaxTrailerBytes.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "aws/auth_error.h"
#include "aws/sigv4.h"
#include "base/sha256.h"
#include "http/message.h"

namespace landfall::aws::sigv4 {

class ChunkedDecoder {
 public:
  static constexpr size_t kMaxLineBytes = 1024;         // a size line is under 120 bytes
  static constexpr size_t kMaxTrailerBytes = 8 * 1024;  // all trailers together; AWS defines one checksum

  enum class Status { need_more, complete };
  enum class Check { signatures, framing_only };  // the latter for `--auth any`

  struct Options {
    PayloadKind kind = PayloadKind::streaming_unsigned_trailer;  // one of the three streaming kinds
    uint64_t decoded_bytes = 0;                                  // x-amz-decoded-content-length
    // For the signed kinds: the claim of the head's verified signature, and the secret that made it.
    std::string timestamp;
    std::string scope;
    std::string seed_signature;
    Sha256Digest key{};
    Check check = Check::signatures;
  };
  static Options unsigned_options(uint64_t decoded_bytes);
  static Options signed_options(PayloadKind kind, uint64_t decoded_bytes, const Claim& claim,
                                const Secret& secret);

  explicit ChunkedDecoder(Options options)
      : options_(std::move(options)), previous_(options_.seed_signature) {}

  // Calls payload(bytes) for each run of decoded bytes in `wire`, in order. After an error, or bytes after
  // the end, always an error.
  std::expected<Status, AuthError> feed(std::string_view wire,
                                        const std::function<void(std::string_view)>& payload);
  // What to say if the body ends before `complete`.
  static AuthError truncated();

  const http::Headers& trailers() const {
    return trailers_;
  }  // names as sent; without x-amz-trailer-signature

 private:
  enum class State { size_line, data, data_end, trailers, complete, failed };
  using Step = std::optional<AuthError>;

  bool is_signed() const { return options_.kind != PayloadKind::streaming_unsigned_trailer; }
  bool has_trailers() const { return options_.kind != PayloadKind::streaming_signed; }
  Step on_line(std::string_view line);
  Step on_size_line(std::string_view line);
  Step on_trailer_line(std::string_view line);
  Step end_chunk();
  Step end_trailers();
  Step check(std::string_view given, std::string_view algorithm, std::string_view middle,
             const Sha256Digest& digest);

  Options options_;
  State state_ = State::size_line;
  std::string line_;  // a line not yet complete
  uint64_t chunk_left_ = 0;
  uint64_t decoded_ = 0;
  Sha256 chunk_hash_;
  std::string chunk_signature_;  // as sent for the chunk being read
  std::string previous_;         // signature that the next one is chained to
  size_t trailer_bytes_ = 0;
  std::string canonical_trailers_;  // name:value\n ...
  std::string trailer_signature_;
  http::Headers trailers_;
};

}  // namespace landfall::aws::sigv4
