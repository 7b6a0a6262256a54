#include "frontdoor/front_door.h"

#include <cerrno>

#include "aws/policy/actions.h"
#include "aws/protocol/codec.h"
#include "aws/protocol/identify.h"
#include "aws/protocol/validate.h"
#include "base/log.h"
#include "codec/fields.h"
#include "codec/gzip.h"
#include "gateway/ask_s3.h"
#include "gateway/call.h"
#include "services.h"
#include "services/iam/iam.h"
#include "services/iam/request_resource.h"

namespace landfall {
namespace {

constexpr size_t kMaxS3Questions = 8;  // of one call

aws::ErrorDialect dialect_of(aws::Protocol protocol) {
  switch (protocol) {
    case aws::Protocol::ec2:
      return aws::ErrorDialect::ec2;
    case aws::Protocol::json_1_0:
    case aws::Protocol::json_1_1:
    case aws::Protocol::rpc_v2_cbor:
      return aws::ErrorDialect::json;
    default:
      return aws::ErrorDialect::query;
  }
}

ServiceError error_of(const aws::AuthError& refused) {
  ServiceError error(refused.code, refused.status, refused.message);
  for (const auto& [name, value] : refused.details) error.details[name] = value;
  return error;
}

// A top-level member of an input as text: a string, or a list's first string; empty if absent.
std::string member_text(const aws::Shape& shape, const void* input, std::string_view name) {
  const aws::Member* member = shape.member(name);
  if (member == nullptr) return "";
  const void* at = aws::field(*member, input);
  if (member->shape->kind == aws::Kind::string)
    return static_cast<const std::optional<std::string>*>(at)->value_or("");
  if (member->shape->kind == aws::Kind::list && member->shape->element->kind == aws::Kind::string) {
    const auto& list = *static_cast<const std::vector<std::string>*>(at);
    return list.empty() ? "" : list.front();
  }
  return "";
}

bool wants_dry_run(const aws::OperationModel& operation, const void* input) {
  const aws::Member* member = operation.input->member("DryRun");
  if (member == nullptr || member->shape->kind != aws::Kind::boolean) return false;
  return static_cast<const std::optional<bool>*>(aws::field(*member, input))->value_or(false);
}

bool is_gzipped(const http::Request& request) {
  const auto encoding = request.headers.get("content-encoding");
  return encoding && http::equals_ignoring_case(*encoding, "gzip");
}

void send(http::Exchange& exchange, aws::WireResponse response) {
  exchange.respond({.status = response.status, .headers = std::move(response.headers)},
                   std::move(response.body));
}

const S3Answers kNoAnswers;

}  // namespace

// A call that is begun anew with each answer of S3 (gateway/ask_s3.h).
struct FrontDoor::Asking {
  std::shared_ptr<http::Exchange> exchange;
  std::string body, request_id;
  S3Answers answers;
};

FrontDoor::FrontDoor(ControlPlane& plane) : plane_(plane) {
  plane_.services = aws::services();
  plane_.store.each(kEdgePrefix, [this](std::string_view key, const store::Document& document) {
    key.remove_prefix(kEdgePrefix.size());
    const size_t slash = key.find('/');
    if (auto applied = directory_.apply(key.substr(0, slash), key.substr(slash + 1), &document.text);
        !applied)
      log::error("identity {}: {}", key, applied.error().message);
  });
  plane_.store.watch(std::string(kEdgePrefix), [this](const store::Change& change) {
    const std::string_view name = change.key.substr(kEdgePrefix.size());
    const size_t slash = name.find('/');
    if (auto applied = directory_.apply(name.substr(0, slash), name.substr(slash + 1),
                                        change.document ? &change.document->text : nullptr);
        !applied)
      log::error("identity {}: {}", name, applied.error().message);
  });
  plane_.authorize_call = [this](const Caller& caller, const Call& call) {
    return authorizer(principal_of(caller), call, aws::ErrorDialect::query);
  };
  plane_.authorize_operation = [this](const Call& call, const aws::OperationModel& operation,
                                      const void* input) {
    authorise(principal_of(call.caller), call, operation, input, aws::ErrorDialect::query);
  };
}

std::shared_ptr<const iam::IamSnapshot> FrontDoor::identities() { return directory_.snapshot(); }

// The principal of a caller that was stored, with the rights that it has now.
iam::Principal FrontDoor::principal_of(const Caller& caller) {
  const auto snapshot = identities();
  if (caller.kind == CallerKind::service) return iam::service_principal(caller.service);
  const iam::AccountIdentities* account = snapshot->account(caller.account);
  if (account == nullptr) return {};  // it is gone: nobody
  if (caller.kind == CallerKind::root) return iam::root_principal(account->root());
  iam::Principal principal;
  principal.who.account = caller.account;
  principal.who.arn = caller.arn;
  principal.who.user_id = caller.user_id;
  principal.access_key_id = caller.access_key_id;
  if (caller.kind == CallerKind::user) {
    principal.who.kind = aws::policy::PrincipalKind::user;
    principal.identity = account->user(caller.arn.substr(caller.arn.rfind('/') + 1));
  } else if (caller.kind == CallerKind::assumed_role) {
    principal.who.kind = aws::policy::PrincipalKind::assumed_role;
    principal.who.role_arn = caller.role_arn;
    principal.session_name = caller.session_name;
    principal.identity = account->role_by_arn(caller.role_arn);
  }
  return principal;
}

ControlPlane::Authorize FrontDoor::authorizer(iam::Principal principal, const Call& call,
                                              aws::ErrorDialect dialect) {
  return [this, principal = std::move(principal), region = call.region, ip = call.caller.source_ip,
          agent = call.caller.user_agent, tls = call.caller.secure_transport, now = call.now,
          dialect](std::string_view action, std::string_view resource,
                   const std::map<std::string, std::string>& extra) {
    if (principal.who.kind == aws::policy::PrincipalKind::service) return;
    aws::policy::Context context = iam::context_of(
        principal,
        {.now = now, .region = region, .source_ip = ip, .user_agent = agent, .secure_transport = tls});
    for (const auto& [key, value] : extra) context.add(key, value);
    const iam::Authorization decision =
        iam::authorize(principal, context, {.action = action, .resource = resource});
    if (!decision.allowed()) throw error_of(iam::access_denied(dialect, decision.message));
  };
}

void FrontDoor::authorise(const iam::Principal& principal, const Call& call,
                          const aws::OperationModel& operation, const void* input,
                          aws::ErrorDialect dialect) {
  const std::string_view service = operation.service->name;
  if (aws::policy::authorized_by(service, operation.name) != aws::policy::AuthorizedBy::gateway) return;
  std::string resource = aws::policy::resource_arn(
      {.service = service,
       .operation = operation.name,
       .region = call.region,
       .account = call.account,
       .member = [&](std::string_view name) { return member_text(*operation.input, input, name); }});
  if (service == "iam")
    resource = iam::request_resource(*identities(), principal, operation.name, std::move(resource));
  authorizer(principal, call, dialect)(aws::policy::action_name(service, operation.name), resource, {});
}

void FrontDoor::handle(std::shared_ptr<http::Exchange> exchange) {
  exchange->read_whole_body(kMaxApiBodyBytes, [this, exchange](Result<std::string> body) {
    if (!body && body.error().error_number == ENOMEM)
      return exchange->respond({.status = 503}, body.error().message + "\n");
    if (!body)
      return exchange->respond({.status = 413}, "the request's body is broken or larger than " +
                                                    std::to_string(kMaxApiBodyBytes) + " bytes\n");
    answer(*exchange, *body, nullptr);
  });
}

void FrontDoor::answer(http::Exchange& exchange, const std::string& body, std::shared_ptr<Asking> asking) {
  http::Request request = exchange.request();
  PeerHeader peer;
  if (const auto text = request.headers.get(kPeerHeader))
    if (auto parsed = from_json<PeerHeader>(*text)) peer = std::move(*parsed);
  request.headers.remove(kPeerHeader);
  request.peer.address = peer.source_ip;
  request.peer.tls = peer.tls;

  const std::string request_id = asking ? asking->request_id : plane_.random.uuid();
  // SDKs compress large requests (PutMetricData); the signature is over what was sent.
  const Result<std::string> unpacked =
      is_gzipped(request) ? codec::gunzip(body, kMaxApiBodyBytes) : std::string();
  const std::string_view content = !unpacked ? std::string_view() : is_gzipped(request) ? *unpacked : body;
  const aws::Identified found = aws::identify(plane_.services, request, content);
  const auto refuse = [&](const ServiceError& error) {
    send(exchange, aws::encode_error(found.protocol, found.service, found.operation, error, request_id));
  };
  const aws::ErrorDialect dialect = dialect_of(found.protocol);
  const auto snapshot = identities();
  const Timestamp now = plane_.clock.now();
  const std::string payload_hash = iam::payload_hash_of(request, body);
  // Who calls is settled first, so that a stranger learns nothing of what there is.
  auto authenticated =
      iam::authenticate(request, *snapshot,
                        {.dialect = dialect,
                         .now = now,
                         .service = found.service ? found.service->signing_name : std::string_view(),
                         .payload_hash = payload_hash,
                         .check = plane_.config.auth == AuthMode::any ? iam::CredentialCheck::any_is_root
                                                                      : iam::CredentialCheck::enforce,
                         .cache = &cache_});
  if (!authenticated) return refuse(error_of(authenticated.error()));
  if (!unpacked) return refuse(ServiceError("SerializationException", 400, unpacked.error().message));
  if (found.error) return refuse(*found.error);

  const iam::Principal& principal = authenticated->principal;
  store::Txn txn(plane_.store);
  std::string region(authenticated->claim.region);
  if (region.empty()) region = plane_.config.region;
  Call call{.plane = plane_,
            .txn = txn,
            .caller = iam::caller_of(principal, request),
            .account = principal.who.account.empty() ? plane_.config.account : principal.who.account,
            .region = std::move(region),
            .request_id = request_id,
            .now = now,
            .s3_answers = asking ? &asking->answers : &kNoAnswers};
  try {
    aws::AnyStruct input(*found.operation->input);
    aws::decode_request(found.protocol, *found.operation,
                        {.http = &request, .body = content, .path = found.path}, input.get());
    aws::validate_input(found.protocol, *found.operation, input.get());
    call.authorize = authorizer(principal, call, dialect);
    authorise(principal, call, *found.operation, input.get(), dialect);
    if (wants_dry_run(*found.operation, input.get()))
      throw ServiceError("DryRunOperation", 412, "Request would have succeeded, but DryRun flag is set.");
    const aws::AnyStruct output = aws::AnyStruct::result_of(*found.operation, call, input.get());
    if (auto committed = txn.commit(); !committed) {
      log::error("{} {}: {}", found.service->name, found.operation_name, committed.error().message);
      return refuse(
          ServiceError("InternalFailure", 500, "The change could not be made durable; nothing was changed."));
    }
    send(exchange, aws::encode_response(found.protocol, *found.operation, output.get(), request_id));
  } catch (S3Wanted& wanted) {
    if (!asking) {
      asking = std::make_shared<Asking>();
      asking->exchange = exchange.shared_from_this();
      asking->body = body;
      asking->request_id = request_id;
    }
    LF_INVARIANT(asking->answers.size() < kMaxS3Questions);
    S3Client::Request question = wanted.request;
    plane_.s3.send(std::move(question), [this, asking, wanted = std::move(wanted)](Result<S3Reply> reply) {
      asking->answers.add(wanted.request, std::move(reply));
      answer(*asking->exchange, asking->body, asking);
    });
  } catch (const ServiceError& error) {
    log::debug("{} {}: {} {}", found.service->name, found.operation_name, error.code(), error.message());
    refuse(error);
  } catch (const std::exception& error) {  // a bug: said in the log, answered as AWS answers its own
    log::error("{} {} failed: {}", found.service->name, found.operation_name, error.what());
    refuse(
        ServiceError("InternalFailure", 500,
                     "The request processing has failed because of an unknown error, exception or failure."));
  }
}

}  // namespace landfall
