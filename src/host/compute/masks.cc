#include "host/compute/masks.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace landfall::host {

namespace {

namespace fs = std::filesystem;

// Made anew, empty.
struct FreshDirectory {
  const char* path;
  mode_t mode;
};
constexpr FreshDirectory kFresh[] = {
    {"boot", 0755}, {"dev", 0755}, {"home", 0755}, {"media", 0755}, {"mnt", 0755},  {"proc", 0555},
    {"root", 0700}, {"run", 0755}, {"srv", 0755},  {"sys", 0555},   {"tmp", 01777},
};

Result<> make_opaque(const std::string& path) {
  if (setxattr(path.c_str(), "trusted.overlay.opaque", "y", 1, 0) != 0)
    return fail_errno("mark " + path + " opaque");
  return {};
}

// mkdir with exactly these bits, whatever the umask.
Result<> make_directory(const std::string& path, const struct stat& like, uint32_t id_base) {
  if (mkdir(path.c_str(), 0700) != 0) {
    if (errno == EEXIST) return {};
    return fail_errno("mkdir " + path);
  }
  if (chown(path.c_str(), id_base + like.st_uid, id_base + like.st_gid) != 0)
    return fail_errno("chown " + path);
  if (chmod(path.c_str(), like.st_mode & 07777) != 0) return fail_errno("chmod " + path);
  return {};
}

// The directories above lower/path, made in upper with the owner and mode they have below, so that they show
// as they were.
Result<> copy_up_parents(const MaskOptions& options, const std::string& path) {
  for (size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string parent = path.substr(0, slash);
    struct stat info;
    if (lstat((options.lower + "/" + parent).c_str(), &info) != 0) return fail_errno("stat " + parent);
    if (!S_ISDIR(info.st_mode)) return fail(parent + " is not a directory", ENOTDIR);
    LF_CHECK(make_directory(options.upper + "/" + parent, info, options.id_base));
  }
  return {};
}

Result<> white_out(const MaskOptions& options, const std::string& path) {
  LF_CHECK(copy_up_parents(options, path));
  const std::string target = options.upper + "/" + path;
  if (mknod(target.c_str(), S_IFCHR, makedev(0, 0)) != 0 && errno != EEXIST)
    return fail_errno("white out " + target);
  return {};
}

Result<> empty(const MaskOptions& options, const std::string& path) {
  struct stat info;
  if (lstat((options.lower + "/" + path).c_str(), &info) != 0) return {};  // not there: nothing to hide
  if (!S_ISDIR(info.st_mode)) return white_out(options, path);             // e.g. a link to a data disk
  LF_CHECK(copy_up_parents(options, path));
  LF_CHECK(make_directory(options.upper + "/" + path, info, options.id_base));
  return make_opaque(options.upper + "/" + path);
}

bool exists(const std::string& path) {
  struct stat info;
  return lstat(path.c_str(), &info) == 0;
}

Result<> mask_top_level(const MaskOptions& options) {
  const auto kept = kept_top_level();
  for (const auto& entry : fs::directory_iterator(options.lower)) {
    const std::string name = entry.path().filename();
    if (std::ranges::find(kept, name) != kept.end()) continue;
    const bool fresh = std::ranges::any_of(kFresh, [&](const FreshDirectory& f) { return name == f.path; });
    if (!fresh) LF_CHECK(white_out(options, name));
  }
  for (const FreshDirectory& fresh : kFresh) {
    struct stat like{};
    like.st_mode = fresh.mode;
    LF_CHECK(make_directory(options.upper + "/" + fresh.path, like, options.id_base));
    LF_CHECK(make_opaque(options.upper + "/" + fresh.path));
  }
  return {};
}

bool is_hidden_already(const std::string& path) {
  const auto kept = kept_top_level();
  if (std::ranges::find(kept, path.substr(0, path.find('/'))) == kept.end()) return true;
  return std::ranges::any_of(emptied_directories(), [&](const MaskedPath& masked) {
    return path.starts_with(std::string(masked.path) + "/");
  });
}

Result<> replace_shadow(const MaskOptions& options) {
  std::ifstream passwd(options.lower + "/etc/passwd");
  std::ostringstream text;
  text << passwd.rdbuf();
  struct stat info;
  if (lstat((options.lower + "/etc/shadow").c_str(), &info) != 0) return {};
  LF_CHECK(copy_up_parents(options, "etc/shadow"));
  const std::string path = options.upper + "/etc/shadow";
  std::ofstream(path) << locked_shadow(text.str());
  if (chown(path.c_str(), options.id_base + info.st_uid, options.id_base + info.st_gid) != 0)
    return fail_errno("chown " + path);
  if (chmod(path.c_str(), info.st_mode & 0777) != 0) return fail_errno("chmod " + path);
  return {};
}

}  // namespace

