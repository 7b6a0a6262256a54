// Loading EC2's resources by id, with EC2's errors; new ids; tags.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ec2/shapes.h"
#include "gateway/call.h"
#include "services/ec2/store.h"

namespace landfall::ec2 {

template <class T>
Rows<T> rows(const Call& call, const Resource<T>& resource) {
  return call.rows(resource.table);
}

template <class T>
[[noreturn]] void throw_not_found(const Resource<T>& resource, std::string_view id) {
  throw ServiceError(resource.not_found_code, 400, fmt::format(fmt::runtime(resource.not_found_text), id));
}

// Whether it could be one of those ids: EC2 tells what is no id from what does not exist.
inline bool is_id(std::string_view id, std::string_view prefix) {
  return id.starts_with(prefix) && id.size() > prefix.size() &&
         id.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz", prefix.size()) ==
             std::string_view::npos;
}

// The resource, or EC2's error for an id that is not there or is none.
template <class T>
std::shared_ptr<const T> require(const Call& call, const Resource<T>& resource, std::string_view id) {
  if (auto record = rows(call, resource).get(id)) return record;
  if (resource.malformed_code != nullptr && !is_id(id, resource.prefix))
    throw ServiceError(resource.malformed_code, 400,
                       fmt::format("Invalid id: \"{}\" (expecting \"{}...\")", id, resource.prefix));
  throw_not_found(resource, id);
}

// EC2 ids: a prefix and 17 hexadecimal digits.
inline std::string new_id(const Call& call, std::string_view prefix) {
  return std::string(prefix) + call.random().hex(17);
}

[[noreturn]] inline void throw_error(const char* code, std::string message) {
  throw ServiceError(code, 400, std::move(message));
}
[[noreturn]] inline void throw_invalid(std::string message) {
  throw_error("InvalidParameterValue", std::move(message));
}
[[noreturn]] inline void throw_missing(std::string_view parameter) {
  throw_error("MissingParameter", fmt::format("The request must contain the parameter {}", parameter));
}

// --- tags

using TagMap = std::map<std::string, std::string>;

TagMap tags_of(const Call& call, std::string_view resource_id);
std::vector<Tag> render_tags(const TagMap& tags);
std::vector<Tag> rendered_tags(const Call& call, std::string_view resource_id);

// Adds to or replaces the tags of a resource. Throws for reserved keys (unless a service does it), lengths,
// and more than kMaxTags.
void put_tags(Call& call, std::string_view resource_id, std::string_view resource_type, const TagMap& tags);
// Without a value, whatever its value is.
struct TagRemoval {
  std::string key;
  std::optional<std::string> value;
};
void remove_tags(Call& call, std::string_view resource_id, const std::vector<TagRemoval>& removals);
void forget_tags(Call& call, std::string_view resource_id);  // with the resource
inline constexpr size_t kMaxTags = 50;                       // AWS's quota for a resource

// Those for `resource_type`; a specification for a type that is not in `allowed` is refused.
TagMap tags_for(const std::vector<TagSpecification>& specifications, std::string_view resource_type,
                std::initializer_list<std::string_view> allowed);
inline TagMap tags_for(const std::vector<TagSpecification>& specifications, std::string_view resource_type) {
  return tags_for(specifications, resource_type, {resource_type});
}
TagMap tag_map(const std::vector<Tag>& tags);

// "vpc" for "vpc-0a1"; nothing if no resource type has such ids.
std::optional<std::string> resource_type_of(std::string_view id);
bool resource_exists(const Call& call, std::string_view id);

}  // namespace landfall::ec2
