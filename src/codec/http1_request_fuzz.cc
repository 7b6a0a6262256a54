// A head parsed whole and in two pieces must give the same verdict, and its views must lie in the input.
#include <cstdlib>
#include <string>

#include "codec/http1_head.h"

using namespace landfall::http1;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  RequestParser whole;
  const ParseStatus status = whole.parse(text);
  if (size > 0) {
    RequestParser pieces;
    const size_t cut = bytes[0] % (size + 1);
    const std::string first = text.substr(0, cut);
    ParseStatus again = pieces.parse(first);
    if (again == ParseStatus::incomplete) again = pieces.parse(text);
    if (again != status) std::abort();
  }
  if (status == ParseStatus::complete) {
    const RequestHead& head = whole.head();
    if (head.head_bytes > size || !is_token(head.method())) std::abort();
    for (const Field& field : head)
      if (!is_token(head.name(field)) || !is_field_value(head.value(field))) std::abort();
    if (head.body == BodyKind::chunked && head.has_content_length) std::abort();
  }
  return 0;
}
