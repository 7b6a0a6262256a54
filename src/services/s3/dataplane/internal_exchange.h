// InternalExchange: an http::Exchange whose answer goes to a FetchSink, so that a read from within edge takes
// the same way as one from outside.
#pragma once

#include "services/s3/s3.h"

namespace landfall::s3 {

class InternalExchange final : public http::Exchange {
 public:
  InternalExchange(FetchRequest wanted, std::shared_ptr<FetchSink> sink) : sink_(std::move(sink)) {
    request_.method = std::move(wanted.method);
    request_.target = "/" + wanted.bucket + wanted.path;
    request_.authority = "s3.localhost";
    request_.headers = std::move(wanted.headers);
    body_ = std::move(wanted.body);
    request_.peer.tls = true;  // within the process: as good as aws:SecureTransport asks for
  }

  const http::Request& request() const override { return request_; }
  void read_body(http::BodyReader reader) override {
    if (!body_.empty()) reader.on_data(body_);
    reader.on_end();
  }
  void pause_body() override {}
  void resume_body() override {}
  void respond(http::Response head, std::string body) override {
    if (!head.headers.has("Content-Length")) head.headers.add("Content-Length", std::to_string(body.size()));
    sink_->start(std::move(head));
    if (!body.empty() && request_.method != "HEAD") sink_->write(std::move(body));
    sink_->finish();
  }
  void start(http::Response head) override { sink_->start(std::move(head)); }
  bool write(std::string data) override { return sink_->write(std::move(data)); }
  void on_writable(std::move_only_function<void()> writable) override {
    sink_->on_writable(std::move(writable));
  }
  bool takes_files() const override { return false; }
  bool send_file(std::shared_ptr<const UniqueFd>, uint64_t, uint64_t) override {
    LF_INVARIANT(false, "a sink takes bytes");
  }
  void finish() override { sink_->finish(); }
  void abort() override { sink_->abort(); }
  void on_close(std::move_only_function<void()>) override {}

 private:
  http::Request request_;
  std::string body_;
  std::shared_ptr<FetchSink> sink_;
};

}  // namespace landfall::s3
