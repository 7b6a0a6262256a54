#include "services/s3/dataplane/body_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <mutex>
#include <set>

#include "base/encoding.h"
#include "base/files.h"
#include "services/s3/dataplane/keys.h"

namespace landfall::s3 {
namespace {

namespace fs = std::filesystem;
constexpr uint64_t kFilesPerDirectory = 4096;

std::string name_of(BodyId id) { return to_hex(body_key(id)); }

std::optional<BodyId> id_of_name(const std::string& name) {
  auto raw = from_hex(name);
  return raw ? parse_body_key(*raw) : std::nullopt;
}

}  // namespace

struct DurableDirectories::Made {
  std::mutex mutex;  // held while one is made: who comes second waits until it is synced
  std::set<std::string, std::less<>> paths;
};

DurableDirectories::DurableDirectories() : made_(std::make_unique<Made>()) {}
DurableDirectories::~DurableDirectories() = default;

Result<> DurableDirectories::make(const std::string& path) {
  std::lock_guard lock(made_->mutex);
  if (made_->paths.contains(path)) return {};
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return fail_errno("mkdir " + path);
  LF_CHECK(sync_directory(fs::path(path).parent_path()));
  made_->paths.insert(path);
  return {};
}

Result<BodyFiles> BodyFiles::open(std::string directory, rocks::FreeBytes free_bytes) {
  BodyFiles files(std::move(directory), std::move(free_bytes));
  // The index makes its own, but does not sync it into this one.
  for (const char* name : {"", "/incoming", "/objects", "/index"})
    LF_CHECK(files.directories_->make(files.directory_ + name));
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(files.directory_ + "/incoming", error)) {
    if (::unlink(entry.path().c_str()) != 0) return fail_errno("unlink " + entry.path().string());
  }
  if (error) return fail("list incoming: " + error.message(), error.value());
  return files;
}

std::string BodyFiles::directory_of(BodyId id) const {
  return fmt::format("{}/objects/{:08x}/{:x}", directory_, id.epoch, id.counter / kFilesPerDirectory);
}
std::string BodyFiles::path(BodyId id) const { return directory_of(id) + "/" + name_of(id); }
std::string BodyFiles::incoming_path(BodyId id) const { return directory_ + "/incoming/" + name_of(id); }

Result<> BodyFiles::room_for(uint64_t bytes) const {
  if (free_bytes_(directory_) >= rocks::kLeftForDeletions + bytes) return {};
  return fail_errno("write to " + directory_, ENOSPC);
}

Result<UniqueFd> BodyFiles::create_incoming(BodyId id) const {
  const std::string path = incoming_path(id);
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return fail_errno("create " + path);
  return fd;
}

Result<> BodyFiles::publish(BodyId id, int fd) const {
  if (::fsync(fd) != 0) return fail_errno("fsync " + incoming_path(id));
  const std::string target_directory = directory_of(id);
  LF_CHECK(directories_->make(fs::path(target_directory).parent_path()));
  LF_CHECK(directories_->make(target_directory));
  if (::rename(incoming_path(id).c_str(), path(id).c_str()) != 0) return fail_errno("rename to " + path(id));
  return sync_directory(target_directory);
}

Result<> BodyFiles::discard_incoming(BodyId id) const {
  if (::unlink(incoming_path(id).c_str()) != 0 && errno != ENOENT)
    return fail_errno("unlink " + incoming_path(id));
  return {};
}

Result<UniqueFd> BodyFiles::open_body(BodyId id) const {
  const std::string file = path(id);
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("open " + file);
  return fd;
}

Result<> BodyFiles::remove(BodyId id) const {
  if (::unlink(path(id).c_str()) != 0 && errno != ENOENT) return fail_errno("unlink " + path(id));
  return {};
}

Result<> BodyFiles::for_each_between(uint32_t first, uint32_t end,
                                     const std::function<Result<>(BodyId)>& visit) const {
  std::error_code error;
  for (const auto& epoch_entry : fs::directory_iterator(directory_ + "/objects", error)) {
    const std::string name = epoch_entry.path().filename();
    uint32_t number = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), number, 16).ec != std::errc{}) continue;
    if (number < first || number >= end) continue;
    for (fs::recursive_directory_iterator it(epoch_entry.path(), error), none; it != none && !error;
         it.increment(error)) {
      if (!it->is_regular_file(error)) continue;
      if (auto id = id_of_name(it->path().filename())) LF_CHECK(visit(*id));
    }
  }
  if (error) return fail("list objects: " + error.message(), error.value());
  return {};
}

}  // namespace landfall::s3
