// Whatever a request's head and document say, S3 answers: the input's first line is the method, target and
// host, then headers, then an empty line and the body. The service runs on a store of its own, with
// signatures off, so that the parsers behind them are reached.
#include <cstdlib>
#include <filesystem>

#include "runtime/event_loop.h"
#include "services/s3/s3.h"

namespace landfall::s3 {
namespace {

class FuzzExchange final : public http::Exchange {
 public:
  http::Request request_;
  std::string body_;
  bool answered = false;

  const http::Request& request() const override { return request_; }
  void read_body(http::BodyReader reader) override {
    if (!body_.empty()) reader.on_data(body_);
    reader.on_end();
  }
  void pause_body() override {}
  void resume_body() override {}
  void respond(http::Response head, std::string) override {
    LF_INVARIANT(head.status >= 200 && head.status < 600);
    LF_INVARIANT(head.status != 500, "no input is an internal error");
    answered = true;
  }
  void start(http::Response) override {}
  bool write(std::string) override { return true; }
  void on_writable(std::move_only_function<void()> writable) override { writable(); }
  bool takes_files() const override { return true; }
  bool send_file(std::shared_ptr<const UniqueFd>, uint64_t, uint64_t) override { return true; }
  void finish() override { answered = true; }
  void abort() override { answered = true; }
  void on_close(std::move_only_function<void()>) override {}
};

struct World {
  std::string directory;
  std::unique_ptr<EventLoop> loop = std::move(*EventLoop::create());
  std::unique_ptr<S3Service> service;

  World() {
    char name[] = "/tmp/landfall-s3-fuzz-XXXXXX";
    directory = mkdtemp(name);
    service = std::move(*S3Service::create(
        {.data_dir = directory, .account = "123456789012", .credentials = CredentialCheck::any_is_root}));
    run("PUT", "/bucket", {}, "");
    run("PUT", "/bucket/key", {}, "value");
  }
  ~World() {
    service.reset();
    std::filesystem::remove_all(directory);
  }

  void run(std::string method, std::string target, http::Headers headers, std::string body) {
    auto exchange = std::make_shared<FuzzExchange>();
    exchange->request_.method = std::move(method);
    exchange->request_.target = std::move(target);
    exchange->request_.authority = headers.has("host") ? std::string(*headers.get("host")) : "localhost";
    headers.set("content-length", std::to_string(body.size()));
    exchange->request_.headers = std::move(headers);
    exchange->body_ = std::move(body);
    service->handle(*loop, exchange);
    while (!exchange->answered) loop->run_once(10'000);
  }
};

std::string_view take(std::string_view& text, std::string_view end) {
  const size_t at = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + end.size(), text.size()));
  return taken;
}

}  // namespace
}  // namespace landfall::s3

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace landfall;
  static s3::World world;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string_view line = s3::take(text, "\n");
  const std::string method(s3::take(line, " "));
  const std::string target(line);
  if (target.empty() || target.front() != '/' || method == "OPTIONS") return 0;
  http::Headers headers;
  for (int i = 0; i < 32; ++i) {
    std::string_view header = s3::take(text, "\n");
    if (header.empty()) break;
    const std::string name(s3::take(header, ":"));
    if (!name.empty()) headers.add(name, std::string(header));
  }
  world.run(method, target, std::move(headers), std::string(text));
  return 0;
}
