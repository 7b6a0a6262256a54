#include "services/iam/iam.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "aws/arn.h"
#include "base/encoding.h"
#include "base/log.h"
#include "services/iam/records.h"
#include "services/iam/service_linked_roles.h"

namespace landfall::iam {
namespace {

using aws::policy::PrincipalKind;
using std::string;
using std::string_view;

struct RootCredentialsFile {
  string access_key_id;
  Secret secret_access_key;
  template <class V>
  void fields(V& v) {
    v("access_key_id", access_key_id);
    v("secret_access_key", secret_access_key);
  }
};

std::optional<RootCredentialsFile> read_root_credentials(const string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  auto parsed = from_json<RootCredentialsFile>(text.str());
  LF_INVARIANT(parsed.has_value() && !parsed->access_key_id.empty() && !parsed->secret_access_key.empty(),
               file + " holds no credentials");
  return std::move(*parsed);
}

}  // namespace

// Root's key follows the file: whoever replaced it meant to.
void ensure_account(Call& call) {
  if (!call.global_rows(kAccounts).has(kAccountRow)) {
    AccountRecord account{.created = call.now};
    account.token_keys.push_back(
        {"k" + call.random().hex(7), to_base64(call.random().bytes(aws::kTokenKeyBytes))});
    call.global_rows(kAccounts).put(kAccountRow, std::move(account));
  }
  const auto file = read_root_credentials(call.plane.config.data_dir + "/root-credentials.json");
  const auto existing = access_keys_of(call, "");
  if (file) {
    const auto known = call.global_rows(kAccessKeys).get(file->access_key_id);
    if (!known || !known->secret.equals(file->secret_access_key.reveal()))
      call.global_rows(kAccessKeys)
          .put(file->access_key_id,
               AccessKeyRecord{
                   .id = file->access_key_id, .secret = file->secret_access_key, .created = call.now});
  } else if (existing.empty()) {
    AccessKeyRecord key{
        .id = new_access_key_id(call, "AKIA"), .secret = Secret(new_secret(call)), .created = call.now};
    const string id = key.id;
    call.global_rows(kAccessKeys).put(id, std::move(key));
  }
  publish_account(call);
}

namespace {

class Implementation final : public IamService {
 public:
  explicit Implementation(ControlPlane& plane) : plane_(plane) {
    plane.transact("iam.amazonaws.com", ensure_account);
    const string prefix = string(kEdgePrefix) + "Iam";
    plane.store.each(prefix,
                     [&](string_view key, const store::Document& document) { apply(key, &document.text); });
    watch_ = plane.store.watch(prefix, [this](const store::Change& change) {
      apply(change.key, change.document != nullptr ? &change.document->text : nullptr);
    });
  }
  ~Implementation() override { plane_.store.unwatch(watch_); }

  std::shared_ptr<const IamSnapshot> snapshot() override { return directory_.snapshot(); }

 private:
  void apply(string_view key, const string* text) {
    key.remove_prefix(kEdgePrefix.size());
    const size_t slash = key.find('/');
    if (auto applied = directory_.apply(key.substr(0, slash), key.substr(slash + 1), text); !applied)
      log::error("IAM document {}: {}", key, applied.error().message);
  }

