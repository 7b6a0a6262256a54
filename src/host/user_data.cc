#include "host/user_data.h"

namespace landfall::host {

UserDataKind classify_user_data(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return UserDataKind::none;
  if (text.starts_with("#!")) return UserDataKind::script;
  if (text.starts_with("#cloud-config")) return UserDataKind::cloud_config;
  return UserDataKind::unknown;
}

}  // namespace landfall::host
