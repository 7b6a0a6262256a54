// Tag sets: the model's and the store's.
#pragma once

#include "s3/shapes.h"
#include "services/s3/dataplane/records.h"

namespace landfall::s3 {

inline StringPairs pairs_of(const std::vector<Tag>& tags) {
  StringPairs pairs;
  for (const Tag& tag : tags) pairs.emplace_back(tag.Key.value_or(""), tag.Value.value_or(""));
  return pairs;
}

inline std::vector<Tag> tags_of(const StringPairs& pairs) {
  std::vector<Tag> tags;
  for (const auto& [key, value] : pairs) tags.push_back({.Key = key, .Value = value});
  return tags;
}

}  // namespace landfall::s3
