#include "agent/bundle.h"

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

namespace landfall::agent {
namespace {

namespace fs = std::filesystem;

constexpr int kFlags =
    ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT;
constexpr size_t kBlock = 64 * 1024;

using Reader = std::unique_ptr<archive, decltype(&archive_read_free)>;
using Writer = std::unique_ptr<archive, decltype(&archive_write_free)>;

std::unexpected<Error> archive_error(const std::string& what, archive* from) {
  const char* why = archive_error_string(from);
  return fail(what + ": " + (why != nullptr ? why : "unknown error"));
}

Result<> copy_data(archive* from, archive* to, int64_t& left) {
  const void* data = nullptr;
  size_t size = 0;
  la_int64_t offset = 0;
  while (true) {
    const int status = archive_read_data_block(from, &data, &size, &offset);
    if (status == ARCHIVE_EOF) return {};
    if (status != ARCHIVE_OK) return archive_error("source bundle", from);
    left -= static_cast<int64_t>(size);
    if (left < 0)
      return fail("source bundle: more than " + std::to_string(kMaxUnpackedBytes) + " bytes unpacked");
    if (archive_write_data_block(to, data, size, offset) != ARCHIVE_OK) return archive_error("unpack", to);
  }
}

// Zips made without Unix attributes have no permissions: readable then, and runnable, as nothing says which
// are programs.
void settle_entry(archive_entry* entry, const std::string& folder, const std::string& name) {
  const bool is_folder = archive_entry_filetype(entry) == AE_IFDIR;
  auto mode = archive_entry_perm(entry) & 0777;
  if (mode == 0) mode = 0755;
  archive_entry_set_perm(entry, mode | 0600 | (is_folder ? 0100 : 0));  // no set-uid bits
  archive_entry_set_pathname(entry, (folder + "/" + name).c_str());
}

Result<> give_to(const std::string& folder, uid_t owner) {
  if (lchown(folder.c_str(), owner, owner) != 0) return fail_errno("chown " + folder);
  std::error_code error;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, error))
    if (lchown(entry.path().c_str(), owner, owner) != 0) return fail_errno("chown " + entry.path().string());
  if (error) return fail("list " + folder + ": " + error.message());
  return {};
}

}  // namespace

Result<> unpack_zip(const std::string& zip_path, const std::string& folder, uid_t owner) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (!fs::create_directories(folder, error) || error) return fail("make " + folder + ": " + error.message());
  Reader reader(archive_read_new(), archive_read_free);
  Writer writer(archive_write_disk_new(), archive_write_free);
  archive_read_support_format_zip(reader.get());
  archive_write_disk_set_options(writer.get(), kFlags);
  if (archive_read_open_filename(reader.get(), zip_path.c_str(), kBlock) != ARCHIVE_OK)
    return archive_error("source bundle", reader.get());
  int64_t left = kMaxUnpackedBytes;
  int entries = 0;
  while (true) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) break;
    if (status != ARCHIVE_OK) return archive_error("source bundle", reader.get());
    const char* raw = archive_entry_pathname(entry);
    const std::string name = raw != nullptr ? raw : "";
    if (name.empty() || name.starts_with('/'))
      return fail("source bundle: the entry \"" + name + "\" has no relative path");
    if (archive_entry_hardlink(entry) != nullptr)
      return fail("source bundle: the entry \"" + name + "\" is a hard link");
    settle_entry(entry, folder, name);
    if (archive_write_header(writer.get(), entry) != ARCHIVE_OK)
      return archive_error("unpack " + name, writer.get());
    LF_CHECK(copy_data(reader.get(), writer.get(), left));
    if (archive_write_finish_entry(writer.get()) != ARCHIVE_OK)
      return archive_error("unpack " + name, writer.get());
    ++entries;
  }
  if (entries == 0) return fail("source bundle: empty, or not a zip file");
  if (archive_write_close(writer.get()) != ARCHIVE_OK) return archive_error("unpack", writer.get());
  return give_to(folder, owner);
}

}  // namespace landfall::agent
