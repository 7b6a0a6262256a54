#include "roles/control_accounts.h"

#include "base/log.h"
#include "codec/fields.h"
#include "codec/uri.h"
#include "gateway/call.h"
#include "gateway/in_account.h"
#include "http/server.h"
#include "roles/account_removal.h"
#include "roles/own_api_text.h"
#include "services/ec2/ec2.h"
#include "services/iam/accounts.h"

namespace landfall::roles {
namespace {

constexpr char kPrincipal[] = "organizations.amazonaws.com";

// Runs `body`, which answers what to say; the exchange is answered whatever happens.
void answer_by(http::Exchange& exchange, int status, const std::function<std::string()>& body) {
  try {
    answer_json(exchange, status, body());
  } catch (const ServiceError& error) {
    refuse(exchange, error.http_status(), error.code(), error.message());
  } catch (const std::exception& error) {
    log::error("{}: {}", exchange.request().target, error.what());
    refuse(exchange, 500, "InternalFailure", "The change could not be made");
  }
}

}  // namespace

void Accounts::handle(std::shared_ptr<http::Exchange> exchange) {
  exchange->read_whole_body(kMaxOwnBodyBytes, [this, exchange](Result<std::string> body) {
    if (!body) return refuse(*exchange, 413, "RequestEntityTooLarge", "The body is too large");
    if (!is_managed(plane_, *identities_(), *exchange, *body)) return;
    const http::Request& request = exchange->request();
    const std::string rest = request.target.substr(kTarget.size());  // "" or "/ID"
    if (request.method == "GET" && rest.empty()) return list(*exchange);
    if (request.method == "POST" && rest.empty()) return add(*exchange, *body);
    if (request.method == "DELETE" && rest.size() > 1 && rest[0] == '/') {
      const auto named = codec::percent_decode(rest.substr(1));
      return remove(exchange, named.value_or(""));
    }
    refuse(*exchange, 405, "MethodNotAllowed", "Use GET or POST, or DELETE of an account");
  });
}

void Accounts::list(http::Exchange& exchange) {
  AccountsText text;
  const store::Txn txn(plane_.store);
  for (const iam::AccountInfo& account : iam::accounts(txn))
    text.accounts.push_back({account.id, account.name, account.created, !account.added});
  answer_json(exchange, 200, to_json(text));
}

void Accounts::add(http::Exchange& exchange, const std::string& body) {
  auto wanted = from_json<AddAccountText>(body);
  if (!wanted) return refuse(exchange, 400, "InvalidInputException", wanted.error().message);
  answer_by(exchange, 201, [&] {
    AddedAccountText text;
    plane_.transact(kPrincipal, [&](Call& call) {
      const iam::NewAccount added = iam::add_account(call, wanted->id, wanted->name);
      Call there = in_account(call, added.info.id);
      ec2::ensure_default_vpc(there);
      text = {added.info.id, added.info.name, added.access_key_id, added.secret_access_key.reveal(),
              there.global_arn("iam", std::string("role/") + iam::kAccessRoleName)};
    });
    log::info("the account {} is added", text.id);
    return to_json(text);
  });
}

void Accounts::remove(std::shared_ptr<http::Exchange> exchange, const std::string& id_or_name) {
  const auto found = iam::find_account(store::Txn(plane_.store), id_or_name);
  if (!found) return refuse(*exchange, 404, "AccountNotFoundException", "There is no account " + id_or_name);
  if (!found->added)
    return refuse(*exchange, 409, "ConstraintViolationException",
                  "The account " + found->id + " is the first: `landfall reset` empties it");
  S3Client::Request buckets;
  buckets.path = "/";
  buckets.principal = R"({"service":"s3.amazonaws.com","account":")" + found->id + R"("})";
  plane_.s3.send(std::move(buckets), [this, exchange, id = found->id](Result<S3Reply> reply) {
    if (!reply || reply->status != 200)
      return refuse(*exchange, 503, "ServiceUnavailable",
                    "S3 does not answer: " + (reply ? reply->error_code : reply.error().message));
    if (reply->body.find("<Bucket>") != std::string::npos)
      return refuse(*exchange, 409, "AccountNotEmpty", "The account " + id + " still has buckets");
    answer_by(*exchange, 200, [&] {
      plane_.transact(kPrincipal, [&](Call& call) {
        Call there = in_account(call, id);
        remove_account(there);
      });
      log::info("the account {} is removed", id);
      return std::string(R"({"removed":")") + id + R"("})";
    });
  });
}

}  // namespace landfall::roles
