// Which permission an operation needs, and on which resource: the facts of AWS's Service Authorization
// Reference. https://docs.aws.amazon.com/service-authorization/latest/reference/
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace landfall::aws::policy {

// Services by Landfall's folder names: "elbv2", "s3"...
std::string_view action_prefix(std::string_view service);  // "elasticloadbalancing"

// "s3:ListBucket" of ("s3", "ListObjectsV2"). Usually prefix:Operation. `version_given`: S3 has permissions
// of their own for requests that name an object version (GetObjectVersion).
enum class ObjectVersion { latest, named };
std::string action_name(std::string_view service, std::string_view operation,
                        ObjectVersion version = ObjectVersion::latest);

enum class AuthorizedBy {
  gateway,  // one permission, checked before the handler
  handler,  // the handler asks itself: sts:AssumeRole with the role's trust policy
  nobody,   // any authenticated caller may: sts:GetCallerIdentity
};
AuthorizedBy authorized_by(std::string_view service, std::string_view operation);

// The ARN of the resource that the request is about, from its top-level members; "*" where the operation has
// no resource-level permission or the resource is not known before the handler. For operations that make a
// thing whose id is yet to be chosen the id is "*", as in AWS's own ARNs of such requests.
struct ResourceQuery {
  std::string_view service, operation;
  std::string_view region, account;
  // The member's value (of a list: its first element); empty if absent.
  std::function<std::string(std::string_view member)> member;
};
std::string resource_arn(const ResourceQuery& query);

std::string s3_bucket_arn(std::string_view bucket);
std::string s3_object_arn(std::string_view bucket, std::string_view key);

}  // namespace landfall::aws::policy
