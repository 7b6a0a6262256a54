#include "codec/gzip.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace landfall::codec {

namespace {

constexpr int gzip_only = 15 + 16;  // inflateInit2: the largest window, gzip's header and no other
constexpr size_t first_guess = 64 << 10;

struct Inflater {
  z_stream stream{};
  bool ready = inflateInit2(&stream, gzip_only) == Z_OK;
  ~Inflater() {
    if (ready) inflateEnd(&stream);
  }
};

}  // namespace

Result<std::string> gunzip(std::string_view bytes, size_t max_bytes) {
  if (bytes.size() > std::numeric_limits<uInt>::max()) return fail("gzip: too large");
  Inflater inflater;
  if (!inflater.ready) return fail("gzip: out of memory");
  z_stream& stream = inflater.stream;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  for (int status = Z_OK; status != Z_STREAM_END;) {
    if (stream.total_out == out.size()) {  // one byte beyond the limit tells that there is more
      if (out.size() > max_bytes) return fail("gzip: the content is too large");
      out.resize(std::min(std::max(out.size() * 2, first_guess), max_bytes + 1));
    }
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + stream.total_out);
    stream.avail_out =
        static_cast<uInt>(std::min<size_t>(out.size() - stream.total_out, std::numeric_limits<uInt>::max()));
    status = inflate(&stream, Z_NO_FLUSH);
    const bool stalled = stream.avail_in == 0 && stream.avail_out > 0 && status != Z_STREAM_END;
    if ((status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) || stalled)
      return fail("gzip: malformed or truncated");
  }
  if (stream.avail_in > 0) return fail("gzip: bytes after the content");
  if (stream.total_out > max_bytes) return fail("gzip: the content is too large");
  out.resize(stream.total_out);
  return out;
}

std::string gzip(std::string_view bytes, GzipEffort effort) {
  struct Free {
    void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
  };
  constexpr int kLeast = 1, kUsual = 6;  // libdeflate's levels
  const std::unique_ptr<libdeflate_compressor, Free> compressor(
      libdeflate_alloc_compressor(effort == GzipEffort::least ? kLeast : kUsual));
  LF_INVARIANT(compressor != nullptr, "out of memory");
  std::string out;
  out.resize_and_overwrite(
      libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), [&](char* room, size_t size) {
        return libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), room, size);
      });
  LF_INVARIANT(!out.empty(), "the bound was too small");
  return out;
}

}  // namespace landfall::codec
