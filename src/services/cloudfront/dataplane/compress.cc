#include "services/cloudfront/dataplane/compress.h"

#include <brotli/encode.h>

#include <algorithm>
#include <array>

#include "codec/gzip.h"

namespace landfall::cloudfront {
namespace {

// The documented list.
constexpr std::array kTypes = std::to_array<std::string_view>({
    "application/dash+xml",
    "application/eot",
    "application/font",
    "application/font-sfnt",
    "application/javascript",
    "application/json",
    "application/opentype",
    "application/otf",
    "application/pdf",
    "application/pkcs7-mime",
    "application/protobuf",
    "application/rss+xml",
    "application/truetype",
    "application/ttf",
    "application/vnd.apple.mpegurl",
    "application/vnd.mapbox-vector-tile",
    "application/vnd.ms-fontobject",
    "application/wasm",
    "application/xhtml+xml",
    "application/xml",
    "application/x-font-opentype",
    "application/x-font-truetype",
    "application/x-font-ttf",
    "application/x-httpd-cgi",
    "application/x-javascript",
    "application/x-mpegurl",
    "application/x-opentype",
    "application/x-otf",
    "application/x-perl",
    "application/x-ttf",
    "font/eot",
    "font/opentype",
    "font/otf",
    "font/ttf",
    "image/svg+xml",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
    "text/js",
    "text/plain",
    "text/richtext",
    "text/tab-separated-values",
    "text/xml",
    "text/x-component",
    "text/x-java-source",
    "text/x-script",
    "vnd.apple.mpegurl",
});

constexpr int kBrotliQuality = 5;

Result<std::string> brotli(std::string_view bytes) {
  size_t size = BrotliEncoderMaxCompressedSize(bytes.size());
  std::string out(size, '\0');
  if (BrotliEncoderCompress(kBrotliQuality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, bytes.size(),
                            reinterpret_cast<const uint8_t*>(bytes.data()), &size,
                            reinterpret_cast<uint8_t*>(out.data())) != BROTLI_TRUE)
    return fail("brotli: cannot compress");
  out.resize(size);
  return out;
}

}  // namespace

bool is_compressible_type(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return std::ranges::any_of(kTypes,
                             [&](std::string_view one) { return http::equals_ignoring_case(one, type); });
}

std::string_view chosen_encoding(const http::Response& head, size_t body_bytes, std::string_view encodings) {
  if (encodings.empty() || body_bytes < kSmallestCompressed || body_bytes > kLargestCompressed) return "";
  if (head.status != 200 && head.status != 403 && head.status != 404) return "";
  if (head.headers.has("content-encoding") ||
      !is_compressible_type(head.headers.get("content-type").value_or("")))
    return "";
  if (head.headers.get("cache-control").value_or("").find("no-transform") != std::string_view::npos)
    return "";  // RFC 9111 section 5.2.2.6
  return encodings.starts_with("br") ? "br" : "gzip";
}

Result<std::string> compress(std::string_view bytes, std::string_view encoding) {
  return encoding == "br" ? brotli(bytes) : Result<std::string>(codec::gzip(bytes, codec::GzipEffort::usual));
}

void mark_compressed(http::Headers& headers, std::string_view encoding) {
  headers.set("Content-Encoding", std::string(encoding));
  if (!headers.has("vary")) headers.add("Vary", "Accept-Encoding");
  if (const auto etag = headers.get("etag"); etag && !etag->starts_with("W/"))
    headers.set("ETag", "W/" + std::string(*etag));
}

}  // namespace landfall::cloudfront
