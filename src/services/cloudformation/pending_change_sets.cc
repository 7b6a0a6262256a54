#include "services/cloudformation/pending_change_sets.h"

#include <functional>

#include "services/cloudformation/change_sets.h"
#include "services/cloudformation/invoke.h"
#include "services/cloudformation/template/template.h"
#include "services/cloudformation/template_url.h"

namespace landfall::cloudformation {
namespace {

using reconcile::Outcome;

constexpr char kPrincipal[] = "cloudformation.amazonaws.com";
constexpr char kPending[] = "CREATE_PENDING";

std::string template_in(const Result<S3Reply>& reply) {
  if (!reply) throw ServiceError("ValidationError", 400, "S3 error: " + reply.error().message);
  if (reply->status != 200)
    throw ServiceError(
        "ValidationError", 400,
        "S3 error: " + (reply->error_code.empty() ? std::to_string(reply->status) : reply->error_code) +
            "\nFor more information check "
            "http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html");
  return reply->body;
}

void complete(Call& call, ChangeSetRecord& record, const std::string& body) {
  const StackRecord stack = find_stack(call, record.stack_id).record;
  std::vector<Parameter> parameters;
  for (const auto& [name, value] : record.source.parameters)
    parameters.push_back({.ParameterKey = name, .ParameterValue = value});
  const std::optional<std::string> given = body, no_url;
  record.source = source_of({.call = call,
                             .role_arn = record.role_arn,
                             .body = given,
                             .url = no_url,
                             .parameters = parameters,
                             .caller = &record.caller,
                             .max_bytes = kMaxTemplateBytes});
  check_capabilities(record.source, record.capabilities);
  settle_change_set(stack, record);
}

}  // namespace

PendingChangeSets::PendingChangeSets(ControlPlane& plane)
    : plane_(plane),
      requests_(plane.s3, [&plane](std::string key) { plane.queue.enqueue(kChangeSetReconciler, key); }) {
  plane_.queue.add(kChangeSetReconciler, [this](std::string_view key) { return step(key); });
  plane_.store.watch(kChangeSets, [this](const store::Change& change) {
    if (change.document != nullptr) plane_.queue.enqueue(kChangeSetReconciler, change.id);
  });
}

void PendingChangeSets::start() {
  plane_.store.each(
      std::string(kChangeSets.name) + "/", [this](std::string_view key, const store::Document&) {
        plane_.queue.enqueue(kChangeSetReconciler, key.substr(std::string_view(kChangeSets.name).size() + 1));
      });
}

Outcome PendingChangeSets::step(std::string_view key) {
  store::Txn txn(plane_.store);
  const auto stored = txn.get(kChangeSets, key);
  if (!stored || stored->status != kPending) return Outcome::done();
  const ResourceKey where = parse_resource_key(key);
  const auto change = [&](const std::function<void(Call&, ChangeSetRecord&)>& body) {
    ChangeSetRecord record = *stored;
    plane_.transact(kPrincipal, where.account, where.region, [&](Call& call) {
      body(call, record);
      call.txn.put(kChangeSets, key, record);
    });
  };
  try {
    std::optional<Result<S3Reply>> reply;
    plane_.transact(kPrincipal, where.account, where.region, [&](Call& call) {
      const TemplatePlace place = place_of(stored->template_url);
      reply = requests_.ask(
          std::string(key), "template",
          {.path = place.path, .query = place.query, .principal = s3_principal(call, stored->caller)});
    });
    if (!reply) return Outcome::done();  // its answer steps this again
    change([&](Call& call, ChangeSetRecord& record) { complete(call, record, template_in(*reply)); });
  } catch (const ServiceError& error) {
    change([&](Call&, ChangeSetRecord& record) {
      record.status = "FAILED";
      record.status_reason = error.message();
    });
  }
  return Outcome::done();
}

}  // namespace landfall::cloudformation
