#include "services/cloudfront/functions.h"

#include <boost/json.hpp>
#include <set>

#include "base/encoding.h"
#include "cloudfront/errors.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

constexpr size_t kMaxFunctionBytes = 10 * 1024;  // AWS quota
constexpr char kLive[] = "LIVE";

FunctionRecord find_function(const Call& call, std::string_view name) {
  const auto stored = call.global_rows(kFunctions).get(name);
  if (!stored) throw NoSuchFunctionExists("The specified function does not exist.");
  return *stored;
}

const FunctionStage& stage_of(const FunctionRecord& record, const std::optional<std::string>& stage) {
  if (stage != kLive) return record.development;
  if (!record.live) throw NoSuchFunctionExists("The specified function does not exist.");
  return *record.live;
}

std::string function_arn(const Call& call, const FunctionRecord& record) {
  return call.global_arn("cloudfront", "function/" + record.name);
}

void check_associations(const Call& call, const std::optional<FunctionAssociations>& associations) {
  if (!associations) return;
  std::set<std::string> events;
  for (const FunctionAssociation& association : associations->Items) {
    const std::string event = association.EventType.value_or("");
    if (event != kViewerRequest && event != kViewerResponse)
      throw InvalidFunctionAssociation(
          "CloudFront Functions run at viewer-request and viewer-response only.");
    if (!events.insert(event).second)
      throw TooManyFunctionAssociations("A cache behavior can have one function for each event type: " +
                                        event);
    if (!function_snapshot(call, association.FunctionARN.value_or("")))
      throw InvalidFunctionAssociation("The function doesn't exist or has not been published: " +
                                       association.FunctionARN.value_or(""));
  }
}

std::string associated(const std::optional<FunctionAssociations>& associations, std::string_view event_type) {
  if (associations)
    for (const FunctionAssociation& association : associations->Items)
      if (association.EventType == event_type) return association.FunctionARN.value_or("");
  return "";
}

std::optional<FunctionSnapshot> function_snapshot(const Call& call, const std::string& arn) {
  const std::string prefix = call.global_arn("cloudfront", "function/");
  if (!arn.starts_with(prefix)) return std::nullopt;
  const auto record = call.global_rows(kFunctions).get(arn.substr(prefix.size()));
  if (!record || !record->live) return std::nullopt;
  return FunctionSnapshot{
      .arn = arn, .version = arn + " " + record->live->etag, .code_base64 = record->live->code_base64};
}

FunctionSummary function_summary(const Call& call, const FunctionRecord& record,
                                 const std::optional<std::string>& stage) {
  const FunctionStage& shown = stage_of(record, stage);
  const bool published = record.live && record.live->code_base64 == record.development.code_base64 &&
                         to_json(record.live->config) == to_json(record.development.config);
  FunctionSummary out;
  out.Name = record.name;
  out.Status = stage == kLive ? "DEPLOYED" : published ? "DEPLOYED" : "UNPUBLISHED";
  out.FunctionConfig = shown.config;
  out.FunctionMetadata = FunctionMetadata{.FunctionARN = function_arn(call, record),
                                          .Stage = stage == kLive ? "LIVE" : "DEVELOPMENT",
                                          .CreatedTime = record.created,
                                          .LastModifiedTime = shown.modified};
  return out;
}

FunctionStage new_stage(Call& call, const FunctionConfig& config, const std::string& code) {
  if (config.KeyValueStoreAssociations && !config.KeyValueStoreAssociations->Items.empty())
    throw InvalidArgument("Landfall has no key value stores: KeyValueStoreAssociations must be empty.");
  if (code.size() > kMaxFunctionBytes)
    throw FunctionSizeLimitExceeded("The function exceeds the maximum size of 10 KB.");
  if (code.find("handler") == std::string::npos)
    throw InvalidArgument("The function must have a function named handler.");
  return {
      .etag = "ETV" + new_id(call), .code_base64 = to_base64(code), .config = config, .modified = call.now};
}

EventKind event_kind(const std::string& event_json) {
  boost::system::error_code error;
  const boost::json::value event = boost::json::parse(event_json, error);
  if (error || !event.is_object()) throw InvalidArgument("The parameter EventObject is not valid JSON.");
  const boost::json::value* context = event.get_object().if_contains("context");
  const boost::json::value* type =
      context != nullptr && context->is_object() ? context->get_object().if_contains("eventType") : nullptr;
  if (type == nullptr || !type->is_string()) throw InvalidArgument("The event has no context.eventType.");
  if (type->get_string() == kViewerRequest) return EventKind::viewer_request;
  if (type->get_string() == kViewerResponse) return EventKind::viewer_response;
  throw InvalidArgument("The event's eventType is not viewer-request or viewer-response.");
}

std::string shown_output(EventKind kind, const std::string& result_json) {
  boost::system::error_code error;
  boost::json::value result = boost::json::parse(result_json, error);
  if (error || !result.is_object()) return result_json;
  const bool is_response = kind == EventKind::viewer_response || result.get_object().contains("statusCode");
  return boost::json::serialize(
      boost::json::object{{is_response ? "response" : "request", std::move(result)}});
}

}  // namespace landfall::cloudfront
