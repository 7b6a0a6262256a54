// Invariants: a connection is either idle in the pool or serves exactly one call. A call's reader is told its
// end once; afterwards reader_ is empty. Callbacks run from the loop (socket, timer or posted), never inside
// start().
//
//   call:  waiting for a connection ─▶ exchanging ─▶ done
//             ▲      once, if safe        │
//             └───────────────────────────┘
#include "http/client.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/epoll.h>

#include <algorithm>
#include <map>
#include <unordered_set>
#include <vector>

#include "codec/http1_chunked.h"
#include "codec/http1_head.h"
#include "http/byte_queue.h"
#include "http/server_connection.h"
#include "net/socket.h"
#include "net/stream.h"
#include "runtime/event_loop.h"

namespace landfall::http {
namespace {

constexpr size_t kAnswerReadBytes = 64 * 1024;
constexpr size_t kAnswerBytesPerTurn = 1024 * 1024;

// RFC 9112 section 11.1: a space or a line end in any of these is a request within the request. Who puts
// strangers' text into a target encodes it; this is for when somebody has not. Fields are append_field()'s.
bool is_sendable(const Request& head) {
  const auto visible = [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7f; };
  return http1::is_token(head.method) && std::ranges::all_of(head.target, visible) &&
         std::ranges::all_of(head.authority, visible);
}

class PoolingClient;
class Call;

class ClientConnection final : public IoHandler, public std::enable_shared_from_this<ClientConnection> {
 public:
  ClientConnection(PoolingClient& client, const Endpoint& endpoint, net::Stream stream);
  Result<> start();
  void attach(std::shared_ptr<Call> call, bool reused);
  void on_io(uint32_t events) override;
  void drive();
  void post_drive();
  void close();
  void abandon() {  // its call ended before its time
    call_ = nullptr;
    close();
  }
  bool closed() const { return !stream_; }
  const std::string& key() const { return key_; }
  int64_t idle_since_ns = 0;
  ByteQueue out;

 private:
  bool connect_step();
  bool flush();
  bool receive(size_t& turn);
  bool parse_head();
  bool take_body();
  void complete();
  void fail_call(ClientErrorKind kind, std::string message);

  PoolingClient& client_;
  std::string key_;
  net::TlsContext tls_;
  std::string server_name_;
  net::Stream stream_;
  bool connecting_ = true, readable_ = false, writable_ = false;
  bool driving_ = false, again_ = false;
  std::shared_ptr<Call> call_;
  bool reused_ = false, got_bytes_ = false, have_head_ = false, ended_ = false;
  std::string in_;
  http1::ResponseParser parser_;
  http1::BodyKind body_kind_ = http1::BodyKind::none;
  uint64_t left_ = 0;
  http1::ChunkedDecoder chunks_;
  bool keep_alive_ = false;
};

class Call final : public ClientCall, public std::enable_shared_from_this<Call> {
 public:
  Call(PoolingClient& client, Endpoint endpoint, ClientRequest request, ResponseReader reader)
      : client_(&client),
        endpoint_(std::move(endpoint)),
        request_(std::move(request)),
        reader_(std::make_shared<ResponseReader>(std::move(reader))) {}

  bool write(std::string data) override;
  void on_writable(std::move_only_function<void()> writable) override;
  void finish() override;
  void pause() override { paused_ = true; }
  void resume() override;
  void cancel() override;

 private:
  friend class ClientConnection;
  friend class PoolingClient;

  std::string head_text();
  void push(std::string data);
  ByteQueue& queue() { return connection_ ? connection_->out : waiting_; }
  void arm(int64_t ms, const char* phase);
  void end(std::optional<ClientError> error);
  bool may_retry() const {
    if (retried_ || request_.streams_body) return false;
    const std::string& m = request_.head.method;
    return m == "GET" || m == "HEAD" || m == "OPTIONS" || m == "PUT" || m == "DELETE";
  }

