// Channel: messages and file descriptors between two roles over a Unix stream socket.
//
// A message is one JSON object {"type": "...", ...} with up to kMaxDescriptorsPerMessage descriptors. On the
// wire a frame is an 8-byte header (payload length, number of descriptors; both 32-bit little endian) and the
// payload; the descriptors ride (SCM_RIGHTS) on the frame's first byte. Order is kept. A peer that breaks the
// framing is disconnected.
//
// Threads: everything on the loop's thread. Reentrancy: any callback may destroy the Channel that calls it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "runtime/event_loop.h"

namespace landfall {

inline constexpr size_t kMaxFrameBytes = 64u << 20;
inline constexpr size_t kMaxDescriptorsPerMessage =
    253;  // SCM_MAX_FD; batches of 32 are already near the best rate
inline constexpr size_t kChannelHighWaterBytes = 16u << 20;  // queued beyond this: send() says congested
inline constexpr size_t kChannelQueueLimitBytes = 256u
                                                  << 20;  // queued beyond this: the peer is stuck, disconnect

struct PeerCredentials {
  pid_t pid = 0;
  uid_t uid = 0;
  gid_t gid = 0;
};

enum class SendStatus {
  sent,       // written or queued
  congested,  // queued, but hold back until on_drained
  closed,     // not connected; the message is lost
};

// FrameReader: bytes and descriptors in, messages out. Pure; what the fuzzer drives.
class FrameReader {
 public:
  struct Message {
    std::string json;
    std::vector<UniqueFd> descriptors;
  };

  void feed(std::string_view bytes, std::vector<UniqueFd> descriptors);
  // true: *message is the next; false: more bytes are needed; Error: the peer broke the framing (final).
  Result<bool> next(Message* message);

 private:
  std::string buffer_;
  size_t consumed_ = 0;
  std::deque<UniqueFd> descriptors_;
};

class Channel final : public IoHandler {
 public:
  using OnMessage = std::move_only_function<void(std::string_view json, std::vector<UniqueFd> descriptors)>;
  using OnEvent = std::move_only_function<void()>;

  // `socket` is a connected AF_UNIX SOCK_STREAM socket. Reading starts at once, but callbacks come only from
  // the loop, so there is time to set them.
  static Result<std::unique_ptr<Channel>> create(EventLoop& loop, UniqueFd socket);
  ~Channel();
  Channel(const Channel&) = delete;

  SendStatus send(std::string_view json, std::vector<UniqueFd> descriptors = {});
  void close();  // no callback follows

  void on_message(OnMessage callback) { on_message_ = std::move(callback); }
  void on_close(OnEvent callback) {
    on_close_ = std::move(callback);
  }  // once: the peer has gone or was cut off
  void on_drained(OnEvent callback) {
    on_drained_ = std::move(callback);
  }  // after congested: the queue is empty

  const PeerCredentials& peer() const { return peer_; }
  bool is_open() const { return static_cast<bool>(socket_); }
  size_t queued_bytes() const { return queued_bytes_; }

  void on_io(uint32_t events) override;

 private:
  struct Outgoing {
    std::string bytes;
    size_t written = 0;
    std::vector<UniqueFd> descriptors;
  };

  Channel(EventLoop& loop, UniqueFd socket) : loop_(loop), socket_(std::move(socket)) {}
  void read_available();
  bool deliver();  // false: destroyed or closed by a callback
  Result<> flush();
  void fail_connection(std::string_view why);
  void watch(uint32_t events);

  EventLoop& loop_;
  UniqueFd socket_;
  PeerCredentials peer_;
  FrameReader reader_;
  std::deque<Outgoing> queue_;
  size_t queued_bytes_ = 0;
  bool congested_ = false;
  uint32_t watched_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  OnMessage on_message_;
  OnEvent on_close_, on_drained_;
};

// ChannelServer: listens on a path and hands out a Channel per accepted peer whose uid is allowed.
class ChannelServer final : public IoHandler {
 public:
  struct Options {
    std::string path;  // at most 107 bytes; a stale socket file there is replaced
    mode_t mode = 0600;
    uid_t owner = static_cast<uid_t>(-1);  // -1: leave
    gid_t group = static_cast<gid_t>(-1);
    std::vector<uid_t> allowed_uids;  // by SO_PEERCRED; empty: only this process's own effective uid
    size_t max_peers_waiting = 64;    // listen(2) backlog
  };
  using OnPeer = std::move_only_function<void(std::unique_ptr<Channel>)>;

  static Result<std::unique_ptr<ChannelServer>> listen(EventLoop& loop, Options options);
  ~ChannelServer();
  ChannelServer(const ChannelServer&) = delete;
  void on_peer(OnPeer callback) { on_peer_ = std::move(callback); }
  void on_io(uint32_t events) override;

 private:
  ChannelServer(EventLoop& loop, Options options) : loop_(loop), options_(std::move(options)) {}
  EventLoop& loop_;
  Options options_;
  UniqueFd socket_;
  ino_t inode_ = 0;  // of the socket file
  OnPeer on_peer_;
};

// ChannelClient: stays connected to a path: connects, and after each loss connects again with bounded
// backoff. Messages are not kept over a loss: resend what matters in on_connected.
class ChannelClient {
 public:
  struct Options {
    std::string path;
    int64_t first_backoff_ms = 10;
    int64_t max_backoff_ms = 1000;
    std::vector<uid_t>
        allowed_uids;  // whom to believe as server; empty: any (the path's directory is the protection)
  };
  using OnEvent = Channel::OnEvent;

  ChannelClient(EventLoop& loop, Options options);
  ~ChannelClient();
  ChannelClient(const ChannelClient&) = delete;

  void on_connected(OnEvent callback) { on_connected_ = std::move(callback); }
  void on_disconnected(OnEvent callback) { on_disconnected_ = std::move(callback); }
  void on_message(Channel::OnMessage callback) { on_message_ = std::move(callback); }
  void on_drained(OnEvent callback) { on_drained_ = std::move(callback); }

  void start();  // set the callbacks first; the first attempt is made at once, from the loop
  void stop();   // disconnects, without a callback, for good
  bool connected() const { return static_cast<bool>(channel_); }
  SendStatus send(std::string_view json, std::vector<UniqueFd> descriptors = {});

 private:
  void attempt();
  void retry_later();
  Result<UniqueFd> connect_once() const;

  EventLoop& loop_;
  Options options_;
  std::unique_ptr<Channel> channel_;
  int64_t backoff_ms_;
  TimerId timer_ = 0;
  OnEvent on_connected_, on_disconnected_, on_drained_;
  Channel::OnMessage on_message_;
};

// A connected pair, for tests and for a parent and the role it starts.
Result<std::pair<UniqueFd, UniqueFd>> channel_socket_pair();

}  // namespace landfall
