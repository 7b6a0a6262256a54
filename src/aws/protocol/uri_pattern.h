// The model's URI patterns: "/2013-04-01/hostedzone/{Id}/rrset", "/{Bucket}/{Key+}?uploads",
// "/{Bucket}?list-type=2".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/uri.h"

namespace landfall::aws {

struct UriMatch {
  std::vector<std::pair<std::string, std::string>> labels;  // decoded; a greedy one with its slashes
  size_t fixed_segments = 0;
  size_t fixed_parameters = 0;
};

// `path` is percent-encoded. One slash at the end makes no difference, unless it belongs to a greedy label.
std::optional<UriMatch> match_uri(std::string_view pattern, std::string_view path, const codec::Pairs& query);

}  // namespace landfall::aws
