// What the operations share: finding stacks, starting an operation on one, and how they are shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cloudformation/shapes.h"
#include "gateway/call.h"
#include "services/cloudformation/store.h"

namespace landfall::cloudformation {

// By name (the one that is not deleted) or id (deleted ones too). Throws ValidationError "Stack with id x
// does not exist".
struct FoundStack {
  std::string uuid;  // its row
  StackRecord record;
};
FoundStack find_stack(const Call& call, std::string_view name_or_id);
std::optional<FoundStack> look_for_stack(const Call& call, std::string_view name_or_id);

inline constexpr size_t kMaxInlineTemplateBytes = 51'200;  // quota: of a template in a request

// The request's template and parameters. `previous`: for UsePreviousTemplate and UsePreviousValue.
struct SourceRequest {
  Call& call;
  const std::string& role_arn;  // whose rights read parameters of Systems Manager; empty: the caller's
  const std::optional<std::string>& body;
  const std::optional<std::string>& url;
  bool use_previous = false;
  const std::vector<Parameter>& parameters;
  const Source* previous = nullptr;
  const StackCaller* caller = nullptr;         // whose rights those are, where it is not the call's
  size_t max_bytes = kMaxInlineTemplateBytes;  // of the body
};
// What the request's parameters are, previous values taken from `previous`.
std::map<std::string, std::string> given_parameters(const std::vector<Parameter>& given,
                                                    const Source* previous);
Source source_of(const SourceRequest& request);

// IAM resources need an acknowledgement. Throws InsufficientCapabilitiesException.
void check_capabilities(const Source& source, const std::vector<std::string>& capabilities);
std::vector<std::string> needed_capabilities(const std::string& body);

std::vector<StackTag> tags_of(const std::vector<Tag>& tags);
// On whose behalf the stack acts from now on: the role, if one is given, else the caller. Throws AccessDenied
// for a caller whose session policy would be lost.
// The caller may pass it and CloudFormation may assume it: throws AccessDenied, ValidationError.
void check_role(Call& call, const std::string& role_arn);
StackCaller caller_of(const Call& call, const std::string& role_arn);

StackRecord new_stack(Call& call, const std::string& name);
void put_stack(Call& call, const StackRecord& stack);
// Checks that an update may begin now, and begins it: UPDATE_IN_PROGRESS. Throws ValidationError
// "No updates are to be performed." if nothing would change.
void begin_update(Call& call, StackRecord& stack, Source source);

Stack shown(const StackRecord& stack);
std::vector<Parameter> shown_parameters(const Source& source);

// One page of `size` rows from the row that the token names (its index, as text).
inline constexpr size_t kPageSize = 100;
std::pair<size_t, size_t> page(const std::optional<std::string>& token, size_t total,
                               size_t size = kPageSize);

}  // namespace landfall::cloudformation
