// A URL or a duration of anybody's making is understood or refused; a place is a bucket and a key.
#include "base/result.h"
#include "gateway/call.h"
#include "services/cloudformation/signals.h"
#include "services/cloudformation/template_url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace landfall;
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const auto place = cloudformation::place_of(text);
    LF_INVARIANT(place.path.starts_with('/') && place.path.find('/', 1) != std::string::npos);
    LF_INVARIANT(place.path.find('?') == std::string::npos);
  } catch (const ServiceError&) {
  }
  try {
    const int64_t seconds = cloudformation::seconds_of_duration(text);
    LF_INVARIANT(seconds >= 0 && seconds <= 12 * 3600);
  } catch (const ServiceError&) {
  }
  return 0;
}
