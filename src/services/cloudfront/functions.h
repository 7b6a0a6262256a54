// CloudFront Functions as resources: stages, ETags, publication, what associates them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/cloudfront/snapshot.h"
#include "services/cloudfront/store.h"

namespace landfall::cloudfront {

FunctionRecord find_function(const Call& call, std::string_view name);  // throws NoSuchFunctionExists
// The stage asked for, DEVELOPMENT if none; throws NoSuchFunctionExists where nothing is LIVE.
const FunctionStage& stage_of(const FunctionRecord& record, const std::optional<std::string>& stage);
FunctionSummary function_summary(const Call& call, const FunctionRecord& record,
                                 const std::optional<std::string>& stage);
std::string function_arn(const Call& call, const FunctionRecord& record);
// For what a behavior may not say: at most one function an event, and published.
void check_associations(const Call& call, const std::optional<FunctionAssociations>& associations);
// The ARN for "viewer-request" or "viewer-response"; empty: none.
std::string associated(const std::optional<FunctionAssociations>& associations, std::string_view event_type);
// What is LIVE; nullopt: nothing, or no such function.
std::optional<FunctionSnapshot> function_snapshot(const Call& call, const std::string& arn);
// Of TestFunction's event; throws InvalidArgument for what is none.
enum class EventKind { viewer_request, viewer_response };
EventKind event_kind(const std::string& event_json);
// {"request": ...} or {"response": ...}, as TestFunction shows what a function returned.
std::string shown_output(EventKind kind, const std::string& result_json);
FunctionStage new_stage(Call& call, const FunctionConfig& config, const std::string& code);  // throws

}  // namespace landfall::cloudfront
