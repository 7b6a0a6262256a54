#include "roles/up/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

namespace landfall::roles {

namespace {
constexpr size_t kLineBytes = 4096;  // of a line kept for last_lines()
}

LogFile::LogFile(std::string path) : path_(std::move(path)) { open(); }

void LogFile::open() {
  fd_ = UniqueFd(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644));
  struct stat info{};
  size_ = fd_ && ::fstat(fd_.get(), &info) == 0 ? static_cast<size_t>(info.st_size) : 0;
}

void LogFile::rotate() {
  std::rename((path_ + ".1").c_str(), (path_ + ".2").c_str());
  std::rename(path_.c_str(), (path_ + ".1").c_str());
  open();
}

void LogFile::append(std::string_view bytes) {
  remember(bytes);
  if (size_ + bytes.size() > kBytes) rotate();
  if (!fd_) return;
  const ssize_t count = ::write(fd_.get(), bytes.data(), bytes.size());
  if (count > 0) size_ += static_cast<size_t>(count);
}

void LogFile::remember(std::string_view bytes) {
  for (const char c : bytes) {
    if (c != '\n') {
      if (partial_line_.size() < kLineBytes) partial_line_ += c;
      continue;
    }
    last_lines_.push_back(std::move(partial_line_));
    partial_line_.clear();
    if (last_lines_.size() > kLastLines) last_lines_.pop_front();
  }
}

}  // namespace landfall::roles
