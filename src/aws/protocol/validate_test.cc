#include "aws/protocol/validate.h"

#include <gtest/gtest.h>

#include <set>

#include "acm/operations.h"
#include "aws/service_error.h"
#include "cloudfront/operations.h"
#include "cloudwatch/operations.h"
#include "ec2/operations.h"
#include "iam/operations.h"
#include "rds/operations.h"
#include "route53/operations.h"
#include "s3/operations.h"
#include "services.h"

namespace landfall::aws {
namespace {

template <class S>
std::string error_of(const ServiceModel& service, std::string_view operation, const S& in) {
  const OperationModel* model = service.operation(operation);
  EXPECT_NE(model, nullptr);
  EXPECT_EQ(model->input, &shape_of(&in));
  try {
    validate_input(service.protocols.front(), *model, &in);
  } catch (const ServiceError& error) {
    return error.code() + ": " + error.message();
  }
  return "";
}

TEST(ValidateInput, WordsAMissingMemberAsIamDoes) {
  EXPECT_EQ(error_of(iam::service_model, "CreateUser", iam::CreateUserRequest{}),
            "ValidationError: 1 validation error detected: Value null at 'userName' failed to satisfy "
            "constraint: Member must not be null");
}

TEST(ValidateInput, CountsEveryViolationInOneMessage) {
  const iam::CreateRoleRequest in{.RoleName = "a b", .AssumeRolePolicyDocument = ""};
  const std::string message = error_of(iam::service_model, "CreateRole", in);
  EXPECT_TRUE(message.starts_with(
      "ValidationError: 3 validation errors detected: Value 'a b' at 'roleName' failed to satisfy "
      "constraint: "
      "Member must satisfy regular expression pattern: [\\w+=,.@-]+; Value '' at 'assumeRolePolicyDocument'"))
      << message;
}

TEST(ValidateInput, CountsCharactersNotBytes) {
  std::string sixty_four;
  for (int i = 0; i < 64; ++i) sixty_four += "\xc3\xbc";
  const std::string message =
      error_of(iam::service_model, "CreateUser", iam::CreateUserRequest{.UserName = sixty_four});
  EXPECT_EQ(message.find("length"), std::string::npos) << message;
}

TEST(ValidateInput, AcceptsWhatTheModelAllows) {
  EXPECT_EQ(
      error_of(iam::service_model, "CreateUser", iam::CreateUserRequest{.UserName = "alice@example.com"}),
      "");
  EXPECT_EQ(error_of(acm::service_model, "RequestCertificate",
                     acm::RequestCertificateRequest{.DomainName = "*.example.com"}),
            "");
}

TEST(ValidateInput, SpeaksOfParametersInEc2AndLeavesItsEnumsToTheHandlers) {
  EXPECT_EQ(error_of(ec2::service_model, "DeleteVpc", ec2::DeleteVpcRequest{}),
            "MissingParameter: The request must contain the parameter VpcId");
  EXPECT_EQ(error_of(ec2::service_model, "CreateTags", ec2::CreateTagsRequest{.Resources = {"vpc-1"}}),
            "MissingParameter: The request must contain the parameter Tags");
  EXPECT_EQ(error_of(ec2::service_model, "CreateVpc", ec2::CreateVpcRequest{.InstanceTenancy = "other"}), "");
  EXPECT_EQ(error_of(ec2::service_model, "DescribeVpcs", ec2::DescribeVpcsRequest{.MaxResults = 4}),
            "InvalidParameterValue: Value ( 4 ) for parameter maxResults is invalid. Member must have value "
            "greater than or equal to 5.");
}

TEST(ValidateInput, NamesMissingParametersInRds) {
  EXPECT_EQ(error_of(rds::service_model, "CreateDBInstance",
                     rds::CreateDBInstanceMessage{.DBInstanceClass = "db.t3.micro", .Engine = "postgres"}),
            "MissingParameter: The request must contain the parameter DBInstanceIdentifier.");
}

TEST(ValidateInput, UsesTheExceptionNamesOfJsonServices) {
  const std::string message =
      error_of(acm::service_model, "DescribeCertificate",
               acm::DescribeCertificateRequest{.CertificateArn = "nonsense-nonsense-nonsense"});
  EXPECT_TRUE(message.starts_with("ValidationException: 1 validation error detected: Value 'nonsense-"))
      << message;
}

TEST(ValidateInput, NeverRepeatsASensitiveValue) {
  acm::ImportCertificateRequest in{.Certificate = "c", .PrivateKey = std::string(10000, 'k')};
  const std::string message = error_of(acm::service_model, "ImportCertificate", in);
  EXPECT_NE(message.find("'***' at 'privateKey'"), std::string::npos) << message;
  EXPECT_EQ(message.find("kkk"), std::string::npos);
}

TEST(ValidateInput, CallsABrokenS3BodyMalformedXml) {
  s3::PutBucketVersioningRequest in{.Bucket = "b",
                                    .VersioningConfiguration = s3::VersioningConfiguration{.Status = "On"}};
  EXPECT_TRUE(error_of(s3::service_model, "PutBucketVersioning", in).starts_with("MalformedXML: "));
  in.VersioningConfiguration->Status = "Enabled";
  EXPECT_EQ(error_of(s3::service_model, "PutBucketVersioning", in), "");
  s3::PutObjectRequest put{.Bucket = "b", .Key = "k", .StorageClass = "NONSENSE"};
  EXPECT_EQ(error_of(s3::service_model, "PutObject", put), "") << "the handler answers InvalidStorageClass";
}

TEST(ValidateInput, PointsAtTheElementOfAList) {
  route53::ChangeResourceRecordSetsRequest in{.HostedZoneId = "Z1"};
  in.ChangeBatch.emplace().Changes = {route53::Change{
      .Action = "MAKE", .ResourceRecordSet = route53::ResourceRecordSet{.Name = "a.", .Type = "A"}}};
  const std::string message = error_of(route53::service_model, "ChangeResourceRecordSets", in);
  EXPECT_TRUE(
      message.starts_with("InvalidInput: 1 validation error detected: Value 'MAKE' at "
                          "'changeBatch.changes.1.member.action' failed to "
                          "satisfy constraint: Member must satisfy enum value set: ["))
      << message;
}

TEST(MatchesPattern, MatchesTheWholeText) {
  EXPECT_TRUE(matches_pattern("[a-z]+", "abc"));
  EXPECT_FALSE(matches_pattern("[a-z]+", "abc!"));
  EXPECT_TRUE(matches_pattern("^[a-z]+$", "abc"));
}

TEST(MatchesPattern, UnderstandsJavasEscapesAndLongRepetitions) {
  EXPECT_TRUE(matches_pattern("[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*",
                              "a \xc3\xbc \xf0\x9f\x98\x80"));
  EXPECT_FALSE(matches_pattern("[\\u0020-\\u00FF]+", "\xe2\x82\xac"));
  EXPECT_EQ(re2_pattern("a{1,2048}b{0,1024}c{5}d{2,5000}\\{9999}"), "a+b*c{5}d{2,}\\{9999}");
  EXPECT_TRUE(matches_pattern("[\\s\\S]{1,2048}", std::string(2000, 'x')));
}

// What RE2 cannot say is not checked. The list is here so that it does not grow unseen.
TEST(MatchesPattern, SkipsOnlyThePatternsOfTheModelsThatLookAround) {
  std::set<std::string> unsupported;
  const auto visit = [&](auto&& self, const Shape& shape, std::set<const Shape*>& seen) -> void {
    if (!seen.insert(&shape).second) return;
    if (!shape.pattern.empty() && !is_pattern_supported(shape.pattern))
      unsupported.insert(std::string(shape.pattern));
    if (shape.element) self(self, *shape.element, seen);
    if (shape.key) self(self, *shape.key, seen);
    for (const Member& m : shape.members) self(self, *m.shape, seen);
  };
  std::set<const Shape*> seen;
  for (const ServiceModel* service : services())
    for (const OperationModel& operation : service->operations) visit(visit, *operation.input, seen);
  EXPECT_GT(seen.size(), 500u);
  const std::set<std::string> known = {
      "(\\*\\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])",  // acm:
                                                                                                  // domain
                                                                                                  // names
  };
  EXPECT_EQ(unsupported, known);
}

}  // namespace
}  // namespace landfall::aws
