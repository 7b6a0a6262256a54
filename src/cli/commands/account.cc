// `landfall account create|list|delete`: accounts beside the one that the data directory was made with.
#include <cstdio>

#include "cli/accounts.h"
#include "cli/api_client.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "codec/fields.h"

namespace landfall::cli {
namespace {

int complain(const char* what, const Error& error) {
  std::fprintf(stderr, "landfall account %s: %s\n", what, error.message.c_str());
  return kFailed;
}

}  // namespace

int account_create(const AccountCreation& options) {
  const roles::Layout layout{options.common.data_dir};
  const auto answer = ask_accounts(layout, "POST", "",
                                   to_json(roles::AddAccountText{.id = options.id, .name = options.name}));
  if (!answer) return complain("create", answer.error());
  if (options.common.output == Output::json) {
    std::fputs(answer->c_str(), stdout);
    return kOk;
  }
  const auto created = from_json<roles::AddedAccountText>(*answer);
  if (!created) return complain("create", created.error());
  std::printf(
      "# The account %s, %s. Its root's access key, which is not told again:\n"
      "export AWS_ACCESS_KEY_ID='%s'\n"
      "export AWS_SECRET_ACCESS_KEY='%s'\n"
      "unset AWS_SESSION_TOKEN\n"
      "# Without it: eval \"$(landfall env --account %s)\"\n",
      created->id.c_str(), created->name.c_str(), created->access_key_id.c_str(),
      created->secret_access_key.c_str(), created->id.c_str());
  return kOk;
}

int account_list(const CommandOptions& options) {
  const roles::Layout layout{options.data_dir};
  if (options.output == Output::json) {
    const auto answer = ask_accounts(layout, "GET", "", "");
    if (!answer) return complain("list", answer.error());
    std::fputs(answer->c_str(), stdout);
    return kOk;
  }
  const auto accounts = accounts_of(layout);
  if (!accounts) return complain("list", accounts.error());
  for (const roles::AccountText& account : *accounts)
    std::printf("%s  %s\n", account.id.c_str(), account.first ? "(the first)" : account.name.c_str());
  return kOk;
}

int account_delete(const CommandOptions& options, const std::string& id_or_name) {
  const auto answer =
      ask_accounts(roles::Layout{options.data_dir}, "DELETE", "/" + percent_encode(id_or_name), "");
  if (!answer) return complain("delete", answer.error());
  std::printf("The account %s is gone.\n", id_or_name.c_str());
  return kOk;
}

}  // namespace landfall::cli