  PoolingClient* client_;
  Endpoint endpoint_;
  ClientRequest request_;
  // Shared: whoever calls one of its functions holds it, because the function may cancel the call and with it
  // this.
  std::shared_ptr<ResponseReader> reader_;
  std::shared_ptr<ClientConnection> connection_;
  ByteQueue waiting_;  // body written before there was a connection
  bool chunked_ = false, sent_all_ = false, paused_ = false, done_ = false, retried_ = false;
  std::move_only_function<void()> writable_;
  TimerId timer_ = 0;
};

class PoolingClient final : public Client {
 public:
  PoolingClient(EventLoop& loop, ClientOptions options)
      : loop_(loop), options_(options), alive_(std::make_shared<bool>()) {}

  ~PoolingClient() override {
    loop_.cancel(sweep_);
    const auto calls = calls_;
    for (const auto& call : calls) call->cancel();
    for (auto& [key, idle] : idle_)
      for (const auto& connection : std::exchange(idle, {})) connection->close();
  }

  std::shared_ptr<ClientCall> start(const Endpoint& endpoint, ClientRequest request,
                                    ResponseReader reader) override {
    auto call = std::make_shared<Call>(*this, endpoint, std::move(request), std::move(reader));
    calls_.insert(call);
    call->arm(call->request_.timeouts.connect_ms, "connect");
    loop_.post([this, call, alive = std::weak_ptr(alive_)] {
      if (alive.expired() || call->done_) return;
      if (!is_sendable(call->request_.head))
        return call->end(
            ClientError{ClientErrorKind::unsendable, "a request that no HTTP/1.1 head can hold"});
      find_connection(call);
    });
    return call;
  }

  void find_connection(const std::shared_ptr<Call>& call) {
    auto& idle = idle_[call->endpoint_.pool_key];
    if (!idle.empty() && !call->retried_) {
      auto connection = std::move(idle.back());
      idle.pop_back();
      connection->attach(call, true);
      return;
    }
    call->endpoint_.connect([this, call, alive = std::weak_ptr(alive_)](Result<UniqueFd> fd) {
      if (alive.expired() || call->done_) return;
      if (!fd) return call->end(ClientError{ClientErrorKind::connect, fd.error().message});
      auto connection =
          std::make_shared<ClientConnection>(*this, call->endpoint_, net::Stream(std::move(*fd)));
      if (auto started = connection->start(); !started)
        return call->end(ClientError{ClientErrorKind::connect, started.error().message});
      connection->attach(call, false);
    });
  }

  void keep(std::shared_ptr<ClientConnection> connection) {
    auto& idle = idle_[connection->key()];
    if (idle.size() >= options_.idle_per_endpoint) return connection->close();
    connection->idle_since_ns = loop_.clock().monotonic_ns();
    idle.push_back(std::move(connection));
    if (sweep_ == 0) schedule_sweep();
  }

  void forget(ClientConnection& connection) {
    auto it = idle_.find(connection.key());
    if (it != idle_.end())
      std::erase_if(it->second, [&](const auto& other) { return other.get() == &connection; });
  }

  void forget(const std::shared_ptr<Call>& call) { calls_.erase(call); }
  EventLoop& loop() { return loop_; }

 private:
  void schedule_sweep() {
    sweep_ = loop_.after_ms(std::max<int64_t>(options_.idle_ms / 4, 10), [this] {
      sweep_ = 0;
      const int64_t oldest = loop_.clock().monotonic_ns() - options_.idle_ms * 1'000'000;
      std::vector<std::shared_ptr<ClientConnection>> expired;
      for (const auto& [key, idle] : idle_)
        for (const auto& connection : idle)
          if (connection->idle_since_ns < oldest) expired.push_back(connection);
      for (const auto& connection : expired) connection->close();
      std::erase_if(idle_, [](const auto& entry) { return entry.second.empty(); });
      if (!idle_.empty()) schedule_sweep();
    });
  }

