#include "services/cloudwatch/tagged.h"

#include "aws/arn.h"
#include "cloudwatch/errors.h"
#include "services/cloudwatch/store.h"

namespace landfall::cloudwatch {
namespace {

constexpr size_t kMaxTags = 50;

[[noreturn]] void not_found(const std::string& arn) {
  throw ResourceNotFoundException("Unknown resource: " + arn);
}

template <class Rows>
void change_row(Rows rows, const std::string& name, const std::string& arn,
                const std::function<void(Tags&)>& change) {
  const auto found = rows.get(name);
  if (!found) not_found(arn);
  auto record = *found;
  change(record.tags);
  if (record.tags != found->tags) rows.put(name, std::move(record));
}

}  // namespace

std::string dashboard_arn(const Call& call, const std::string& name) {
  return call.global_arn("cloudwatch", "dashboard/" + name);
}

void change_tags(Call& call, const std::string& arn, const std::function<void(Tags&)>& change) {
  const auto parts = aws::split_arn(arn);
  if (!parts || parts->service != "cloudwatch" || parts->account != call.account) not_found(arn);
  const std::string name(parts->resource_name());
  if (parts->resource_type() == "alarm" && parts->region == call.region)
    return change_row(call.rows(kAlarms), name, arn, change);
  if (parts->resource_type() == "dashboard")
    return change_row(call.global_rows(kDashboards), name, arn, change);
  not_found(arn);
}

Tags tags_of(Call& call, const std::string& arn) {
  Tags out;
  change_tags(call, arn, [&](Tags& tags) { out = tags; });
  return out;
}

void add_tags(const Call& call, Tags& tags, const std::vector<Tag>& added) {
  for (const Tag& tag : added) {
    if (tag.Key->starts_with("aws:") && call.caller.kind != CallerKind::service)
      throw InvalidParameterValueException("Tag keys must not begin with aws:.");
    tags[*tag.Key] = tag.Value.value_or("");
  }
  if (tags.size() > kMaxTags) throw InvalidParameterValueException("A resource can have at most 50 tags.");
}

}  // namespace landfall::cloudwatch
