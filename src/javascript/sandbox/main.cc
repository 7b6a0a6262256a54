// landfall-functions: the process that runs CloudFront Functions;
// docs/decisions/0012-cloudfront-functions.md. It answers what comes on descriptor 3 (javascript/protocol.h)
// until that is closed.
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <vector>

#include "javascript/protocol.h"
#include "javascript/sandbox/confine.h"
#include "javascript/sandbox/engine.h"

namespace landfall::javascript {
namespace {

Ran answer(Engine& engine, std::string_view message) {
  const auto request = decode_request(message);
  if (!request) return {.end = End::bad_result, .output = "not a request"};
  return request->ask == Ask::load ? engine.load(request->function, request->text)
                                   : engine.run(request->function, request->text);
}

int serve(Engine& engine) {
  std::vector<char> buffer(kMaxMessage);
  for (;;) {
    ssize_t size = ::recvfrom(kSocketFd, buffer.data(), buffer.size(), MSG_DONTWAIT, nullptr, nullptr);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      engine.idle();
      size = ::recvfrom(kSocketFd, buffer.data(), buffer.size(), 0, nullptr, nullptr);
    }
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return size == 0 ? 0 : 1;
    const std::string reply = encode(answer(engine, {buffer.data(), static_cast<size_t>(size)}));
    if (::sendto(kSocketFd, reply.data(), reply.size(), MSG_NOSIGNAL, nullptr, 0) < 0) return 1;
  }
}

}  // namespace
}  // namespace landfall::javascript

int main() {
  using namespace landfall::javascript;
  const auto engine = Engine::create({});
  if (engine == nullptr) {
    std::fputs("SpiderMonkey does not start\n", stderr);
    return 2;
  }
  // Its first run, so that what it starts late is there when it is confined.
  (void)engine->load(
      0,
      "const crypto = require('crypto'); function handler(event) { for (const kind of ['md5', 'sha1',"
      " 'sha256']) crypto.createHmac(kind, '').digest(), crypto.createHash(kind).digest(); return event; }");
  (void)engine->run(0, "{}");
  if (!confine(kSocketFd)) {
    std::perror("confine");
    return 3;
  }
  return serve(*engine);
}
