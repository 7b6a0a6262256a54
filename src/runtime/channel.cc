#include "runtime/channel.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/log.h"

namespace landfall {

namespace {

constexpr size_t kHeaderBytes = 8;
constexpr size_t kReadBytes = 64 << 10;
constexpr size_t kUnclaimedDescriptors = 4 * kMaxDescriptorsPerMessage;  // that no frame has asked for yet
constexpr int kReadsPerEvent = 16;  // then other descriptors of the loop have their turn

void append_u32(std::string& out, uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
}

uint32_t read_u32(const char* bytes) {
  uint32_t value = 0;
  for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

Result<sockaddr_un> unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    return fail("socket path of " + std::to_string(path.size()) + " bytes: 1 to 107 are possible: " + path);
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

Result<PeerCredentials> peer_credentials(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return fail_errno("SO_PEERCRED");
  return PeerCredentials{credentials.pid, credentials.uid, credentials.gid};
}

void take_descriptors(msghdr& header, std::vector<UniqueFd>& out) {
  for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
       control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int fd;
      std::memcpy(&fd, CMSG_DATA(control) + i * sizeof(int), sizeof fd);
      out.emplace_back(fd);
    }
  }
}

}  // namespace

// ---- FrameReader

void FrameReader::feed(std::string_view bytes, std::vector<UniqueFd> descriptors) {
  if (consumed_ > 0 && consumed_ * 2 >= buffer_.size()) {
    buffer_.erase(0, consumed_);
    consumed_ = 0;
  }
  buffer_ += bytes;
  for (UniqueFd& fd : descriptors) descriptors_.push_back(std::move(fd));
}

Result<bool> FrameReader::next(Message* message) {
  if (descriptors_.size() > kUnclaimedDescriptors) return fail("descriptors that belong to no frame");
  const size_t available = buffer_.size() - consumed_;
  if (available < kHeaderBytes) return false;
  const char* frame = buffer_.data() + consumed_;
  const uint32_t length = read_u32(frame);
  const uint32_t descriptors = read_u32(frame + 4);
  if (length > kMaxFrameBytes) return fail("frame of " + std::to_string(length) + " bytes");
  if (descriptors > kMaxDescriptorsPerMessage)
    return fail("frame with " + std::to_string(descriptors) + " descriptors");
  // They ride on the first byte: a header without them means that the peer lied, or that the kernel could not
  // give them.
  if (descriptors > descriptors_.size()) return fail("frame whose descriptors did not come");
  if (available < kHeaderBytes + length) return false;
  message->json.assign(frame + kHeaderBytes, length);
  message->descriptors.clear();
  for (uint32_t i = 0; i < descriptors; ++i) {
    message->descriptors.push_back(std::move(descriptors_.front()));
    descriptors_.pop_front();
  }
  consumed_ += kHeaderBytes + length;
  return true;
}

// ---- Channel

Result<std::unique_ptr<Channel>> Channel::create(EventLoop& loop, UniqueFd socket) {
  const int flags = fcntl(socket.get(), F_GETFL);
  if (flags < 0 || fcntl(socket.get(), F_SETFL, flags | O_NONBLOCK) != 0) return fail_errno("channel: fcntl");
  LF_TRY(const PeerCredentials peer, peer_credentials(socket.get()));
  std::unique_ptr<Channel> channel(new Channel(loop, std::move(socket)));
  channel->peer_ = peer;
  channel->watched_ = EPOLLIN;
  LF_CHECK(loop.add(channel->socket_.get(), EPOLLIN, channel.get()));
  return channel;
}

Channel::~Channel() {
  *alive_ = false;
  close();
}

void Channel::close() {
  if (!socket_) return;
  loop_.remove(socket_.get());
  socket_.reset();
  queue_.clear();
  queued_bytes_ = 0;
}

void Channel::watch(uint32_t events) {
  if (!socket_ || events == watched_) return;
  watched_ = events;
  loop_.modify(socket_.get(), events);
}

SendStatus Channel::send(std::string_view json, std::vector<UniqueFd> descriptors) {
  if (!socket_) return SendStatus::closed;
  LF_INVARIANT(json.size() <= kMaxFrameBytes, "message longer than a frame may be");
  LF_INVARIANT(descriptors.size() <= kMaxDescriptorsPerMessage, "more descriptors than a message may carry");
  Outgoing outgoing;
  outgoing.bytes.reserve(kHeaderBytes + json.size());
  append_u32(outgoing.bytes, static_cast<uint32_t>(json.size()));
  append_u32(outgoing.bytes, static_cast<uint32_t>(descriptors.size()));
  outgoing.bytes += json;
  outgoing.descriptors = std::move(descriptors);
  queued_bytes_ += outgoing.bytes.size();
  queue_.push_back(std::move(outgoing));
  if (queue_.size() == 1) {
    if (Result<> flushed = flush(); !flushed) {
      // Told from the loop, never from inside send(): callers do not expect to be destroyed here.
      loop_.post([this, alive = alive_, why = flushed.error().message] {
        if (*alive) fail_connection(why);
      });
      return SendStatus::closed;
    }
  }
  if (queued_bytes_ > kChannelQueueLimitBytes) {
    loop_.post([this, alive = alive_] {
      if (*alive) fail_connection("the peer does not read");
    });
    return SendStatus::closed;
  }
  if (queued_bytes_ > kChannelHighWaterBytes) congested_ = true;
  return congested_ ? SendStatus::congested : SendStatus::sent;
}

