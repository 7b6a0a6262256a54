#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
S3Result<aws::WireResponse> PutBucketEncryption(S3Request& request, const PutBucketEncryptionRequest& in) {
  if (!in.ServerSideEncryptionConfiguration || in.ServerSideEncryptionConfiguration->Rules.size() != 1)
    return s3_fail("MalformedXML");
  const auto& by_default = in.ServerSideEncryptionConfiguration->Rules[0].ApplyServerSideEncryptionByDefault;
  if (by_default) {
    const std::string algorithm = by_default->SSEAlgorithm.value_or("");
    if (algorithm != "AES256" && algorithm != "aws:kms" && algorithm != "aws:kms:dsse")
      return s3_fail("MalformedXML");
    if (algorithm == "AES256" && by_default->KMSMasterKeyID)
      return s3_fail(
          "InvalidArgument",
          "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse");
  }
  const GetBucketEncryptionOutput out{.ServerSideEncryptionConfiguration =
                                          in.ServerSideEncryptionConfiguration};
  LF_CHECK(put_configuration(request, kEncryptionConfiguration, document_of("GetBucketEncryption", &out)));
  return empty_answer();
}

}  // namespace landfall::s3
