#include "delivery/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/files.h"
#include "base/log.h"
#include "codec/fields.h"

namespace landfall::delivery {
namespace {

constexpr int64_t kSayDropsEveryMs = 60'000;
constexpr mode_t kMode = 0600;

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

bool to_number(std::string_view text, int64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

// "<begun>-<closed or open>-<unique>"; closed stays 0 for an open one.
bool parse_name(std::string_view name, Segment& segment) {
  const size_t first = name.find('-'), second = name.find('-', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return false;
  const std::string_view middle = name.substr(first + 1, second - first - 1);
  segment.unique = name.substr(second + 1);
  return to_number(name.substr(0, first), segment.begun.unix_ms) &&
         (middle == "open" || to_number(middle, segment.closed.unix_ms)) && segment.unique.size() == 16;
}

}  // namespace

Stream::Stream(std::shared_ptr<Spool> spool, Destination destination)
    : spool_(std::move(spool)), destination_(std::move(destination)) {}

Stream::~Stream() { close_segment(); }

Result<> Stream::open_segment() {
  const SpoolOptions& options = spool_->options_;
  begun_ = std::to_string(options.clock->now().unix_ms);
  unique_ = options.random->hex(16);
  path_ = options.directory + "/" + begun_ + "-open-" + unique_;
  file_ = UniqueFd(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, kMode));
  if (!file_) return fail_errno("create " + path_);
  const std::string head = to_json(destination_) + "\n";
  bytes_ = 0;
  if (!write_all(file_.get(), head)) {
    Result<> failed = fail_errno("write " + path_);
    file_.reset();
    ::unlink(path_.c_str());
    return failed;
  }
  bytes_ = head.size();
  return {};
}

void Stream::append(std::string_view lines) {
  if (lines.empty()) return;
  std::lock_guard lock(mutex_);
  if (!spool_->reserve(lines.size())) return spool_->drop(lines.size(), "it is full");
  if (!file_) {
    if (Result<> opened = open_segment(); !opened) {
      spool_->used_ -= lines.size();
      return spool_->drop(lines.size(), opened.error().message);
    }
    spool_->used_ += bytes_;
  }
  if (!write_all(file_.get(), lines)) {
    const std::string why = fail_errno("write " + path_).error().message;
    // A line's half would spoil the next one.
    if (::ftruncate(file_.get(), static_cast<off_t>(bytes_)) != 0) close_locked();
    spool_->used_ -= lines.size();
    return spool_->drop(lines.size(), why);
  }
  bytes_ += lines.size();
  if (bytes_ < spool_->options_.segment_bytes) return;
  close_locked();
  spool_->tell_full();
}

void Stream::close_segment() {
  std::lock_guard lock(mutex_);
  close_locked();
}

void Stream::close_locked() {
  if (!file_) return;
  file_.reset();
  const Timestamp now = spool_->options_.clock->now();
  Segment segment{.begun = {0}, .closed = now, .unique = unique_, .bytes = bytes_};
  to_number(begun_, segment.begun.unix_ms);
  segment.path =
      spool_->options_.directory + "/" + begun_ + "-" + std::to_string(now.unix_ms) + "-" + unique_;
  if (::rename(path_.c_str(), segment.path.c_str()) != 0) {
    log::error("log spool: {}", fail_errno("rename " + path_).error().message);
    segment.path = path_;  // as good, but for a restart in between, which would name it anew
  }
  spool_->closed(std::move(segment));
}

Result<std::shared_ptr<Spool>> Spool::open(SpoolOptions options) {
  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  if (error) return fail("create " + options.directory + ": " + error.message(), error.value());
  std::shared_ptr<Spool> spool(new Spool(std::move(options)));
  LF_CHECK(spool->take_over());
  return spool;
}

Result<> Spool::take_over() {
  std::error_code error;
  const Timestamp now = options_.clock->now();
  for (const auto& entry : std::filesystem::directory_iterator(options_.directory, error)) {
    Segment segment{.path = entry.path().string()};
    if (!parse_name(entry.path().filename().string(), segment)) continue;
    segment.bytes = entry.file_size(error);
    if (error) continue;
    if (segment.closed.unix_ms == 0) {
      segment.closed = now;
      const std::string path = options_.directory + "/" + std::to_string(segment.begun.unix_ms) + "-" +
                               std::to_string(now.unix_ms) + "-" + segment.unique;
      if (::rename(segment.path.c_str(), path.c_str()) != 0) return fail_errno("rename " + segment.path);
      segment.path = path;
    }
    used_ += segment.bytes;
    closed_.push_back(std::move(segment));
  }
  if (error) return fail("list " + options_.directory + ": " + error.message(), error.value());
  return {};
}

std::shared_ptr<Stream> Spool::stream(const Destination& destination) {
  std::lock_guard lock(mutex_);
  std::erase_if(streams_, [](const auto& entry) { return entry.second.expired(); });
  auto& known = streams_[to_json(destination)];
  std::shared_ptr<Stream> stream = known.lock();
  if (!stream) known = stream = std::make_shared<Stream>(shared_from_this(), destination);
  return stream;
}

void Spool::close_segments() {
  std::vector<std::shared_ptr<Stream>> streams;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [destination, weak] : streams_)
      if (auto stream = weak.lock()) streams.push_back(std::move(stream));
  }
  for (const auto& stream : streams) stream->close_segment();
}

std::vector<Segment> Spool::take_closed() {
  std::vector<Segment> taken;
  {
    std::lock_guard lock(mutex_);
    taken.swap(closed_);
  }
  std::ranges::sort(taken, {}, [](const Segment& segment) { return segment.begun; });
  return taken;
}

Result<SegmentContent> Spool::read(const Segment& segment) {
  LF_TRY(std::string text, read_file(segment.path));
  const size_t head = text.find('\n');
  if (head == std::string::npos) return fail(segment.path + ": not even its first line is whole");
  LF_TRY(Destination destination, from_json<Destination>(std::string_view(text).substr(0, head)));
  text.resize(text.rfind('\n') + 1);
  return SegmentContent{std::move(destination), std::move(text), head + 1};
}

void Spool::remove(const Segment& segment) {
  if (::unlink(segment.path.c_str()) != 0)
    log::error("log spool: {}", fail_errno("unlink " + segment.path).error().message);
  used_ -= segment.bytes;
}

void Spool::on_full(std::function<void()> full) {
  std::lock_guard lock(mutex_);
  full_ = std::move(full);
}

bool Spool::reserve(uint64_t bytes) {
  if (used_.fetch_add(bytes) + bytes <= options_.limit_bytes) return true;
  used_ -= bytes;
  return false;
}

void Spool::closed(Segment segment) {
  std::lock_guard lock(mutex_);
  closed_.push_back(std::move(segment));
}

void Spool::tell_full() {
  std::lock_guard lock(mutex_);
  if (full_) full_();
}

void Spool::drop(uint64_t bytes, std::string_view why) {
  dropped_ += bytes;
  const int64_t now = options_.clock->now().unix_ms;
  int64_t said = said_ms_.load();
  if (now - said < kSayDropsEveryMs || !said_ms_.compare_exchange_strong(said, now)) return;
  log::error("log spool: {} bytes of logs dropped so far: {}", dropped_.load(), why);
}

}  // namespace landfall::delivery
