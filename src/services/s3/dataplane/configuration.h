// Bucket subresources (policy, cors, tagging, ...): kept in the bucket's record as the documents that their
// Get operation answers with.
#pragma once

#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

inline constexpr const char* kTaggingConfiguration = "tagging";
inline constexpr const char* kEncryptionConfiguration = "encryption";
inline constexpr const char* kOwnershipConfiguration = "ownershipControls";
inline constexpr const char* kLoggingConfiguration = "logging";
inline constexpr const char* kAccelerateConfiguration = "accelerate";
inline constexpr const char* kPaymentConfiguration = "requestPayment";
inline constexpr const char* kNotificationConfiguration = "notification";

// Blocks until durable.
S3Result<> change_bucket(const S3Request& request, std::move_only_function<void(BucketRecord&)> change);
S3Result<> put_configuration(const S3Request& request, std::string name, std::string document);
S3Result<aws::WireResponse> delete_configuration(const S3Request& request, std::string name);  // 204
S3Result<aws::WireResponse> get_configuration(const S3Request& request, const std::string& name,
                                              std::string_view error_if_absent);

// The same where the bucket has an answer though nothing was configured.
S3Result<aws::WireResponse> get_configuration_or(const S3Request& request, const std::string& name,
                                                 std::string by_default);

// The document that the Get operation of that name answers with.
std::string document_of(std::string_view get_operation, const void* out);
aws::WireResponse xml_answer(std::string document);
aws::WireResponse empty_answer(int status = 200);

}  // namespace landfall::s3