std::vector<std::string> kept_top_level() {
  return {"bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "etc", "var", "opt"};
}

const std::vector<MaskedPath>& emptied_directories() {
  static const std::vector<MaskedPath> kList = {
      {"etc/ssh", "the machine's host keys"},
      {"etc/ssl/private", "keys of the machine's certificates"},
      {"etc/letsencrypt", "keys and accounts of public certificates"},
      {"etc/pki/tls/private", "keys of the machine's certificates"},
      {"etc/docker", "registry credentials, TLS keys of the daemon"},
      {"etc/containerd", "registry credentials"},
      {"etc/kubernetes", "cluster credentials"},
      {"etc/rancher", "cluster credentials"},
      {"etc/wireguard", "private keys"},
      {"etc/openvpn", "private keys"},
      {"etc/ipsec.d", "private keys"},
      {"etc/ppp", "passwords"},
      {"etc/wpa_supplicant", "passwords"},
      {"etc/NetworkManager", "passwords of connections"},
      {"etc/netplan", "passwords of connections"},
      {"etc/systemd/network", "private keys of tunnels"},
      {"etc/cloud", "the machine's own cloud credentials"},
      {"etc/credstore", "systemd credentials"},
      {"etc/credstore.encrypted", "systemd credentials"},
      {"etc/sudoers.d", "who may become root on the machine"},
      {"etc/cron.d", "the machine's jobs, often with passwords"},
      {"etc/postgresql", "the machine's own databases"},
      {"etc/redis", "the machine's own stores, with their passwords"},
      {"etc/mysql", "the machine's own databases, with debian.cnf's password"},
      {"etc/apt/auth.conf.d", "credentials of package repositories"},
      {"var/backups", "copies of shadow and the like"},
      {"var/cache/debconf", "answers to installers, passwords among them"},
      {"var/lib/docker", "images and volumes of other containers"},
      {"var/lib/containerd", "images and volumes of other containers"},
      {"var/lib/containers", "images and volumes of other containers"},
      {"var/lib/kubelet", "cluster credentials and volumes"},
      {"var/lib/rancher", "cluster credentials and volumes"},
      {"var/lib/etcd", "cluster state"},
      {"var/lib/lxc", "other containers"},
      {"var/lib/lxd", "other containers"},
      {"var/lib/libvirt", "other machines"},
      {"var/lib/machines", "other machines"},
      {"var/lib/postgresql", "the machine's own databases"},
      {"var/lib/mysql", "the machine's own databases"},
      {"var/lib/redis", "the machine's own stores"},
      {"var/lib/cloud", "the machine's own user data and cloud credentials"},
      {"var/lib/amazon", "the machine's own agents' credentials"},
      {"var/lib/private", "state of confined services"},
      {"var/lib/systemd", "credential keys, random seed, core dumps"},
      {"var/lib/NetworkManager", "keys of connections"},
      {"var/lib/bluetooth", "keys of devices"},
      {"var/lib/tpm", "keys"},
      {"var/lib/sss", "cached password hashes"},
      {"var/lib/samba", "password hashes"},
      {"var/lib/krb5kdc", "the realm's keys"},
      {"var/lib/AccountsService", "who uses the machine"},
      {"var/log", "the machine's logs"},
      {"var/mail", "mail"},
      {"var/spool", "mail, jobs"},
      {"var/tmp", "other people's files"},
      {"var/crash", "memory of programs"},
      {"var/www", "the machine's own sites"},
  };
  return kList;
}

const std::vector<MaskedPath>& hidden_files() {
  static const std::vector<MaskedPath> kList = {
      {"etc/shadow-", "password hashes"},
      {"etc/gshadow", "password hashes"},
      {"etc/gshadow-", "password hashes"},
      {"etc/krb5.keytab", "the machine's key"},
      {"etc/security/opasswd", "old password hashes"},
      {"etc/apt/auth.conf", "credentials of package repositories"},
      {"etc/machine-id", "identifies the machine; an instance gets its own"},
      {"etc/fstab", "credentials of network file systems; devices an instance does not have"},
      {"etc/crypttab", "where keys of disks are"},
      {"etc/crontab", "the machine's jobs"},
      {"etc/ipsec.secrets", "keys"},
      {"etc/msmtprc", "a password"},
      {"etc/environment", "the machine's proxies and tokens"},
      {"etc/resolv.conf", "the machine's resolver; replaced at each start"},
      {"etc/hostname", "the machine's name; replaced at each start"},
      {"etc/hosts", "the machine's neighbours; replaced at each start"},
  };
  return kList;
}

std::string locked_shadow(const std::string& passwd) {
  std::istringstream lines(passwd);
  std::string line, out;
  while (std::getline(lines, line)) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos || colon == 0) continue;
    out += line.substr(0, colon) + ":*:19000:0:99999:7:::\n";
  }
  return out;
}

Result<> write_masks(const MaskOptions& options) {
  LF_CHECK(mask_top_level(options));
  for (const MaskedPath& masked : emptied_directories()) LF_CHECK(empty(options, masked.path));
  for (const MaskedPath& masked : hidden_files())
    if (exists(options.lower + "/" + masked.path)) LF_CHECK(white_out(options, masked.path));
  for (const std::string& path : options.also_hidden)
    if (exists(path) && !is_hidden_already(path.substr(path.find_first_not_of('/'))))
      LF_CHECK(white_out(options, path.substr(path.find_first_not_of('/'))));
  return replace_shadow(options);
}

}  // namespace landfall::host
