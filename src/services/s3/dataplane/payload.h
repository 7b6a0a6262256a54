// Payload: a request's body on its way in: takes the aws-chunked framing off, and checks everything that the
// client said about the bytes: x-amz-content-sha256, Content-MD5, x-amz-checksum-* in header or trailer, the
// length.
//
// Threads: decode() and end() on the loop; hashing and verify() on one thread at a time, which may be
// another.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/sigv4.h"
#include "aws/sigv4_chunked.h"
#include "services/s3/dataplane/body_writer.h"
#include "services/s3/dataplane/checksum.h"
#include "services/s3/dataplane/hash_stream.h"
#include "services/s3/dataplane/s3_error.h"

namespace landfall::s3 {

enum class Md5 { always, if_claimed };  // objects need it for their etag

// What authentication found out about the body. The views point into the request.
struct PayloadSignature {
  aws::sigv4::PayloadClaim claim;
  std::optional<aws::sigv4::Claim> signature;                  // absent: unsigned request
  std::optional<aws::sigv4::ChunkedDecoder::Options> chunked;  // of the streaming kinds
};

// Content-Length, or what it would be without the aws-chunked framing.
std::optional<uint64_t> decoded_length(const http::Request& request, aws::sigv4::PayloadKind kind);
bool is_streaming(aws::sigv4::PayloadKind kind);

// Where bodies are hashed: large ones where they are written, small ones together on their loop.
struct HashPlaces {
  std::shared_ptr<HashLanes> large;
  HashExecutor on_pool;
  std::shared_ptr<HashLanes> small;
  HashExecutor on_loop;
};

class Payload final : public BodyObserver {
 public:
  // InvalidDigest, InvalidRequest, ...: the headers contradict themselves.
  static S3Result<std::unique_ptr<Payload>> create(const http::Request& request,
                                                   const PayloadSignature& signature, Md5 md5);

  // The bytes of the object itself, if the headers tell.
  std::optional<uint64_t> length() const { return length_; }

  bool framed() const { return decoder_.has_value(); }  // the wire has more than the object's bytes

  using Sink = std::function<void(std::string_view)>;
  S3Result<> decode(std::string_view wire, const Sink& sink);
  S3Result<> end();  // the wire ended

  void hash_here(std::string_view bytes);
  // As a BodyObserver.
  void hash_at(HashPlaces places) { places_.emplace(std::move(places)); }  // first
  void see_whole(SharedBytes bytes, HashJob hashed) override;
  void see_piece(SharedBytes bytes) override;
  void settle(HashJob done) override;
  // After all bytes were hashed.
  S3Result<> verify();
  const std::string& md5_hex() const { return md5_hex_; }  // after verify()
  const StoredChecksum& checksum() const {
    return checksum_;
  }  // after verify(); none if the client asked for none

 private:
  Payload() = default;
  void update_checksum(std::string_view bytes);
  S3Result<> read_checksum_headers(const http::Request& request);
  S3Result<> verify_checksum();

  std::optional<aws::sigv4::ChunkedDecoder> decoder_;
  bool complete_ = false;
  std::optional<uint64_t> length_;
  uint64_t received_ = 0;

  std::optional<HashPlaces> places_;
  HashesWanted wanted_;
  std::shared_ptr<HashStream> hashes_;
  std::unique_ptr<Digest> algorithm_digest_;
  std::string claimed_md5_;     // raw; empty: none
  std::string claimed_sha256_;  // hex; empty: none
  ChecksumAlgorithm algorithm_ = ChecksumAlgorithm::none;
  std::string claimed_checksum_;  // base64; empty: none, or in the trailer
  bool checksum_in_trailer_ = false;
  std::string md5_hex_;
  StoredChecksum checksum_;
};

}  // namespace landfall::s3
