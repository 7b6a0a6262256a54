// What a function, and the process that runs it, hand back.
#include "javascript/protocol.h"
#include "services/cloudfront/dataplane/function_event.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace landfall;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  http::Request viewer{.method = "GET", .target = "/a?b=c&d", .authority = "a.test"};
  viewer.headers.add("Host", "a.test");
  viewer.headers.add("Cookie", "x=y; z");
  (void)javascript::decode_ran(bytes);  // what its process sends may be anything
  (void)cloudfront::request_verdict(bytes, viewer);
  http::Response response;
  response.headers.add("Set-Cookie", "a=b; Path=/");
  (void)cloudfront::response_verdict(bytes, response);
  // And what a viewer may make of an event.
  viewer.headers.add("Cookie", bytes);
  viewer.target = "/?" + std::string(bytes);
  (void)cloudfront::viewer_request_event({}, viewer);
  response.headers.add("Set-Cookie", bytes);
  (void)cloudfront::viewer_response_event({}, viewer, response);
  return 0;
}
