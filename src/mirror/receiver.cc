#include "mirror/receiver.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/encoding.h"
#include "base/log.h"
#include "base/unique_fd.h"
#include "codec/fields.h"

namespace landfall::mirror {
namespace {

// A file name for any id: letters, digits, '-', '_' and '.' stay, the rest becomes %xx.
std::string file_name(std::string_view id) {
  std::string name;
  for (char c : id) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (plain) {
      name += c;
    } else {
      name += '%';
      name += to_hex(std::string_view(&c, 1));
    }
  }
  return name;
}

std::string id_of(std::string_view name) {
  std::string id;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '%' && i + 2 < name.size()) {
      if (auto byte = from_hex(name.substr(i + 1, 2))) id += *byte;
      i += 2;
    } else {
      id += name[i];
    }
  }
  return id;
}

constexpr std::string_view kTemporarySuffix = ".new";
constexpr const char* kCompleteMark = "complete";  // a file: all of a first Sync came once

}  // namespace

Result<> Receiver::open() {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) return fail("create " + folder_ + ": " + error.message());
  for (const auto& kind : std::filesystem::directory_iterator(folder_)) {
    if (!kind.is_directory()) continue;
    for (const auto& file : std::filesystem::directory_iterator(kind.path())) {
      const std::string name = file.path().filename();
      std::ifstream in(file.path(), std::ios::binary);
      std::ostringstream buffer;
      buffer << in.rdbuf();
      const std::string text = buffer.str();
      int64_t version = 0;
      const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), version);
      const bool whole =
          bad == std::errc() && end < text.data() + text.size() && *end == '\n' && text.back() == '}';
      if (name.ends_with(kTemporarySuffix) || !whole) {
        std::filesystem::remove(file.path(), error);
        continue;
      }
      entries_[{kind.path().filename(), id_of(name)}] = {
          version, text.substr(static_cast<size_t>(end - text.data()) + 1)};
    }
  }
  for (const auto& [key, entry] : entries_) on_change_(key.first, key.second, &entry.document);
  complete_ = std::filesystem::exists(folder_ + "/" + kCompleteMark, error);
  return {};
}

void Receiver::when_complete(std::move_only_function<void()> told) {
  told_ = std::move(told);
  if (complete_) std::exchange(told_, nullptr)();
}

void Receiver::check_complete() {
  if (!missing_.empty()) return;
  if (!std::exchange(complete_, true)) std::ofstream(folder_ + "/" + kCompleteMark);
  if (told_) std::exchange(told_, nullptr)();
}

void Receiver::received(std::string_view json) {
  const auto envelope = from_json<Envelope>(json);
  if (!envelope) {
    log::error("mirror: a message that is not JSON: {}", envelope.error().message);
    return;
  }
  const auto read = [&]<class T>(T*) {
    auto message = from_json<T>(json);
    if (!message) log::error("mirror: a bad {}: {}", envelope->type, message.error().message);
    return message;
  };
  if (envelope->type == "Sync") {
    if (auto message = read(static_cast<Sync*>(nullptr))) sync(*message);
  } else if (envelope->type == "Put") {
    if (auto message = read(static_cast<Put*>(nullptr))) put(*message);
  } else if (envelope->type == "Delete") {
    if (auto message = read(static_cast<Delete*>(nullptr))) forget({message->kind, message->id});
  } else if (envelope->type == "Barrier") {
    send_(std::string(json));  // all before it has been told to on_change
  }
}

void Receiver::sync(const Sync& sync) {
  std::set<Key> listed;
  SyncResult result;
  missing_.clear();
  for (const Item& item : sync.items) {
    Key key{item.kind, item.id};
    auto it = entries_.find(key);
    if (it == entries_.end() || it->second.version != item.version) {
      result.wanted.push_back({item.kind, item.id, it == entries_.end() ? 0 : it->second.version});
      missing_.insert(key);
    }
    listed.insert(std::move(key));
  }
  std::set<Key> gone;
  for (const auto& [key, entry] : entries_)
    if (!listed.contains(key)) gone.insert(key);
  for (const Key& key : gone) forget(key);
  send_(to_json(result));
  check_complete();
}

void Receiver::put(const Put& put) {
  const Key key{put.kind, put.id};
  Entry& entry = entries_[key] = {put.version, put.document};
  if (Result<> saved = save(key, entry); !saved)
    log::error("keep snapshot {} {}: {}", put.kind, put.id, saved.error().message);
  on_change_(put.kind, put.id, &entry.document);
  if (missing_.erase(key) != 0) check_complete();
}

void Receiver::forget(const Key& key) {
  const bool was_missing = missing_.erase(key) != 0;
  if (entries_.erase(key) != 0) {
    ::unlink(path_of(key).c_str());
    on_change_(key.first, key.second, nullptr);
  }
  if (was_missing) check_complete();
}

std::string Receiver::path_of(const Key& key) const {
  return folder_ + "/" + key.first + "/" + file_name(key.second);
}

Result<> Receiver::save(const Key& key, const Entry& entry) const {
  const std::string folder = folder_ + "/" + key.first;
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return fail_errno("create " + folder);
  const std::string path = path_of(key), fresh = path + std::string(kTemporarySuffix);
  UniqueFd file(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));  // snapshots hold private keys
  if (!file) return fail_errno("create " + fresh);
  const std::string text = std::to_string(entry.version) + "\n" + entry.document;
  for (size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(file.get(), text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("write " + fresh);
    done += static_cast<size_t>(n);
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return fail_errno("rename " + fresh);
  return {};
}

std::map<std::pair<std::string, std::string>, int64_t> Receiver::versions() const {
  std::map<Key, int64_t> versions;
  for (const auto& [key, entry] : entries_) versions[key] = entry.version;
  return versions;
}

}  // namespace landfall::mirror
