#include "services/s3/dataplane/s3_error.h"

#include "base/log.h"
#include "codec/xml.h"

namespace landfall::s3 {
namespace {

struct Known {
  std::string_view code;
  int status;
  std::string_view message;
};

constexpr Known kKnown[] = {
    {"AccessDenied", 403, "Access Denied"},
    {"AccessControlListNotSupported", 400, "The bucket does not allow ACLs"},
    {"AuthorizationHeaderMalformed", 400, "The authorization header is malformed."},
    {"BadDigest", 400, "The Content-MD5 you specified did not match what we received."},
    {"BucketAlreadyExists", 409,
     "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
     "Please "
     "select a different name and try again."},
    {"BucketAlreadyOwnedByYou", 409,
     "Your previous request to create the named bucket succeeded and you already own it."},
    {"BucketNotEmpty", 409, "The bucket you tried to delete is not empty"},
    {"EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size"},
    {"EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size"},
    {"IllegalVersioningConfigurationException", 400, "The Versioning element must be specified"},
    {"IllegalLocationConstraintException", 400,
     "The unspecified location constraint is incompatible for the region specific endpoint this request was "
     "sent to."},
    {"IncompleteBody", 400,
     "You did not provide the number of bytes specified by the Content-Length HTTP header"},
    // Not AWS's, whose disks are never full. 507 is HTTP's own word for it (RFC 4918 11.5) and MinIO's, and
    // no SDK repeats it on its own, so that the user reads the message at once.
    {"InsufficientStorage", 507,
     "The disk under Landfall's data directory is full, and nothing was stored. Delete objects, or make room "
     "on it otherwise; uploads are taken again as soon as there is room."},
    {"InternalError", 500, "We encountered an internal error. Please try again."},
    {"InvalidArgument", 400, "Invalid Argument"},
    {"InvalidBucketAclWithObjectOwnership", 400,
     "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"},
    {"InvalidBucketName", 400, "The specified bucket is not valid."},
    {"InvalidBucketState", 409, "The request is not valid for the current state of the bucket."},
    {"InvalidDigest", 400, "The Content-MD5 you specified was invalid."},
    {"InvalidLocationConstraint", 400, "The specified location-constraint is not valid"},
    {"InvalidObjectState", 403, "The operation is not valid for the object's storage class"},
    {"InvalidPart", 400,
     "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
     "specified "
     "entity tag may not match the part's entity tag."},
    {"InvalidPartNumber", 416, "The requested partnumber is not satisfiable"},
    {"InvalidPartOrder", 400,
     "The list of parts was not in ascending order. Parts must be ordered by part number."},
    {"InvalidPolicyDocument", 400,
     "The content of the form does not meet the conditions specified in the policy document."},
    {"InvalidRange", 416, "The requested range is not satisfiable"},
    {"InvalidRequest", 400, "Invalid Request"},
    {"InvalidStorageClass", 400, "The storage class you specified is not valid"},
    {"InvalidTag", 400, "The tag provided was not a valid tag."},
    {"InvalidTargetBucketForLogging", 400, "The target bucket for logging does not exist"},
    {"InvalidURI", 400, "Couldn't parse the specified URI."},
    {"KeyTooLongError", 400, "Your key is too long"},
    {"MalformedPolicy", 400, "Policies must be valid JSON and the first byte must be '{'"},
    {"MalformedXML", 400,
     "The XML you provided was not well-formed or did not validate against our published schema"},
    {"MaxMessageLengthExceeded", 400, "Your request was too big."},
    {"MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size"},
    {"MethodNotAllowed", 405, "The specified method is not allowed against this resource."},
    {"MissingContentLength", 411, "You must provide the Content-Length HTTP header."},
    {"MissingRequestBodyError", 400, "Request Body is empty"},
    {"MissingSecurityHeader", 400, "Your request was missing a required header"},
    {"NoSuchBucket", 404, "The specified bucket does not exist"},
    {"NoSuchBucketPolicy", 404, "The bucket policy does not exist"},
    {"NoSuchCORSConfiguration", 404, "The CORS configuration does not exist"},
    {"NoSuchKey", 404, "The specified key does not exist."},
    {"NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist"},
    {"NoSuchObjectLockConfiguration", 404, "The specified object does not have a ObjectLock configuration"},
    {"NoSuchPublicAccessBlockConfiguration", 404, "The public access block configuration was not found"},
    {"NoSuchTagSet", 404, "The TagSet does not exist"},
    {"NoSuchUpload", 404,
     "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted "
     "or "
     "completed."},
    {"NoSuchVersion", 404, "The specified version does not exist."},
    {"NoSuchWebsiteConfiguration", 404, "The specified bucket does not have a website configuration"},
    {"NotImplemented", 501, "A header you provided implies functionality that is not implemented"},
    {"NotModified", 304, ""},
    {"ObjectLockConfigurationNotFoundError", 404, "Object Lock configuration does not exist for this bucket"},
    {"OperationAborted", 409,
     "A conflicting conditional operation is currently in progress against this resource. Please try again."},
    {"OwnershipControlsNotFoundError", 404, "The bucket ownership controls were not found"},
    {"PermanentRedirect", 301,
     "The bucket you are attempting to access must be addressed using the specified endpoint. Please send "
     "all future "
     "requests to this endpoint."},
    {"PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold"},
    {"ReplicationConfigurationNotFoundError", 404, "The replication configuration was not found"},
    {"RequestTimeout", 400,
     "Your socket connection to the server was not read from or written to within the timeout period. Idle "
     "connections "
     "will be closed."},
    {"ServerSideEncryptionConfigurationNotFoundError", 404,
     "The server side encryption configuration was not found"},
    {"SlowDown", 503, "Please reduce your request rate."},
    {"TooManyBuckets", 400, "You have attempted to create more buckets than allowed"},
    {"XAmzContentSHA256Mismatch", 400,
     "The provided 'x-amz-content-sha256' header does not match what was computed."},
};

}  // namespace

S3Error s3_error(std::string_view code, std::string message) {
  for (const Known& known : kKnown) {
    if (known.code != code) continue;
    return {std::string(code),
            known.status,
            message.empty() ? std::string(known.message) : std::move(message),
            {},
            {}};
  }
  invariant_broken("an S3 error code of the list", __FILE__, __LINE__, code);
}

S3Error with_detail(S3Error error, std::string name, std::string value) {
  error.details.emplace_back(std::move(name), std::move(value));
  return error;
}

S3Error from_auth(aws::AuthError error) {
  return {std::move(error.code), error.status, std::move(error.message), std::move(error.details), {}};
}

S3Error from_store(const StoreError& error) {
  switch (error.code) {
    case StoreErrc::io:
    case StoreErrc::corrupt:
      log::error("s3: {}", error.message);
      return s3_error("InternalError");
    case StoreErrc::no_space:
      log::warn("s3: {}", error.message);
      return s3_error("InsufficientStorage");
    case StoreErrc::busy:
      return s3_error("SlowDown");
    case StoreErrc::no_such_bucket:
      return s3_error("NoSuchBucket");
    case StoreErrc::bucket_exists:
      return s3_error("BucketAlreadyExists");
    case StoreErrc::bucket_not_empty:
      return s3_error("BucketNotEmpty");
    case StoreErrc::no_such_key:
      return s3_error("NoSuchKey");
    case StoreErrc::no_such_version:
      return s3_error("NoSuchVersion");
    case StoreErrc::precondition_failed:
      return with_detail(s3_error("PreconditionFailed"), "Condition", error.message);
    case StoreErrc::no_such_upload:
      return s3_error("NoSuchUpload");
    case StoreErrc::invalid_part:
      return with_detail(s3_error("InvalidPart"), "PartNumber", error.message);
    case StoreErrc::part_too_small:
      return with_detail(s3_error("EntityTooSmall"), "PartNumber", error.message);
    case StoreErrc::object_locked:
      return s3_error("AccessDenied", error.message);
    case StoreErrc::refused:
      return s3_error(error.message);
  }
  return s3_error("InternalError");
}

std::string error_document(const S3Error& error, std::string_view resource, std::string_view request_id,
                           std::string_view host_id) {
  std::string out;
  codec::XmlWriter xml(out);
  xml.declaration();
  xml.open("Error");
  xml.element("Code", error.code);
  xml.element("Message", error.message);
  for (const auto& [name, value] : error.details) xml.element(name, value);
  if (!resource.empty()) xml.element("Resource", resource);
  xml.element("RequestId", request_id);
  xml.element("HostId", host_id);
  xml.close("Error");
  return out;
}

}  // namespace landfall::s3
