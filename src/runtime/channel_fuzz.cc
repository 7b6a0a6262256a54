#include <cstdint>

#include "runtime/channel.h"

// Feeds the bytes in pieces whose sizes they choose themselves.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landfall::FrameReader reader;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  landfall::FrameReader::Message message;
  while (!rest.empty()) {
    const size_t piece = std::min<size_t>(rest.size(), 1 + static_cast<unsigned char>(rest[0]) % 64);
    reader.feed(rest.substr(0, piece), {});
    rest.remove_prefix(piece);
    while (true) {
      landfall::Result<bool> got = reader.next(&message);
      if (!got) return 0;
      if (!*got) break;
      if (message.json.size() > size) __builtin_trap();
    }
  }
  return 0;
}
