// What has tags: distributions and functions, by their ARNs.
#include "cloudfront/errors.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/functions.h"

namespace landfall::cloudfront {
namespace {

struct Tagged {
  bool is_function;
  std::string id;  // of a distribution; a function's name
};

Tagged find_tagged(const Call& call, std::string_view arn) {
  const std::string distribution = call.global_arn("cloudfront", "distribution/"),
                    function = call.global_arn("cloudfront", "function/");
  if (arn.starts_with(distribution) && call.global_rows(kDistributions).has(arn.substr(distribution.size())))
    return {.is_function = false, .id = std::string(arn.substr(distribution.size()))};
  if (arn.starts_with(function) && call.global_rows(kFunctions).has(arn.substr(function.size())))
    return {.is_function = true, .id = std::string(arn.substr(function.size()))};
  throw NoSuchResource("The resource that was specified is not valid: " + std::string(arn));
}

}  // namespace

TagMap tags_at(const Call& call, std::string_view arn) {
  const Tagged tagged = find_tagged(call, arn);
  return tagged.is_function ? find_function(call, tagged.id).tags : find_distribution(call, tagged.id).tags;
}

void put_tags_at(Call& call, std::string_view arn, TagMap tags) {
  const Tagged tagged = find_tagged(call, arn);
  if (tagged.is_function) {
    FunctionRecord record = find_function(call, tagged.id);
    record.tags = std::move(tags);
    call.global_rows(kFunctions).put(tagged.id, std::move(record));
  } else {
    DistributionRecord record = find_distribution(call, tagged.id);
    record.tags = std::move(tags);
    call.global_rows(kDistributions).put(tagged.id, std::move(record));
  }
}

}  // namespace landfall::cloudfront
