#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html
S3Result<aws::WireResponse> PutBucketRequestPayment(S3Request& request,
                                                    const PutBucketRequestPaymentRequest& in) {
  const auto& given = in.RequestPaymentConfiguration;
  if (!given || (given->Payer.value_or("") != "Requester" && given->Payer.value_or("") != "BucketOwner"))
    return s3_fail("MalformedXML");
  GetBucketRequestPaymentOutput out;
  out.Payer = given->Payer;
  LF_CHECK(put_configuration(request, kPaymentConfiguration, document_of("GetBucketRequestPayment", &out)));
  return empty_answer();
}

}  // namespace landfall::s3
