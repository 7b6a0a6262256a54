// A request of any shape through identify, decoding and validation. First line: method and target; then
// headers, one a line; an empty line; the body.
#include <cstddef>
#include <cstdint>

#include "aws/protocol/codec.h"
#include "aws/protocol/identify.h"
#include "aws/protocol/json_shape.h"
#include "aws/protocol/validate.h"
#include "services.h"

using namespace landfall;

namespace {

std::string_view take_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view first = take_line(text);
  const size_t space = std::min(first.find(' '), first.size());
  http::Request request{.method = std::string(first.substr(0, space)),
                        .target = std::string(first.substr(std::min(space + 1, first.size())))};
  for (std::string_view line = take_line(text); !line.empty(); line = take_line(text)) {
    const size_t colon = std::min(line.find(':'), line.size());
    request.headers.add(std::string(line.substr(0, colon)),
                        std::string(line.substr(std::min(colon + 1, line.size()))));
  }
  if (const auto host = request.headers.get("Host")) request.authority = *host;

  (void)aws::is_s3_request(request);
  const aws::Identified found = aws::identify(aws::services(), request, text);
  if (found.operation == nullptr) {
    if (!found.error) __builtin_trap();
    (void)aws::encode_error(found.protocol, found.service, nullptr, *found.error, "id");
    return 0;
  }
  try {
    aws::AnyStruct in(*found.operation->input);
    aws::decode_request(found.protocol, *found.operation, {&request, text, found.path}, in.get());
    // What was decoded can be stored and read again.
    const std::string stored = aws::shape_to_json(*found.operation->input, in.get());
    aws::validate_input(found.protocol, *found.operation, in.get());
  } catch (const ServiceError& error) {
    (void)aws::encode_error(found.protocol, found.service, found.operation, error, "id");
  }
  return 0;
}
