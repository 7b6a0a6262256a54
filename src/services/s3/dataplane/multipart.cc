#include "services/s3/dataplane/multipart.h"

#include <charconv>

namespace landfall::s3 {

S3Result<uint32_t> part_number_of(const S3Request& request) {
  const std::string text = request.parameter("partNumber").value_or("");
  uint32_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > kMaxParts) {
    return std::unexpected(with_detail(
        with_detail(
            s3_error("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive"),
            "ArgumentName", "partNumber"),
        "ArgumentValue", text));
  }
  return number;
}

}  // namespace landfall::s3