  ControlPlane& plane_;
  Directory directory_;
  store::WatchId watch_ = 0;
};

string name_of(string_view name_or_arn) { return string(name_or_arn.substr(name_or_arn.rfind('/') + 1)); }

bool is_or_names(string_view name_or_arn, const string& arn) {
  return !name_or_arn.starts_with("arn:") || name_or_arn == arn;
}

}  // namespace

std::unique_ptr<IamService> make_service(ControlPlane& plane) {
  return std::make_unique<Implementation>(plane);
}

Caller caller_of(const Principal& p, const http::Request& request) {
  Caller caller{.account = p.who.account,
                .arn = p.who.arn,
                .user_id = p.who.user_id,
                .access_key_id = p.access_key_id,
                .role_arn = p.who.role_arn,
                .session_name = p.session_name,
                .service = p.who.service,
                .source_ip = request.peer.address,
                .user_agent = string(request.headers.get("user-agent").value_or("")),
                .secure_transport = request.peer.tls,
                .session_limited = p.session_policies.has_value()};
  switch (p.who.kind) {
    case PrincipalKind::root:
      caller.kind = CallerKind::root;
      break;
    case PrincipalKind::user:
      caller.kind = CallerKind::user;
      break;
    case PrincipalKind::assumed_role:
      caller.kind = CallerKind::assumed_role;
      break;
    case PrincipalKind::federated:
      caller.kind = CallerKind::federated;
      break;
    case PrincipalKind::service:
      caller.kind = CallerKind::service;
      break;
    case PrincipalKind::anonymous:
      caller.kind = CallerKind::anonymous;
      break;
  }
  return caller;
}

std::optional<InstanceProfileInfo> instance_profile_info(Call& call, string_view name_or_arn) {
  const auto row = call.global_rows(kInstanceProfiles).get(name_of(name_or_arn));
  if (!row || !is_or_names(name_or_arn, row->arn)) return std::nullopt;
  InstanceProfileInfo info{.name = row->name, .arn = row->arn, .id = row->id, .role_name = row->role};
  if (!row->role.empty()) info.role_arn = find_role(call, row->role).entity.arn;
  return info;
}

std::optional<RoleInfo> role_info(Call& call, string_view name_or_arn) {
  const auto row = call.global_rows(kRoles).get(name_of(name_or_arn));
  if (!row || !is_or_names(name_or_arn, row->entity.arn)) return std::nullopt;
  return RoleInfo{row->entity.name, row->entity.arn, row->entity.id};
}

bool trusts_service(Call& call, string_view role_arn, string_view service) {
  const auto row = call.global_rows(kRoles).get(name_of(role_arn));
  if (!row || row->entity.arn != role_arn) return false;
  const auto trust = aws::policy::parse_policy(row->trust_policy, aws::policy::DocumentKind::trust);
  if (!trust) return false;
  const aws::policy::NamedPolicy named{"trust policy",
                                       std::make_shared<const aws::policy::Policy>(std::move(*trust))};
  const Principal principal = service_principal(service);
  const auto context = context_of(principal, {.now = call.now});
  return aws::policy::evaluate({.principal = principal.who,
                                .action = "sts:AssumeRole",
                                .resource = role_arn,
                                .resource_account = call.account,
                                .context = context,
                                .identity = {},
                                .resource_policy = &named,
                                .resource_policy_mode = aws::policy::ResourcePolicyMode::required})
      .allowed();
}

void check_pass_role(Call& call, string_view role_arn, string_view to_service) {
  if (const auto parts = aws::split_arn(role_arn); parts && parts->account != call.account)
    throw ServiceError("AccessDenied", 403, "Cross-account pass role is not allowed.");
  call.authorize("iam:PassRole", role_arn, {{"iam:PassedToService", string(to_service)}});
}

string ensure_service_linked_role(Call& call, string_view service) {
  const ServiceLinkedRole linked = service_linked_role(string(service), "");
  if (const auto row = call.global_rows(kRoles).get(linked.role_name)) return row->entity.arn;
  return create_service_linked_role(call, linked, "").entity.arn;
}

aws::TokenKeyring token_keyring(Call& call) {
  const auto row = call.global_rows(kAccounts).get(kAccountRow);
  LF_INVARIANT(row != nullptr, "an account without its row: iam::make_service comes first");
  aws::TokenKeyring keyring;
  for (const TokenKeyDocument& key : row->token_keys)
    keyring.keys.push_back({key.id, Secret(from_base64(key.key_base64).value_or(""))});
  return keyring;
}

}  // namespace landfall::iam