Result<> Channel::flush() {
  while (!queue_.empty()) {
    Outgoing& outgoing = queue_.front();
    iovec part{outgoing.bytes.data() + outgoing.written, outgoing.bytes.size() - outgoing.written};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptorsPerMessage * sizeof(int))];
    if (!outgoing.descriptors.empty()) {
      header.msg_control = control;
      header.msg_controllen = CMSG_SPACE(outgoing.descriptors.size() * sizeof(int));
      std::memset(control, 0, header.msg_controllen);
      cmsghdr* rights = CMSG_FIRSTHDR(&header);
      rights->cmsg_level = SOL_SOCKET;
      rights->cmsg_type = SCM_RIGHTS;
      rights->cmsg_len = CMSG_LEN(outgoing.descriptors.size() * sizeof(int));
      for (size_t i = 0; i < outgoing.descriptors.size(); ++i) {
        const int fd = outgoing.descriptors[i].get();
        std::memcpy(CMSG_DATA(rights) + i * sizeof(int), &fd, sizeof fd);
      }
    }
    const ssize_t sent = ::sendmsg(socket_.get(), &header, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == ETOOMANYREFS) {  // the latter: too many descriptors in flight (unix(7))
        watch(EPOLLIN | EPOLLOUT);
        return {};
      }
      return fail_errno("sendmsg");
    }
    outgoing.descriptors.clear();
    outgoing.written += static_cast<size_t>(sent);
    queued_bytes_ -= static_cast<size_t>(sent);
    if (outgoing.written == outgoing.bytes.size()) queue_.pop_front();
  }
  watch(EPOLLIN);
  return {};
}

void Channel::on_io(uint32_t events) {
  auto alive = alive_;
  if ((events & EPOLLOUT) != 0) {
    if (Result<> flushed = flush(); !flushed) return fail_connection(flushed.error().message);
    if (congested_ && queue_.empty()) {
      congested_ = false;
      if (on_drained_) on_drained_();
      if (!*alive || !socket_) return;
    }
  }
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read_available();
}

void Channel::read_available() {
  auto alive = alive_;
  char bytes[kReadBytes];
  for (int i = 0; i < kReadsPerEvent; ++i) {
    alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptorsPerMessage * sizeof(int))];
    iovec part{bytes, sizeof bytes};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    const ssize_t received = ::recvmsg(socket_.get(), &header, MSG_CMSG_CLOEXEC);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0 && errno == EAGAIN) return;
    if (received < 0) return fail_connection(std::strerror(errno));
    std::vector<UniqueFd> descriptors;
    take_descriptors(header, descriptors);
    if ((header.msg_flags & MSG_CTRUNC) != 0)
      return fail_connection("descriptors were lost (out of descriptors?)");
    if (received == 0) return fail_connection("");
    reader_.feed({bytes, static_cast<size_t>(received)}, std::move(descriptors));
    if (!deliver() || !*alive || !socket_) return;
    if (static_cast<size_t>(received) < sizeof bytes && header.msg_controllen == 0) return;
  }
}

bool Channel::deliver() {
  auto alive = alive_;
  FrameReader::Message message;
  while (true) {
    Result<bool> got = reader_.next(&message);
    if (!got) {
      fail_connection(got.error().message);
      return false;
    }
    if (!*got) return true;
    if (on_message_) on_message_(message.json, std::move(message.descriptors));
    if (!*alive || !socket_) return false;
  }
}

void Channel::fail_connection(std::string_view why) {
  if (!socket_) return;
  if (!why.empty()) log::warn("channel to pid {}: closed: {}", peer_.pid, why);
  close();
  // Moved out first: the callback may destroy this.
  if (OnEvent callback = std::move(on_close_)) callback();
}

// ---- ChannelServer

