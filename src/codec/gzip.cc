#include "codec/gzip.h"

#include <isa-l/igzip_lib.h>
#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <array>
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

// ISA-L's fastest level that looks for repeats. It takes input by 32 bits' worth.
std::string gzip_fast(std::string_view bytes) {
  constexpr size_t kPieceBytes = 1 << 30, kRoomBytes = 16 << 10;
  isal_zstream stream;
  isal_deflate_init(&stream);
  std::array<uint8_t, ISAL_DEF_LVL1_DEFAULT> level_buffer;
  stream.level = 1;
  stream.level_buf = level_buffer.data();
  stream.level_buf_size = level_buffer.size();
  stream.gzip_flag = IGZIP_GZIP;
  std::string out(bytes.size() / 8 + kRoomBytes, '\0');  // logs shrink to a tenth; other things grow it
  size_t size = 0;
  while (stream.internal_state.state != ZSTATE_END) {
    if (stream.avail_in == 0) {
      const std::string_view piece = bytes.substr(0, kPieceBytes);
      bytes.remove_prefix(piece.size());
      stream.next_in = reinterpret_cast<uint8_t*>(const_cast<char*>(piece.data()));
      stream.avail_in = static_cast<uint32_t>(piece.size());
      stream.end_of_stream = bytes.empty();
    }
    if (out.size() - size < kRoomBytes) out.resize(out.size() * 2);
    const auto room = static_cast<uint32_t>(std::min(out.size() - size, kPieceBytes));
    stream.next_out = reinterpret_cast<uint8_t*>(out.data() + size);
    stream.avail_out = room;
    const int done = isal_deflate(&stream);
    LF_INVARIANT(done == COMP_OK, "igzip's parameters");
    size += room - stream.avail_out;
  }
  out.resize(size);
  return out;
}

std::string gzip_well(std::string_view bytes) {
  struct Free {
    void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
  };
  constexpr int kUsual = 6;  // of libdeflate's levels
  const std::unique_ptr<libdeflate_compressor, Free> compressor(libdeflate_alloc_compressor(kUsual));
  LF_INVARIANT(compressor != nullptr, "out of memory");
  std::string out;
  out.resize_and_overwrite(
      libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), [&](char* room, size_t size) {
        return libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), room, size);
      });
  LF_INVARIANT(!out.empty(), "the bound was too small");
  return out;
}

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
  return effort == GzipEffort::least ? gzip_fast(bytes) : gzip_well(bytes);
}

}  // namespace landfall::codec
