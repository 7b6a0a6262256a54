#include <cstdlib>
#include <string>

#include "codec/http1_head.h"

using namespace landfall::http1;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  ResponseParser whole;
  const ParseStatus status = whole.parse(text, false);
  if (size > 0) {
    ResponseParser pieces;
    const std::string first = text.substr(0, bytes[0] % (size + 1));
    ParseStatus again = pieces.parse(first, false);
    if (again == ParseStatus::incomplete) again = pieces.parse(text, false);
    if (again != status) std::abort();
  }
  if (status == ParseStatus::complete && (whole.head().head_bytes > size || whole.head().status < 100))
    std::abort();
  return 0;
}
