#include "cli/client_environment.h"

#include "cli/accounts.h"
#include "roles/up/settings.h"

namespace landfall::cli {

Result<std::vector<std::pair<std::string, std::string>>> client_environment(const roles::Layout& layout,
                                                                            Reach reach,
                                                                            const std::string& account) {
  LF_TRY(const std::optional<roles::Settings> settings, roles::load_settings(layout));
  if (!settings) return fail("no Landfall has run on " + layout.root + " yet: start one with `landfall up`");
  auto credentials = roles::load_root_credentials(layout.credentials());
  if (!credentials)
    return fail(credentials.error().message + " (they belong to whoever started it: try sudo)");
  std::vector<std::pair<std::string, std::string>> variables = {
      {"AWS_REGION", settings->region},
      {"AWS_DEFAULT_REGION", settings->region},
      {"AWS_ACCESS_KEY_ID", credentials->access_key_id},
      {"AWS_SECRET_ACCESS_KEY", credentials->secret_access_key.reveal()},
      {"AWS_EC2_METADATA_DISABLED", "true"},  // this machine is no instance: do not ask
  };
  if (!account.empty() && account != settings->account_id) {
    LF_TRY(const AccountSession session, open_account(layout, account));
    variables[2].second = session.access_key_id;
    variables[3].second = session.secret_access_key.reveal();
    variables.emplace_back("AWS_SESSION_TOKEN", session.session_token);
  }
  if (reach == Reach::endpoint_url) {
    variables.emplace_back("AWS_ENDPOINT_URL", "http://127.0.0.1:" + std::to_string(settings->api_port));
    variables.emplace_back("AWS_CA_BUNDLE", layout.ca_certificate());
  }
  return variables;
}

}  // namespace landfall::cli