  EventLoop& loop_;
  ClientOptions options_;
  std::map<std::string, std::vector<std::shared_ptr<ClientConnection>>> idle_;
  std::unordered_set<std::shared_ptr<Call>> calls_;
  TimerId sweep_ = 0;
  std::shared_ptr<bool> alive_;  // what is posted or awaited looks whether the client still lives
};

ClientConnection::ClientConnection(PoolingClient& client, const Endpoint& endpoint, net::Stream stream)
    : client_(client),
      key_(endpoint.pool_key),
      tls_(endpoint.tls),
      server_name_(endpoint.server_name),
      stream_(std::move(stream)) {}

Result<> ClientConnection::start() {
  return client_.loop().add(stream_.fd(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, this);
}

void ClientConnection::attach(std::shared_ptr<Call> call, bool reused) {
  call_ = std::move(call);
  reused_ = reused;
  got_bytes_ = have_head_ = ended_ = false;
  in_.clear();
  parser_.reset();
  chunks_.reset();
  call_->connection_ = shared_from_this();
  out.push(call_->head_text());
  if (!call_->request_.streams_body) {
    if (const auto& shared = call_->request_.shared_body)
      out.push_shared(shared, *shared);
    else
      out.push(call_->request_.body);
    call_->sent_all_ = true;
  }
  for (char block[16384];;) {  // what was written while there was no connection
    const ssize_t n = call_->waiting_.read(block, sizeof block);
    if (n <= 0) break;
    out.push(std::string(block, static_cast<size_t>(n)));
  }
  drive();
}

void ClientConnection::on_io(uint32_t events) {
  if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) readable_ = true;
  if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) writable_ = true;
  if (!call_) {
    // Idle: whatever the server says now, its end or an unasked answer, makes the connection useless.
    if (readable_) close();
    return;
  }
  drive();
}

void ClientConnection::post_drive() {
  client_.loop().post([weak = weak_from_this()] {
    if (auto self = weak.lock(); self && !self->closed()) self->drive();
  });
}

void ClientConnection::close() {
  if (closed()) return;
  const auto self = shared_from_this();
  client_.loop().remove(stream_.fd());
  stream_.close();
  client_.forget(*this);
}

void ClientConnection::drive() {
  if (driving_) {
    again_ = true;
    return;
  }
  driving_ = true;
  const auto keep = shared_from_this();
  size_t turn = 0;
  do {
    again_ = false;
    if (closed() || !call_ || !connect_step() || !flush()) break;
    while (call_ && !closed() && receive(turn)) {
      if (turn > kAnswerBytesPerTurn) {
        post_drive();
        again_ = false;
        break;
      }
    }
  } while (again_);
  driving_ = false;
}

// False: not connected yet, or no more.
bool ClientConnection::connect_step() {
  if (connecting_) {
    if (!writable_) return false;
    if (auto connected = net::connect_result(stream_.fd()); !connected) {
      fail_call(ClientErrorKind::connect, connected.error().message);
      return false;
    }
    connecting_ = false;
    if (tls_) {
      if (auto tls = stream_.connect_tls(tls_, server_name_); !tls) {
        fail_call(ClientErrorKind::tls, tls.error().message);
        return false;
      }
    }
  }
  switch (stream_.handshake()) {
    case net::IoStatus::ok:
      return true;
    case net::IoStatus::again:
      return false;
    default:
      fail_call(ClientErrorKind::tls, stream_.tls_error());
      return false;
  }
}

bool ClientConnection::flush() {
  const auto call = call_;
  if (!out.empty() && writable_) {
    switch (out.flush(stream_)) {
      case net::IoStatus::ok:
        break;
      case net::IoStatus::again:
        writable_ = false;
        break;
      // The answer may be there already (a 413 that came before the whole body went): read on, and find the
      // end.
      default:
        out.clear();
        readable_ = true;
        break;
    }
    if (!have_head_)
      call->arm(call->sent_all_ && out.empty() ? call->request_.timeouts.response_head_ms
                                               : call->request_.timeouts.body_idle_ms,
                "response head");
  }
  if (call->writable_ && out.memory_bytes() < kWriteQueueBytes / 2) std::exchange(call->writable_, nullptr)();
  return !closed() && call_ == call;
}

// True if something moved.
bool ClientConnection::receive(size_t& turn) {
  if (have_head_ && call_->paused_) return false;
  if (!have_head_ && !in_.empty() && parse_head()) return true;
  if (closed() || !call_) return false;
  if (have_head_ && body_kind_ == http1::BodyKind::none) {
    complete();
    return false;
  }
  if (have_head_ && !in_.empty()) return take_body();
  if (!readable_ && !stream_.has_buffered()) return false;
  const size_t old = in_.size();
  in_.resize(old + kAnswerReadBytes);
  const net::IoResult got = stream_.read(in_.data() + old, kAnswerReadBytes);
  in_.resize(old + got.bytes);
  turn += got.bytes;
  if (got.status == net::IoStatus::ok) {
    got_bytes_ = true;
    if (have_head_) call_->arm(call_->request_.timeouts.body_idle_ms, "response body");
    return true;
  }
  if (got.status == net::IoStatus::again) {
    readable_ = false;
    return false;
  }
  if (have_head_ && body_kind_ == http1::BodyKind::until_close && got.status == net::IoStatus::end)
    complete();
  else
    fail_call(ClientErrorKind::closed, "the server closed the connection");
  return false;
}

bool ClientConnection::parse_head() {
  switch (parser_.parse(in_, call_->request_.head.method == "HEAD")) {
    case http1::ParseStatus::incomplete:
      return false;
    case http1::ParseStatus::error:
      fail_call(ClientErrorKind::malformed, std::string(http1::describe(parser_.error())));
      return false;
    case http1::ParseStatus::complete:
      break;
  }
  const http1::ResponseHead& head = parser_.head();
  if (head.status == 101) {
    fail_call(ClientErrorKind::malformed, "switched protocols unasked");
    return false;
  }
  if (head.status < 200) {
    in_.erase(0, head.head_bytes);
    parser_.reset();
    return true;
  }
  Response response{.status = head.status};
  for (const http1::Field& field : head) response.headers.add(head.name(field), head.value(field));
  body_kind_ = head.body;
  left_ = head.content_length;
  keep_alive_ = head.keep_alive;
  have_head_ = true;
  in_.erase(0, head.head_bytes);
  call_->arm(call_->request_.timeouts.body_idle_ms, "response body");
  const auto call = call_;
  const auto reader = call->reader_;
  if (reader && reader->on_head) reader->on_head(std::move(response));
  return true;
}

bool ClientConnection::take_body() {
  const auto call = call_;
  std::string_view rest = in_, data;
  bool over = false;
  switch (body_kind_) {
    case http1::BodyKind::length:
      data = rest.substr(0, std::min<uint64_t>(rest.size(), left_));
      rest.remove_prefix(data.size());
      left_ -= data.size();
      over = left_ == 0;
      break;
    case http1::BodyKind::chunked:
      switch (chunks_.decode(rest, data)) {
        case http1::ChunkedDecoder::Status::error:
          fail_call(ClientErrorKind::malformed, "malformed chunked body");
          return false;
        case http1::ChunkedDecoder::Status::done:
          over = true;
          break;
        case http1::ChunkedDecoder::Status::more:
          break;
      }
      break;
    case http1::BodyKind::until_close:
      data = rest;
      rest = {};
      break;
    case http1::BodyKind::none:
      break;
  }
  const size_t used = in_.size() - rest.size();
  const auto reader = call->reader_;
  if (!data.empty() && reader && reader->on_data) reader->on_data(data);
  if (closed() || call_ != call) return false;
  in_.erase(0, used);
  if (over) {
    body_kind_ = http1::BodyKind::none;
    if (!call->paused_) complete();
    return !closed() && call_ != nullptr;
  }
  return true;
}

void ClientConnection::complete() {
  const auto self = shared_from_this();
  const auto call = std::move(call_);
  call_ = nullptr;
  call->connection_ = nullptr;
  // An answer that came before the whole request went leaves the connection in no state to go on.
  if (keep_alive_ && in_.empty() && out.empty() && call->sent_all_)
    client_.keep(self);
  else
    close();
  call->end(std::nullopt);
}

void ClientConnection::fail_call(ClientErrorKind kind, std::string message) {
  const auto self = shared_from_this();
  const auto call = std::move(call_);
  call_ = nullptr;
  if (call) call->connection_ = nullptr;
  close();
  if (!call) return;
  if (kind == ClientErrorKind::closed && reused_ && !got_bytes_ && call->may_retry()) {
    call->retried_ = true;
    call->arm(call->request_.timeouts.connect_ms, "connect");
    client_.find_connection(call);
    return;
  }
  call->end(ClientError{kind, std::move(message)});
}

std::string Call::head_text() {
  const Request& head = request_.head;
  std::string text;
  text.reserve(512);
  text.append(head.method)
      .append(" ")
      .append(head.target.empty() ? "/" : head.target)
      .append(" HTTP/1.1\r\n");
  if (!head.headers.has("Host")) append_field(text, "Host", head.authority);
  bool has_length = false;
  for (const Header& header : head.headers) {
    if (is_framing_field(header.name)) continue;
    if (http1::field_id(header.name) == http1::FieldId::content_length) {
      if (!request_.streams_body) continue;
      has_length = true;
    }
    append_field(text, header.name, header.value);
  }
  chunked_ = request_.streams_body && !has_length;
  if (chunked_) append_field(text, "Transfer-Encoding", "chunked");
  const bool expects_body = head.method == "POST" || head.method == "PUT" || head.method == "PATCH";
  if (!request_.streams_body && (expects_body || !request_.whole_body().empty()))
    append_field(text, "Content-Length", std::to_string(request_.whole_body().size()));
  return text + "\r\n";
}

void Call::push(std::string data) {
  // Before the head is written it is not known to be chunked by chunked_ alone: head_text() decides the same
  // way.
  const bool chunked = request_.streams_body && !request_.head.headers.has("Content-Length");
  if (!chunked) return queue().push(std::move(data));
  std::string chunk;
  http1::append_chunk(chunk, data);
  queue().push(std::move(chunk));
}

bool Call::write(std::string data) {
  if (done_ || sent_all_ || !request_.streams_body) return true;
  push(std::move(data));
  if (connection_) {
    const auto connection = connection_;
    connection->post_drive();
  }
  return queue().memory_bytes() < kWriteQueueBytes;
}

void Call::on_writable(std::move_only_function<void()> writable) {
  writable_ = std::move(writable);
  if (connection_) connection_->post_drive();
}

void Call::finish() {
  if (done_ || sent_all_ || !request_.streams_body) return;
  if (!request_.head.headers.has("Content-Length")) queue().push(std::string(http1::kLastChunk));
  sent_all_ = true;
  if (connection_) connection_->post_drive();
}

void Call::resume() {
  if (std::exchange(paused_, false) && connection_) connection_->post_drive();
}

void Call::cancel() {
  if (done_) return;
  reader_ = nullptr;
  end(std::nullopt);
}

void Call::arm(int64_t ms, const char* phase) {
  client_->loop().cancel(timer_);
  timer_ = client_->loop().after_ms(ms, [weak = weak_from_this(), phase] {
    if (auto self = weak.lock(); self && !self->done_) {
      // A reader that does not want data is not a server that does not send any.
      if (self->paused_) return self->arm(self->request_.timeouts.body_idle_ms, phase);
      self->end(ClientError{ClientErrorKind::timeout, std::string("timed out: ") + phase});
    }
  });
}

void Call::end(std::optional<ClientError> error) {
  if (done_) return;
  done_ = true;
  const auto self = shared_from_this();
  client_->loop().cancel(timer_);
  client_->forget(self);
  writable_ = nullptr;
  if (auto connection = std::move(connection_)) {
    connection_ = nullptr;
    connection->abandon();
  }
  const auto reader = std::exchange(reader_, nullptr);
  if (error && reader && reader->on_error) reader->on_error(std::move(*error));
  if (!error && reader && reader->on_end) reader->on_end();
}

Connector sync_connector(std::function<Result<UniqueFd>()> connect) {
  return [connect = std::move(connect)](Connected connected) { connected(connect()); };
}

}  // namespace

