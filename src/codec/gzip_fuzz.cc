#include <cstddef>
#include <cstdint>

#include "codec/gzip.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t limit = 1 << 20;
  const auto text = landfall::codec::gunzip({reinterpret_cast<const char*>(data), size}, limit);
  if (text && text->size() > limit) __builtin_trap();
  return 0;
}
