// Settings: what a data directory was last run with, and the root credentials made for it at first start.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "roles/layout.h"
#include "roles/options.h"
#include "roles/public_range.h"

namespace landfall::roles {

struct Settings {
  std::string region = "us-east-1";
  std::string account_id = "123456789012";
  std::string public_cidr = "127.77.0.0/16";
  uint16_t api_port = 4566;
  AuthMode auth = AuthMode::enforce;
};

struct RootCredentials {
  std::string access_key_id;
  Secret secret_access_key;
};

// Nothing if the data directory has never been run.
Result<std::optional<Settings>> load_settings(const Layout& layout);
Result<> store_settings(const Layout& layout, const Settings& settings);
Result<> validate(const Settings& settings);

// Who runs `landfall up`, under sudo too: the owner of the credentials and of the supervisor's socket.
uint32_t operator_uid();

Result<RootCredentials> load_root_credentials(const std::string& file);
// Makes them at first start; later starts keep them. Also gives control its copy.
Result<> ensure_root_credentials(const Layout& layout, const Users& users);

// Writes beside and renames, with that mode and owner.
struct FileOwner {
  uint32_t uid = 0;
  uint32_t gid = 0;
  unsigned mode = 0644;
};
Result<> replace_file(const std::string& path, std::string_view content, FileOwner owner);
Result<std::string> read_file(const std::string& path);

}  // namespace landfall::roles
