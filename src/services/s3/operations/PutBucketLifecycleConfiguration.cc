#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/lifecycle.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
S3Result<aws::WireResponse> PutBucketLifecycleConfiguration(
    S3Request& request, const PutBucketLifecycleConfigurationRequest& in) {
  if (!in.LifecycleConfiguration) return s3_fail("MalformedXML");
  std::vector<LifecycleRule> rules = in.LifecycleConfiguration->Rules;
  LF_CHECK(check_lifecycle(rules));
  for (LifecycleRule& rule : rules)  // AWS names the nameless
    if (!rule.ID || rule.ID->empty()) rule.ID = request.core.options.random->uuid();
  const GetBucketLifecycleConfigurationOutput out{.Rules = std::move(rules),
                                                  .TransitionDefaultMinimumObjectSize = {}};
  const std::string minimum = in.TransitionDefaultMinimumObjectSize.value_or("all_storage_classes_128K");
  std::string document = document_of("GetBucketLifecycleConfiguration", &out);
  LF_CHECK(change_bucket(request, [&](BucketRecord& record) {
    record.configuration[kLifecycleConfiguration] = document;
    record.configuration[kLifecycleMinimumSize] = minimum;
  }));
  aws::WireResponse answer = empty_answer();
  answer.headers.add("x-amz-transition-default-minimum-object-size", minimum);
  return answer;
}

}  // namespace landfall::s3
