// Any request head, any verdict but a crash; and a chunked body cut at arbitrary places decodes the same as
// in one piece.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "aws/sigv4.h"
#include "aws/sigv4_chunked.h"

namespace {

using namespace landfall;
using namespace landfall::aws;

void try_head(std::string_view input) {
  const size_t first = input.find('\n');
  const size_t second = first == std::string_view::npos ? first : input.find('\n', first + 1);
  if (second == std::string_view::npos) return;
  http::Request request;
  request.method = "GET";
  request.target = std::string(input.substr(0, first));
  request.authority = "example.amazonaws.com";
  request.headers.add("X-Amz-Date", "20150830T123600Z");
  if (second > first + 1)
    request.headers.add("Authorization", std::string(input.substr(first + 1, second - first - 1)));
  request.headers.add("X-Amz-Content-Sha256", std::string(input.substr(second + 1)));
  for (auto dialect : {ErrorDialect::s3, ErrorDialect::json}) {
    auto claim = sigv4::parse_claim(request, dialect);
    if (!claim) continue;
    (void)sigv4::payload_claim(request, claim->form);
    auto error = sigv4::verify(
        request, *claim, Secret("secret"),
        {.dialect = dialect,
         .path_style = dialect == ErrorDialect::s3 ? sigv4::PathStyle::s3 : sigv4::PathStyle::standard,
         .now = Timestamp{1'440'938'160'000},
         .payload_hash = sigv4::kUnsignedPayload});
    if (!error) std::abort();  // forged
  }
}

void try_body(std::string_view input) {
  if (input.size() < 2) return;
  const uint64_t length = static_cast<uint8_t>(input[0]);
  const size_t step = 1 + static_cast<uint8_t>(input[1]) % 16;
  input.remove_prefix(2);
  std::string whole, pieces;
  sigv4::ChunkedDecoder a(sigv4::ChunkedDecoder::unsigned_options(length));
  sigv4::ChunkedDecoder b(sigv4::ChunkedDecoder::unsigned_options(length));
  auto one = a.feed(input, [&](std::string_view run) { whole += run; });
  bool ok = true;
  sigv4::ChunkedDecoder::Status last = sigv4::ChunkedDecoder::Status::need_more;
  for (size_t at = 0; at < input.size() && ok; at += step) {
    auto piece = b.feed(input.substr(at, step), [&](std::string_view run) { pieces += run; });
    ok = piece.has_value();
    if (ok) last = *piece;
  }
  if (one.has_value() != ok || (ok && (*one != last || whole != pieces)) || whole.size() > length)
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  try_head(input);
  try_body(input);
  return 0;
}
