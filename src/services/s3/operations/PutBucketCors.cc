#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/cors.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
S3Result<aws::WireResponse> PutBucketCors(S3Request& request, const PutBucketCorsRequest& in) {
  constexpr size_t kMaxRules = 100;
  if (!in.CORSConfiguration || in.CORSConfiguration->CORSRules.empty()) return s3_fail("MalformedXML");
  if (in.CORSConfiguration->CORSRules.size() > kMaxRules)
    return s3_fail("InvalidRequest",
                   "The number of CORS rules should not exceed allowed limit of 100 rules.");
  for (const CORSRule& rule : in.CORSConfiguration->CORSRules) {
    if (rule.AllowedMethods.empty() || rule.AllowedOrigins.empty()) return s3_fail("MalformedXML");
    for (const std::string& method : rule.AllowedMethods) {
      const bool known =
          method == "GET" || method == "PUT" || method == "POST" || method == "DELETE" || method == "HEAD";
      if (!known)
        return s3_fail("InvalidRequest",
                       "Found unsupported HTTP method in CORS config. Unsupported method is " + method);
    }
    for (const auto* list : {&rule.AllowedOrigins, &rule.AllowedHeaders}) {
      for (const std::string& pattern : *list) {
        if (pattern.find('*') != pattern.rfind('*')) {
          return s3_fail("InvalidRequest", "\"" + pattern + "\" can not have more than one wildcard.");
        }
      }
    }
  }
  const GetBucketCorsOutput out{.CORSRules = in.CORSConfiguration->CORSRules};
  LF_CHECK(put_configuration(request, kCorsConfiguration, document_of("GetBucketCors", &out)));
  return empty_answer();
}

}  // namespace landfall::s3
