#include "services/s3/dataplane/operations.h"

#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

#define LF_POOLED(name, out) S3Result<out> name(S3Request&, const name##Request&);
#define LF_PLAIN(name) S3Result<aws::WireResponse> name(S3Request&);
#define LF_STREAMING(name) void name(std::shared_ptr<S3Request>);

LF_STREAMING(GetObject)
LF_STREAMING(HeadObject)
LF_STREAMING(PutObject)
LF_STREAMING(UploadPart)

LF_POOLED(ListBuckets, ListBucketsOutput)
LF_POOLED(CreateBucket, CreateBucketOutput)
LF_POOLED(HeadBucket, HeadBucketOutput)
LF_PLAIN(DeleteBucket)
LF_POOLED(GetBucketLocation, GetBucketLocationOutput)
LF_POOLED(ListObjects, ListObjectsOutput)
LF_POOLED(ListObjectsV2, ListObjectsV2Output)
LF_POOLED(ListObjectVersions, ListObjectVersionsOutput)
LF_POOLED(DeleteObject, DeleteObjectOutput)
LF_POOLED(DeleteObjects, DeleteObjectsOutput)
LF_POOLED(CopyObject, CopyObjectOutput)
LF_POOLED(CreateMultipartUpload, CreateMultipartUploadOutput)
LF_POOLED(UploadPartCopy, UploadPartCopyOutput)
LF_POOLED(CompleteMultipartUpload, CompleteMultipartUploadOutput)
LF_PLAIN(AbortMultipartUpload)
LF_POOLED(ListParts, ListPartsOutput)
LF_POOLED(ListMultipartUploads, ListMultipartUploadsOutput)
LF_PLAIN(PutBucketPolicy)
LF_PLAIN(GetBucketPolicy)
LF_PLAIN(DeleteBucketPolicy)
LF_POOLED(GetBucketPolicyStatus, GetBucketPolicyStatusOutput)
LF_POOLED(PutPublicAccessBlock, aws::WireResponse)
LF_PLAIN(GetPublicAccessBlock)
LF_PLAIN(DeletePublicAccessBlock)
LF_POOLED(PutBucketOwnershipControls, aws::WireResponse)
LF_PLAIN(GetBucketOwnershipControls)
LF_PLAIN(DeleteBucketOwnershipControls)
LF_POOLED(GetBucketVersioning, GetBucketVersioningOutput)
LF_POOLED(PutBucketVersioning, aws::WireResponse)
LF_POOLED(PutBucketTagging, aws::WireResponse)
LF_PLAIN(GetBucketTagging)
LF_PLAIN(DeleteBucketTagging)
LF_POOLED(PutObjectTagging, PutObjectTaggingOutput)
LF_POOLED(GetObjectTagging, GetObjectTaggingOutput)
LF_POOLED(DeleteObjectTagging, DeleteObjectTaggingOutput)
LF_POOLED(PutBucketEncryption, aws::WireResponse)
LF_PLAIN(GetBucketEncryption)
LF_PLAIN(DeleteBucketEncryption)
LF_POOLED(GetBucketAcl, GetBucketAclOutput)
LF_POOLED(PutBucketAcl, aws::WireResponse)
LF_POOLED(GetObjectAcl, GetObjectAclOutput)
LF_POOLED(PutBucketCors, aws::WireResponse)
LF_PLAIN(GetBucketCors)
LF_PLAIN(DeleteBucketCors)
LF_PLAIN(GetBucketNotificationConfiguration)
LF_POOLED(PutBucketNotificationConfiguration, aws::WireResponse)
LF_PLAIN(GetBucketLogging)
LF_POOLED(PutBucketLogging, aws::WireResponse)
LF_POOLED(PutBucketWebsite, aws::WireResponse)
LF_PLAIN(DeleteBucketWebsite)
LF_POOLED(PutBucketLifecycleConfiguration, aws::WireResponse)
LF_PLAIN(DeleteBucketLifecycle)
LF_POOLED(PutBucketAccelerateConfiguration, aws::WireResponse)
LF_POOLED(PutBucketRequestPayment, aws::WireResponse)
LF_POOLED(PutObjectLockConfiguration, aws::WireResponse)
LF_POOLED(PutObjectRetention, aws::WireResponse)
LF_POOLED(GetObjectRetention, GetObjectRetentionOutput)
LF_POOLED(PutObjectLegalHold, aws::WireResponse)
LF_POOLED(GetObjectLegalHold, GetObjectLegalHoldOutput)
LF_PLAIN(GetBucketWebsite)
LF_PLAIN(GetBucketLifecycleConfiguration)
LF_PLAIN(GetBucketReplication)
LF_PLAIN(GetBucketAccelerateConfiguration)
LF_PLAIN(GetBucketRequestPayment)
LF_PLAIN(GetObjectLockConfiguration)

