#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/website.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html
S3Result<aws::WireResponse> PutBucketWebsite(S3Request& request, const PutBucketWebsiteRequest& in) {
  constexpr size_t kMaxRules = 50;
  if (!in.WebsiteConfiguration) return s3_fail("MalformedXML");
  const WebsiteConfiguration& given = *in.WebsiteConfiguration;
  if (given.RedirectAllRequestsTo) {
    if (given.IndexDocument || given.ErrorDocument || !given.RoutingRules.empty())
      return s3_fail("InvalidRequest",
                     "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.");
  } else {
    if (!given.IndexDocument)
      return s3_fail("InvalidArgument",
                     "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty");
    const std::string suffix = given.IndexDocument->Suffix.value_or("");
    if (suffix.empty() || suffix.find('/') != std::string::npos)
      return s3_fail("InvalidArgument", "The IndexDocument Suffix is not well formed");
    if (given.RoutingRules.size() > kMaxRules)
      return s3_fail("InvalidRequest",
                     "The number of routing rules must not exceed the allowed limit of 50 rules.");
  }
  for (const RoutingRule& rule : given.RoutingRules)
    if (rule.Redirect && rule.Redirect->ReplaceKeyWith && rule.Redirect->ReplaceKeyPrefixWith)
      return s3_fail("InvalidRequest", "You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
  const GetBucketWebsiteOutput out{.RedirectAllRequestsTo = given.RedirectAllRequestsTo,
                                   .IndexDocument = given.IndexDocument,
                                   .ErrorDocument = given.ErrorDocument,
                                   .RoutingRules = given.RoutingRules};
  LF_CHECK(put_configuration(request, kWebsiteConfiguration, document_of("GetBucketWebsite", &out)));
  return empty_answer();
}

}  // namespace landfall::s3
