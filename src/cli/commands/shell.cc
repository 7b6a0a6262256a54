// `landfall shell [-- CMD]`: a shell in a mount namespace of its own, in which the resolver, the trusted
// authorities and the credentials are Landfall's. Nothing of it is seen outside, and nothing is left when it
// ends.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "base/result.h"
#include "base/unique_fd.h"
#include "cli/cli.h"
#include "cli/client_environment.h"
#include "cli/commands.h"
#include "roles/up/settings.h"

namespace landfall::cli {

namespace {

constexpr const char* kBundle = "/etc/ssl/certs/ca-certificates.crt";

Result<> write_text(const std::string& path, const std::string& text, int flags) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, 0644));
  if (!fd) return fail_errno("open " + path);
  if (::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return fail_errno("write " + path);
  return {};
}

// Root needs a mount namespace only; anybody else gets it inside a user namespace in which he is himself.
Result<> enter_namespace() {
  const uid_t uid = ::geteuid();
  const gid_t gid = ::getegid();
  if (::unshare(uid == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0) return fail_errno("unshare");
  if (uid != 0) {
    LF_CHECK(write_text("/proc/self/setgroups", "deny", 0));
    LF_CHECK(write_text("/proc/self/uid_map", std::to_string(uid) + " " + std::to_string(uid) + " 1\n", 0));
    LF_CHECK(write_text("/proc/self/gid_map", std::to_string(gid) + " " + std::to_string(gid) + " 1\n", 0));
  }
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return fail_errno("make mounts private");
  return {};
}

// Shows `text` at `path` in this namespace. The file behind it is gone as soon as it is mounted.
Result<> cover(const std::string& path, const std::string& text) {
  char* resolved =
      ::realpath(path.c_str(), nullptr);  // resolv.conf may be a link, and a mount goes on what it leads to
  if (!resolved) return fail_errno("find " + path);
  const std::string target = resolved;
  std::free(resolved);
  std::string source = "/tmp/landfall-shell-XXXXXX";
  UniqueFd fd(::mkostemp(source.data(), O_CLOEXEC));
  if (!fd) return fail_errno("create " + source);
  ::fchmod(fd.get(), 0644);
  auto written = write_text(source, text, 0);
  if (written && ::mount(source.c_str(), target.c_str(), nullptr, MS_BIND, nullptr) != 0)
    written = fail_errno("mount over " + target);
  ::unlink(source.c_str());
  return written;
}

// "hosts: files dns" only: another module (systemd's resolve, mDNS) would ask its own daemon instead of our
// resolver.
std::string with_plain_hosts(const std::string& nsswitch) {
  std::string result;
  size_t begin = 0;
  while (begin < nsswitch.size()) {
    size_t end = nsswitch.find('\n', begin);
    if (end == std::string::npos) end = nsswitch.size();
    const std::string line = nsswitch.substr(begin, end - begin);
    if (!line.starts_with("hosts:")) result += line + "\n";
    begin = end + 1;
  }
  return result + "hosts: files dns\n";
}

Result<> arrange_files(const roles::Layout& layout, const roles::Settings& settings) {
  auto ca = roles::read_file(layout.ca_certificate());
  if (!ca) return fail(ca.error().message + " (Landfall's CA is made when `landfall up` first runs)");
  LF_CHECK(enter_namespace());
  LF_CHECK(cover("/etc/resolv.conf", "nameserver " + roles::public_address(settings.public_cidr, 1) +
                                         "\noptions timeout:2 attempts:2\n"));
  if (const auto nsswitch = roles::read_file("/etc/nsswitch.conf"))
    LF_CHECK(cover("/etc/nsswitch.conf", with_plain_hosts(*nsswitch)));
  if (const auto bundle = roles::read_file(kBundle)) LF_CHECK(cover(kBundle, *bundle + "\n" + *ca));
  return {};
}

void set_environment(const roles::Layout& layout,
                     const std::vector<std::pair<std::string, std::string>>& variables) {
  for (const char* name : {"AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN", "http_proxy",
                           "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"})
    ::unsetenv(name);
  for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
  const bool has_bundle = ::access(kBundle, R_OK) == 0;
  const std::string trusted = has_bundle ? kBundle : layout.ca_certificate();
  for (const char* name :
       {"AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "GIT_SSL_CAINFO"})
    ::setenv(name, trusted.c_str(), 1);
  ::setenv("NODE_EXTRA_CA_CERTS", layout.ca_certificate().c_str(), 1);
  ::setenv("LANDFALL_DATA_DIR", layout.root.c_str(), 1);
  ::setenv("LANDFALL_SHELL", "1", 1);
}

int complain_of_shell(const Error& error) {
  std::fprintf(stderr, "landfall shell: %s\n", error.message.c_str());
  return kFailed;
}

}  // namespace

int shell(const CommandOptions& options, const std::vector<std::string>& command) {
  const roles::Layout layout{options.data_dir};
  const auto variables = client_environment(layout, Reach::real_names, options.account);
  if (!variables) return complain_of_shell(variables.error());
  const auto settings = roles::load_settings(layout);
  if (!settings) return complain_of_shell(settings.error());
  if (const auto arranged = arrange_files(layout, **settings); !arranged)
    return complain_of_shell(arranged.error());
  set_environment(layout, *variables);

  const char* user_shell = std::getenv("SHELL");
  std::vector<std::string> words = command;
  if (words.empty()) words = {user_shell && *user_shell ? user_shell : "/bin/bash"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execvp(argv[0], argv.data());
  const int error = errno;
  std::fprintf(stderr, "landfall shell: %s: %s\n", argv[0], std::strerror(error));
  return error == ENOENT ? 127 : 126;
}

}  // namespace landfall::cli
