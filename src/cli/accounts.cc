#include "cli/accounts.h"

#include <pugixml.hpp>

#include "codec/fields.h"

namespace landfall::cli {
namespace {

constexpr char kPath[] = "/_landfall/accounts";
constexpr char kRole[] = "OrganizationAccountAccessRole";
constexpr char kSessionSeconds[] = "43200";  // what that role allows

}  // namespace

Result<std::string> ask_accounts(const roles::Layout& layout, const std::string& method,
                                 const std::string& path_after, std::string body) {
  LF_TRY(const ApiClient client, ApiClient::create(layout));
  LF_TRY(ApiAnswer answer, client.send({.service = "landfall",
                                        .host = client.endpoint_host("landfall"),
                                        .method = method,
                                        .target = kPath + path_after,
                                        .content_type = "application/json",
                                        .body = std::move(body)}));
  if (answer.ok()) return std::move(answer.body);
  const auto refusal = from_json<roles::RefusalText>(answer.body);
  return fail(refusal && !refusal->code.empty() ? refusal->code + ": " + refusal->message
                                                : describe_error(answer));
}

Result<std::vector<roles::AccountText>> accounts_of(const roles::Layout& layout) {
  LF_TRY(const std::string body, ask_accounts(layout, "GET", "", ""));
  LF_TRY(roles::AccountsText text, from_json<roles::AccountsText>(body));
  return std::move(text.accounts);
}

Result<AccountSession> open_account(const roles::Layout& layout, const std::string& id_or_name) {
  LF_TRY(const std::vector<roles::AccountText> accounts, accounts_of(layout));
  for (const roles::AccountText& account : accounts) {
    if (account.id != id_or_name && account.name != id_or_name) continue;
    LF_TRY(const ApiClient client, ApiClient::create(layout));
    LF_TRY(const std::string answer,
           client.query("sts", "2011-06-15", "AssumeRole",
                        {{"RoleArn", "arn:aws:iam::" + account.id + ":role/" + kRole},
                         {"RoleSessionName", "landfall"},
                         {"DurationSeconds", kSessionSeconds}}));
    pugi::xml_document document;
    if (!document.load_string(answer.c_str())) return fail("STS's answer is no XML");
    const auto credentials =
        document.child("AssumeRoleResponse").child("AssumeRoleResult").child("Credentials");
    return AccountSession{account.id, credentials.child_value("AccessKeyId"),
                          Secret(credentials.child_value("SecretAccessKey")),
                          credentials.child_value("SessionToken")};
  }
  return fail("there is no account " + id_or_name + ": see `landfall account list`");
}

Result<ApiClient> client_in(const roles::Layout& layout, const std::string& id_or_name) {
  LF_TRY(ApiClient client, ApiClient::create(layout));
  if (id_or_name.empty() || id_or_name == client.account_id()) return client;
  LF_TRY(AccountSession session, open_account(layout, id_or_name));
  return client.signing_as({session.access_key_id, session.secret_access_key, session.session_token},
                           session.account_id);
}

}  // namespace landfall::cli
