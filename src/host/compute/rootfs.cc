#include "host/compute/rootfs.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "base/random.h"
#include "host/compute/masks.h"

namespace landfall::host {

namespace {

namespace fs = std::filesystem;

constexpr long kOverlayMagic = 0x794c7630;
constexpr const char* kTrustStore =
    "/etc/ssl/certs/ca-certificates.crt";  // where Debian's OpenSSL users, curl and Python look
constexpr mode_t kDirectoryMode = 0755;

bool is_overlay(const std::string& path) {
  struct statfs info;
  return statfs(path.c_str(), &info) == 0 && info.f_type == kOverlayMagic;
}

Result<> make_directory(const std::string& path, mode_t mode) {
  if (mkdir(path.c_str(), mode) != 0 && errno != EEXIST) return fail_errno("mkdir " + path);
  return {};
}

Result<> make_upper(const RootfsPaths& paths) {
  const std::string upper = paths.directory + "/upper", draft = paths.directory + "/upper.draft";
  if (fs::exists(upper)) return {};
  fs::remove_all(draft);
  LF_CHECK(make_directory(draft, kDirectoryMode));
  LF_CHECK(write_masks({.upper = draft, .id_base = paths.id_base, .also_hidden = {paths.data_dir}}));
  if (chmod(draft.c_str(), kDirectoryMode) != 0) return fail_errno("chmod " + draft);
  if (chown(draft.c_str(), paths.id_base, paths.id_base) != 0) return fail_errno("chown " + draft);
  if (rename(draft.c_str(), upper.c_str()) != 0) return fail_errno("rename " + draft);
  return {};
}

int openat2_in(int root, const std::string& path, uint64_t flags) {
  open_how how{};
  how.flags = flags | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(syscall(SYS_openat2, root, path.c_str(), &how, sizeof how));
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Result<> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("write");
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return {};
}

// OpenSSL finds a certificate of a directory by its subject's hash.
Result<std::string> subject_hash(const std::string& pem) {
  std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                BIO_free);
  std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
  if (!certificate) return fail("the CA certificate is not PEM");
  return fmt::format("{:08x}", X509_subject_name_hash(certificate.get()));
}

Result<> trust(const Tree& tree, const std::string& pem) {
  if (pem.empty()) return {};
  LF_TRY(const std::string hash, subject_hash(pem));
  Result<std::string> store = tree.read_file(kTrustStore);
  if (!store && store.error().error_number != ENOENT) return std::unexpected(store.error());
  std::string text = store.value_or("");
  if (text.find(pem) != std::string::npos) return {};
  if (!text.empty() && text.back() != '\n') text += '\n';
  LF_CHECK(tree.write_file({.path = kTrustStore, .content = Secret(text + pem)}));
  LF_CHECK(tree.write_file({.path = "/etc/ssl/certs/landfall.pem", .content = Secret(pem)}));
  LF_CHECK(
      tree.write_file({.path = "/usr/local/share/ca-certificates/landfall.crt", .content = Secret(pem)}));
  return tree.replace_symlink("/etc/ssl/certs/" + hash + ".0", "landfall.pem");
}

}  // namespace

Result<> mount_rootfs(const RootfsPaths& paths) {
  LF_CHECK(make_upper(paths));
  LF_CHECK(make_directory(paths.directory + "/work", 0700));
  LF_CHECK(make_directory(paths.merged, 0700));
  if (is_overlay(paths.merged)) return {};
  // A comma or colon in the path would end an option: the data directory's name is checked when host starts.
  const std::string options = "lowerdir=" + paths.lower + ",upperdir=" + paths.directory +
                              "/upper,workdir=" + paths.directory + "/work";
  if (mount("overlay", paths.merged.c_str(), "overlay", MS_NODEV, options.c_str()) != 0)
    return fail_errno("mount overlay on " + paths.merged);
  return {};
}

Result<> unmount_rootfs(const RootfsPaths& paths) {
  while (is_overlay(paths.merged))
    if (umount2(paths.merged.c_str(), MNT_DETACH) != 0) return fail_errno("umount " + paths.merged);
  if (rmdir(paths.merged.c_str()) != 0 && errno != ENOENT) return fail_errno("rmdir " + paths.merged);
  return {};
}

Result<> remove_rootfs(const RootfsPaths& paths) {
  LF_CHECK(unmount_rootfs(paths));
  std::error_code error;
  for (const char* name : {"/upper", "/upper.draft", "/work"}) fs::remove_all(paths.directory + name, error);
  if (error) return fail("remove " + paths.directory + ": " + error.message(), error.value());
  return {};
}