Endpoint Endpoint::tcp(const std::string& ip, uint16_t port) {
  return {.pool_key = "tcp:" + ip + ":" + std::to_string(port),
          .connect = sync_connector([ip, port]() -> Result<UniqueFd> {
            LF_TRY(auto address, net::SocketAddress::inet(ip, port));
            return net::start_connect(address);
          })};
}

Endpoint Endpoint::tcp_from(const std::string& source, const std::string& ip, uint16_t port) {
  return {.pool_key = "tcp:" + source + ">" + ip + ":" + std::to_string(port),
          .connect = sync_connector([source, ip, port]() -> Result<UniqueFd> {
            LF_TRY(auto from, net::SocketAddress::inet(source, 0));
            LF_TRY(auto address, net::SocketAddress::inet(ip, port));
            UniqueFd fd(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
            if (!fd) return fail_errno("socket");
            const int on = 1;  // the port is chosen with the connection: one serves towards many places
            ::setsockopt(fd.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
            if (::bind(fd.get(), from.get(), from.length) != 0) return fail_errno("bind " + source);
            LF_CHECK(net::start_connect(fd.get(), address));
            return fd;
          })};
}

Endpoint Endpoint::unix_socket(const std::string& path) {
  return {.pool_key = "unix:" + path, .connect = sync_connector([path]() -> Result<UniqueFd> {
                                        LF_TRY(auto address, net::SocketAddress::unix_path(path));
                                        return net::start_connect(address);
                                      })};
}

Endpoint Endpoint::tls_over(Endpoint below, net::TlsContext tls, std::string server_name) {
  // What one context trusts another may not.
  below.pool_key = fmt::format("tls:{}:{}:{}", server_name, fmt::ptr(tls.get()), below.pool_key);
  below.tls = std::move(tls);
  below.server_name = std::move(server_name);
  return below;
}

std::unique_ptr<Client> Client::create(EventLoop& loop, ClientOptions options) {
  return std::make_unique<PoolingClient>(loop, options);
}

std::shared_ptr<ClientCall> Client::fetch(
    const Endpoint& endpoint, ClientRequest request, size_t limit_bytes,
    std::move_only_function<void(std::expected<Fetched, ClientError>)> done) {
  struct State {
    Fetched fetched;
    std::move_only_function<void(std::expected<Fetched, ClientError>)> done;
    std::weak_ptr<ClientCall> call;
  };
  auto state = std::make_shared<State>();
  state->done = std::move(done);
  auto call =
      start(endpoint, std::move(request),
            {.on_head = [state](Response head) { state->fetched.head = std::move(head); },
             .on_data =
                 [state, limit_bytes](std::string_view data) {
                   if (data.size() <= limit_bytes - state->fetched.body.size()) {
                     state->fetched.body.append(data);
                     return;
                   }
                   if (auto call = state->call.lock()) call->cancel();
                   state->done(std::unexpected(
                       ClientError{ClientErrorKind::malformed,
                                   "the answer is longer than " + std::to_string(limit_bytes) + " bytes"}));
                 },
             .on_end = [state] { state->done(std::move(state->fetched)); },
             .on_error = [state](ClientError error) { state->done(std::unexpected(std::move(error))); }});
  state->call = call;
  return call;
}

}  // namespace landfall::http
