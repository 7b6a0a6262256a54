// A file of the cache's folder, which may hold anything.
#include "services/cloudfront/dataplane/object_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace landfall::cloudfront;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto prefix = parse_prefix(bytes); prefix && bytes.size() >= prefix->body_offset())
    (void)parse_head(*prefix, bytes.substr(kPrefixBytes, prefix->head_bytes));
  // Past the sums, which a fuzzer cannot guess.
  ObjectFilePrefix free{.head_bytes = static_cast<uint32_t>(size)};
  free.head_sum = sum_of(bytes);
  (void)parse_head(free, bytes);
  return 0;
}
