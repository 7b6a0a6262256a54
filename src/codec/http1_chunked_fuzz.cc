// Decoding whole and byte by byte must give the same bytes and the same verdict.
#include <cstdlib>
#include <string>

#include "codec/http1_chunked.h"

using landfall::http1::ChunkedDecoder;

namespace {
ChunkedDecoder::Status run(std::string_view text, size_t step, std::string& body) {
  ChunkedDecoder decoder;
  auto status = ChunkedDecoder::Status::more;
  while (!text.empty() && status == ChunkedDecoder::Status::more) {
    std::string_view piece = text.substr(0, step);
    text.remove_prefix(piece.size());
    while (!piece.empty() && status == ChunkedDecoder::Status::more) {
      std::string_view data;
      status = decoder.decode(piece, data);
      body += data;
    }
  }
  return status;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  std::string whole, single;
  const auto a = run(text, size + 1, whole);
  const auto b = run(text, 1, single);
  if (a != b || whole != single) std::abort();
  return 0;
}
