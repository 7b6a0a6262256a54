#include <cstddef>
#include <cstdint>

#include "codec/cbor.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  (void)landfall::codec::parse_cbor({reinterpret_cast<const char*>(data), size});
  return 0;
}
