#include "services/cloudfront/functions.h"

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

FunctionSummary function_summary(const Call& call, const FunctionRecord& record,
                                 const std::optional<std::string>& stage) {
  const FunctionStage& shown = stage_of(record, stage);
  const bool published = record.live && record.live->code_base64 == record.development.code_base64 &&
                         to_json(record.live->config) == to_json(record.development.config);
  FunctionSummary out;
  out.Name = record.name;
  out.Status = stage == kLive ? "DEPLOYED" : published ? "DEPLOYED" : "UNPUBLISHED";
  out.FunctionConfig = shown.config;
  out.FunctionMetadata =
      FunctionMetadata{.FunctionARN = call.global_arn("cloudfront", "function/" + record.name),
                       .Stage = stage == kLive ? "LIVE" : "DEVELOPMENT",
                       .CreatedTime = record.created,
                       .LastModifiedTime = shown.modified};
  return out;
}

FunctionStage new_stage(Call& call, const FunctionConfig& config, const std::string& code) {
  if (code.size() > kMaxFunctionBytes)
    throw FunctionSizeLimitExceeded("The function exceeds the maximum size of 10 KB.");
  if (code.find("handler") == std::string::npos)
    throw InvalidArgument("The function must have a function named handler.");
  return {
      .etag = "ETV" + new_id(call), .code_base64 = to_base64(code), .config = config, .modified = call.now};
}

}  // namespace landfall::cloudfront