Result<std::unique_ptr<ChannelServer>> ChannelServer::listen(EventLoop& loop, Options options) {
  if (options.allowed_uids.empty()) options.allowed_uids.push_back(geteuid());
  LF_TRY(const sockaddr_un address, unix_address(options.path));
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return fail_errno("socket");
  struct stat existing;
  if (lstat(options.path.c_str(), &existing) == 0) {
    if (!S_ISSOCK(existing.st_mode)) return fail(options.path + " exists and is not a socket");
    if (unlink(options.path.c_str()) != 0) return fail_errno("unlink " + options.path);
  }
  // fchmod before bind sets the mode that the socket file is born with: at no moment is it open to others.
  if (fchmod(socket.get(), options.mode) != 0) return fail_errno("fchmod");
  if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail_errno("bind " + options.path);
  if (chown(options.path.c_str(), options.owner, options.group) != 0)
    return fail_errno("chown " + options.path);
  if (chmod(options.path.c_str(), options.mode) != 0) return fail_errno("chmod " + options.path);
  struct stat made;
  if (lstat(options.path.c_str(), &made) != 0) return fail_errno("lstat " + options.path);
  if (::listen(socket.get(), static_cast<int>(options.max_peers_waiting)) != 0)
    return fail_errno("listen " + options.path);
  std::unique_ptr<ChannelServer> server(new ChannelServer(loop, std::move(options)));
  server->socket_ = std::move(socket);
  server->inode_ = made.st_ino;
  LF_CHECK(loop.add(server->socket_.get(), EPOLLIN, server.get()));
  return server;
}

ChannelServer::~ChannelServer() {
  if (!socket_) return;
  loop_.remove(socket_.get());
  // Ours alone to remove: a newer server at this path made a file of its own, which must stay.
  struct stat there;
  if (lstat(options_.path.c_str(), &there) == 0 && there.st_ino == inode_) unlink(options_.path.c_str());
}

void ChannelServer::on_io(uint32_t) {
  while (true) {
    UniqueFd peer(accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!peer) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno != EAGAIN) log::error("accept on {}: {}", options_.path, std::strerror(errno));
      return;
    }
    const Result<PeerCredentials> credentials = peer_credentials(peer.get());
    if (!credentials) continue;
    if (std::ranges::find(options_.allowed_uids, credentials->uid) == options_.allowed_uids.end()) {
      log::warn("{}: refused uid {} (pid {})", options_.path, credentials->uid, credentials->pid);
      continue;
    }
    Result<std::unique_ptr<Channel>> channel = Channel::create(loop_, std::move(peer));
    if (!channel) {
      log::error("{}: {}", options_.path, channel.error().message);
      continue;
    }
    if (on_peer_) on_peer_(std::move(*channel));
  }
}

// ---- ChannelClient

ChannelClient::ChannelClient(EventLoop& loop, Options options)
    : loop_(loop), options_(std::move(options)), backoff_ms_(options_.first_backoff_ms) {}

ChannelClient::~ChannelClient() { stop(); }

void ChannelClient::start() {
  loop_.cancel(timer_);
  timer_ = loop_.after_ms(0, [this] { attempt(); });
}

void ChannelClient::stop() {
  loop_.cancel(timer_);
  timer_ = 0;
  channel_.reset();
}

SendStatus ChannelClient::send(std::string_view json, std::vector<UniqueFd> descriptors) {
  return channel_ ? channel_->send(json, std::move(descriptors)) : SendStatus::closed;
}

Result<UniqueFd> ChannelClient::connect_once() const {
  LF_TRY(const sockaddr_un address, unix_address(options_.path));
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return fail_errno("socket");
  if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail_errno("connect " + options_.path);
  if (!options_.allowed_uids.empty()) {
    LF_TRY(const PeerCredentials peer, peer_credentials(socket.get()));
    if (std::ranges::find(options_.allowed_uids, peer.uid) == options_.allowed_uids.end())
      return fail(options_.path + " is served by uid " + std::to_string(peer.uid) +
                  ", whom we do not believe");
  }
  return socket;
}

void ChannelClient::retry_later() {
  loop_.cancel(timer_);
  timer_ = loop_.after_ms(backoff_ms_, [this] { attempt(); });
  backoff_ms_ = std::min(backoff_ms_ * 2, options_.max_backoff_ms);
}

void ChannelClient::attempt() {
  timer_ = 0;
  Result<UniqueFd> socket = connect_once();
  if (!socket) {
    log::debug("{}", socket.error().message);
    return retry_later();
  }
  Result<std::unique_ptr<Channel>> channel = Channel::create(loop_, std::move(*socket));
  if (!channel) {
    log::error("{}: {}", options_.path, channel.error().message);
    return retry_later();
  }
  channel_ = std::move(*channel);
  channel_->on_message([this](std::string_view json, std::vector<UniqueFd> descriptors) {
    backoff_ms_ = options_.first_backoff_ms;  // it speaks: not one that accepts and dies at once
    if (on_message_) on_message_(json, std::move(descriptors));
  });
  channel_->on_drained([this] {
    if (on_drained_) on_drained_();
  });
  channel_->on_close([this] {
    // The Channel is on the stack below us; it goes once the loop is back.
    loop_.post([dead = std::move(channel_)]() mutable { dead.reset(); });
    retry_later();
    if (on_disconnected_) on_disconnected_();
  });
  if (on_connected_) on_connected_();
}

Result<std::pair<UniqueFd, UniqueFd>> channel_socket_pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
    return fail_errno("socketpair");
  return std::pair{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace landfall