Result<Tree> Tree::open(const std::string& root, uint32_t id_base) {
  UniqueFd fd(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return fail_errno("open " + root);
  return Tree(std::move(fd), id_base);
}

Result<> Tree::make_directories(const std::string& path) const {
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string prefix = path.substr(0, slash);
    UniqueFd there(openat2_in(root_.get(), prefix, O_PATH | O_DIRECTORY));
    if (!there) {
      if (errno != ENOENT) return fail_errno("open " + prefix);
      LF_TRY(const UniqueFd parent, open_parent(prefix));
      if (mkdirat(parent.get(), file_name(prefix).c_str(), kDirectoryMode) != 0)
        return fail_errno("mkdir " + prefix);
      fchmodat(parent.get(), file_name(prefix).c_str(), kDirectoryMode, 0);
      if (fchownat(parent.get(), file_name(prefix).c_str(), id_base_, id_base_, AT_SYMLINK_NOFOLLOW) != 0)
        return fail_errno("chown " + prefix);
    }
    if (slash == std::string::npos) return {};
  }
}

Result<UniqueFd> Tree::open_parent(const std::string& path) const {
  const size_t slash = path.rfind('/');
  const std::string parent = slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
  UniqueFd fd(openat2_in(root_.get(), parent, O_PATH | O_DIRECTORY));
  if (!fd) return fail_errno("open " + parent);
  return fd;
}

Result<> Tree::write_file(const WorkloadFile& file) const {
  if (file.path.empty() || file.path.front() != '/' || file.path.back() == '/')
    return fail("file path '" + file.path + "'");
  const size_t slash = file.path.rfind('/');
  if (slash > 0) LF_CHECK(make_directories(file.path.substr(0, slash)));
  LF_TRY(const UniqueFd parent, open_parent(file.path));
  const std::string name = file_name(file.path);
  const std::string draft = ".landfall-" + name;
  unlinkat(parent.get(), draft.c_str(), 0);
  UniqueFd fd(
      openat(parent.get(), draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) return fail_errno("create " + file.path);
  LF_CHECK(write_all(fd.get(), file.content.reveal()));
  if (fchown(fd.get(), id_base_ + static_cast<uid_t>(file.uid), id_base_ + static_cast<gid_t>(file.gid)) != 0)
    return fail_errno("chown " + file.path);
  const auto mode = static_cast<mode_t>(std::strtoul(file.mode.c_str(), nullptr, 8) & 07777);
  if (fchmod(fd.get(), mode) != 0) return fail_errno("chmod " + file.path);
  if (renameat(parent.get(), draft.c_str(), parent.get(), name.c_str()) != 0)
    return fail_errno("rename " + file.path);
  return {};
}

Result<> Tree::replace_symlink(const std::string& path, const std::string& target) const {
  LF_TRY(const UniqueFd parent, open_parent(path));
  unlinkat(parent.get(), file_name(path).c_str(), 0);
  if (symlinkat(target.c_str(), parent.get(), file_name(path).c_str()) != 0)
    return fail_errno("symlink " + path);
  if (fchownat(parent.get(), file_name(path).c_str(), id_base_, id_base_, AT_SYMLINK_NOFOLLOW) != 0)
    return fail_errno("chown " + path);
  return {};
}

Result<std::string> Tree::read_file(const std::string& path) const {
  UniqueFd fd(openat2_in(root_.get(), path, O_RDONLY | O_NONBLOCK));
  if (!fd) return fail_errno("open " + path);
  std::string out;
  char bytes[65536];
  while (true) {
    const ssize_t n = read(fd.get(), bytes, sizeof bytes);
    if (n < 0) return fail_errno("read " + path);
    if (n == 0) return out;
    out.append(bytes, static_cast<size_t>(n));
  }
}

Result<> write_system_files(const Tree& tree, const SystemFiles& files) {
  const size_t dot = files.hostname.find('.');
  const std::string name = files.hostname.substr(0, dot);
  const std::string domain = dot == std::string::npos ? "" : files.hostname.substr(dot + 1);
  const auto write = [&](const char* path, std::string text) {
    return tree.write_file({.path = path, .content = Secret(std::move(text))});
  };
  LF_CHECK(write("/etc/hostname", files.hostname + "\n"));
  LF_CHECK(write("/etc/hosts",
                 fmt::format("127.0.0.1 localhost\n{} {} {}\n", files.address, files.hostname, name)));
  LF_CHECK(
      write("/etc/resolv.conf", fmt::format("nameserver {}\n{}options timeout:2 attempts:3\n", files.resolver,
                                            domain.empty() ? "" : "search " + domain + "\n")));
  if (!tree.read_file("/etc/machine-id")) LF_CHECK(write("/etc/machine-id", Random::system().hex(32) + "\n"));
  return trust(tree, files.ca_certificate_pem);
}

}  // namespace landfall::host
