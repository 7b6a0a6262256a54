#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "codec/uri.h"

using namespace landfall::codec;

// What is decoded and encoded again decodes to the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto pairs = parse_form({reinterpret_cast<const char*>(data), size});
  if (!pairs) return 0;
  std::string again;
  for (const auto& [key, value] : *pairs) again += percent_encode(key) + "=" + percent_encode(value) + "&";
  const auto back = parse_form(again);
  // A key may grow beyond its limit by being encoded; otherwise nothing may change.
  if (back && *back != *pairs) std::abort();
  return 0;
}
