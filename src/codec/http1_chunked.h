// The chunked transfer coding, RFC 9112 section 7.1. No I/O, no copies: data comes out as views into what
// went in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace landfall::http1 {

struct ChunkedLimits {
  size_t extension_bytes = 4 * 1024;  // of all chunks together: an extension per byte of data is an attack
  size_t trailer_bytes = 8 * 1024;
};

// Strict: CR LF only, at most 16 hexadecimal digits and 2^63 - 1 bytes, no space around the size. Trailer
// fields are checked and dropped (RFC 9110 section 6.5.1 lets a recipient ignore them); one that says how the
// message is framed, routed or authenticated breaks the body, because a relay that passes the coding on does
// not know whether the next server merges trailers into the head.
class ChunkedDecoder {
 public:
  enum class Status { more, done, error };

  explicit ChunkedDecoder(ChunkedLimits limits = {}) : limits_(limits) {}
  // Takes bytes from the front of `input` until there is a piece of data to hand out, the input is used up,
  // the body is over, or it is broken. Call again while input is left and the status is `more`. After `done`,
  // `input` is what follows the body; after `error` it begins with the byte that broke it.
  Status decode(std::string_view& input, std::string_view& data);
  // Like decode(), for a relay that passes the coding on unchanged: how many bytes of `input` belong to the
  // body. What breaks it does not.
  Status scan(std::string_view input, size_t& used);
  bool done() const { return state_ == State::done; }
  void reset() { *this = ChunkedDecoder(limits_); }

 private:
  enum class State : uint8_t {
    size_first,  // the first digit of a chunk size
    size,
    extension,
    quoted,  // in a quoted string of an extension
    quoted_pair,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_start,
    trailer,
    trailer_lf,
    last_lf,
    done,
    error
  };

  bool trailer_name_may_come() const;

  static constexpr size_t kLongestForbiddenName = 20;
  ChunkedLimits limits_;
  State state_ = State::size_first;
  uint8_t digits_ = 0;
  bool trailer_has_colon_ = false;
  char trailer_name_[kLongestForbiddenName];
  size_t trailer_name_bytes_ = 0;
  uint64_t left_ = 0;
  size_t extension_bytes_ = 0, trailer_bytes_ = 0;
};

// "1a\r\n" for a chunk of 26 bytes, to be followed by the data and "\r\n".
inline constexpr size_t kChunkHeadBytes = 18;
size_t write_chunk_head(uint64_t size, char (&buffer)[kChunkHeadBytes]);
void append_chunk(std::string& out,
                  std::string_view data);  // nothing for empty data: that would end the body
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace landfall::http1