namespace {

using enum Resource;

// Actions: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
constexpr OperationEntry kOperations[] = {
    {"GetObject", object, "", nullptr, GetObject},
    {"HeadObject", object, "", nullptr, HeadObject},
    {"PutObject", object, "s3:PutObject", nullptr, PutObject},
    {"UploadPart", object, "s3:PutObject", nullptr, UploadPart},
    {"ListBuckets", service, "s3:ListAllMyBuckets", pooled<ListBuckets>},
    {"CreateBucket", bucket, "s3:CreateBucket", pooled<CreateBucket>},
    {"HeadBucket", bucket, "s3:ListBucket", pooled<HeadBucket>},
    {"DeleteBucket", bucket, "s3:DeleteBucket", pooled<DeleteBucket>},
    {"GetBucketLocation", bucket, "s3:GetBucketLocation", pooled<GetBucketLocation>},
    {"ListObjects", bucket, "s3:ListBucket", pooled<ListObjects>},
    {"ListObjectsV2", bucket, "s3:ListBucket", pooled<ListObjectsV2>},
    {"ListObjectVersions", bucket, "s3:ListBucketVersions", pooled<ListObjectVersions>},
    {"DeleteObject", object, "", pooled<DeleteObject>},
    {"DeleteObjects", bucket, "", pooled<DeleteObjects>},
    {"CopyObject", object, "s3:PutObject", pooled<CopyObject>},
    {"CreateMultipartUpload", object, "s3:PutObject", pooled<CreateMultipartUpload>},
    {"UploadPartCopy", object, "s3:PutObject", pooled<UploadPartCopy>},
    {"CompleteMultipartUpload", object, "s3:PutObject", pooled<CompleteMultipartUpload>},
    {"AbortMultipartUpload", object, "s3:AbortMultipartUpload", pooled<AbortMultipartUpload>},
    {"ListParts", object, "s3:ListMultipartUploadParts", pooled<ListParts>},
    {"ListMultipartUploads", bucket, "s3:ListBucketMultipartUploads", pooled<ListMultipartUploads>},
    {"PutBucketPolicy", bucket, "s3:PutBucketPolicy", pooled<PutBucketPolicy>},
    {"GetBucketPolicy", bucket, "s3:GetBucketPolicy", pooled<GetBucketPolicy>},
    {"DeleteBucketPolicy", bucket, "s3:DeleteBucketPolicy", pooled<DeleteBucketPolicy>},
    {"GetBucketPolicyStatus", bucket, "s3:GetBucketPolicyStatus", pooled<GetBucketPolicyStatus>},
    {"PutPublicAccessBlock", bucket, "s3:PutBucketPublicAccessBlock", pooled<PutPublicAccessBlock>},
    {"GetPublicAccessBlock", bucket, "s3:GetBucketPublicAccessBlock", pooled<GetPublicAccessBlock>},
    {"DeletePublicAccessBlock", bucket, "s3:PutBucketPublicAccessBlock", pooled<DeletePublicAccessBlock>},
    {"PutBucketOwnershipControls", bucket, "s3:PutBucketOwnershipControls",
     pooled<PutBucketOwnershipControls>},
    {"GetBucketOwnershipControls", bucket, "s3:GetBucketOwnershipControls",
     pooled<GetBucketOwnershipControls>},
    {"DeleteBucketOwnershipControls", bucket, "s3:PutBucketOwnershipControls",
     pooled<DeleteBucketOwnershipControls>},
    {"GetBucketVersioning", bucket, "s3:GetBucketVersioning", pooled<GetBucketVersioning>},
    {"PutBucketVersioning", bucket, "s3:PutBucketVersioning", pooled<PutBucketVersioning>},
    {"PutBucketTagging", bucket, "s3:PutBucketTagging", pooled<PutBucketTagging>},
    {"GetBucketTagging", bucket, "s3:GetBucketTagging", pooled<GetBucketTagging>},
    {"DeleteBucketTagging", bucket, "s3:PutBucketTagging", pooled<DeleteBucketTagging>},
    {"PutObjectTagging", object, "", pooled<PutObjectTagging>},
    {"GetObjectTagging", object, "", pooled<GetObjectTagging>},
    {"DeleteObjectTagging", object, "", pooled<DeleteObjectTagging>},
    {"PutBucketEncryption", bucket, "s3:PutEncryptionConfiguration", pooled<PutBucketEncryption>},
    {"GetBucketEncryption", bucket, "s3:GetEncryptionConfiguration", pooled<GetBucketEncryption>},
    {"DeleteBucketEncryption", bucket, "s3:PutEncryptionConfiguration", pooled<DeleteBucketEncryption>},
    {"GetBucketAcl", bucket, "s3:GetBucketAcl", pooled<GetBucketAcl>},
    {"PutBucketAcl", bucket, "s3:PutBucketAcl", pooled<PutBucketAcl>},
    {"GetObjectAcl", object, "s3:GetObjectAcl", pooled<GetObjectAcl>},
    {"PutBucketCors", bucket, "s3:PutBucketCORS", pooled<PutBucketCors>},
    {"GetBucketCors", bucket, "s3:GetBucketCORS", pooled<GetBucketCors>},
    {"DeleteBucketCors", bucket, "s3:PutBucketCORS", pooled<DeleteBucketCors>},
    {"GetBucketNotificationConfiguration", bucket, "s3:GetBucketNotification",
     pooled<GetBucketNotificationConfiguration>},
    {"GetBucketLogging", bucket, "s3:GetBucketLogging", pooled<GetBucketLogging>},
    {"GetBucketWebsite", bucket, "s3:GetBucketWebsite", pooled<GetBucketWebsite>},
    {"GetBucketLifecycleConfiguration", bucket, "s3:GetLifecycleConfiguration",
     pooled<GetBucketLifecycleConfiguration>},
    {"GetBucketReplication", bucket, "s3:GetReplicationConfiguration", pooled<GetBucketReplication>},
    {"GetBucketAccelerateConfiguration", bucket, "s3:GetAccelerateConfiguration",
     pooled<GetBucketAccelerateConfiguration>},
    {"GetBucketRequestPayment", bucket, "s3:GetBucketRequestPayment", pooled<GetBucketRequestPayment>},
    {"GetObjectLockConfiguration", bucket, "s3:GetBucketObjectLockConfiguration",
     pooled<GetObjectLockConfiguration>},
    {"PutBucketNotificationConfiguration", bucket, "s3:PutBucketNotification",
     pooled<PutBucketNotificationConfiguration>},
    {"PutBucketLogging", bucket, "s3:PutBucketLogging", pooled<PutBucketLogging>},
    {"PutBucketWebsite", bucket, "s3:PutBucketWebsite", pooled<PutBucketWebsite>},
    {"DeleteBucketWebsite", bucket, "s3:DeleteBucketWebsite", pooled<DeleteBucketWebsite>},
    {"PutBucketLifecycleConfiguration", bucket, "s3:PutLifecycleConfiguration",
     pooled<PutBucketLifecycleConfiguration>},
    {"DeleteBucketLifecycle", bucket, "s3:PutLifecycleConfiguration", pooled<DeleteBucketLifecycle>},
    {"PutBucketAccelerateConfiguration", bucket, "s3:PutAccelerateConfiguration",
     pooled<PutBucketAccelerateConfiguration>},
    {"PutBucketRequestPayment", bucket, "s3:PutBucketRequestPayment", pooled<PutBucketRequestPayment>},
    {"PutObjectLockConfiguration", bucket, "s3:PutBucketObjectLockConfiguration",
     pooled<PutObjectLockConfiguration>},
    {"PutObjectRetention", object, "s3:PutObjectRetention", pooled<PutObjectRetention>},
    {"GetObjectRetention", object, "s3:GetObjectRetention", pooled<GetObjectRetention>},
    {"PutObjectLegalHold", object, "s3:PutObjectLegalHold", pooled<PutObjectLegalHold>},
    {"GetObjectLegalHold", object, "s3:GetObjectLegalHold", pooled<GetObjectLegalHold>},
};

}  // namespace

std::span<const OperationEntry> operations() { return kOperations; }

}  // namespace landfall::s3
