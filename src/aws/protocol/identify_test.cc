#include "aws/protocol/identify.h"

#include <gtest/gtest.h>

#include "services.h"

namespace landfall::aws {
namespace {

struct HeadSent {
  std::string method = "POST";
  std::string target = "/";
  std::string host = "127.0.0.1:4566";
  std::string scope;  // service in the credential scope
  std::vector<http::Header> headers;
  std::string body;
};

http::Request request_of(const HeadSent& sent) {
  http::Request request{.method = sent.method, .target = sent.target, .authority = sent.host};
  for (const http::Header& h : sent.headers) request.headers.add(h.name, h.value);
  if (!sent.scope.empty())
    request.headers.add("Authorization", "AWS4-HMAC-SHA256 Credential=AKIA/20261122/us-east-1/" + sent.scope +
                                             "/aws4_request, SignedHeaders=host, Signature=00");
  if (!sent.body.empty() && !request.headers.has("Content-Type"))
    request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  return request;
}

Identified identified(const HeadSent& sent) { return identify(services(), request_of(sent), sent.body); }

std::string named(const HeadSent& sent) {
  const Identified found = identified(sent);
  if (found.error) return std::to_string(found.error->http_status()) + " " + found.error->code();
  return std::string(found.service->name) + ":" + found.operation_name + " " +
         std::string(name_of(found.protocol));
}

TEST(Identify, TakesQueryCallsByActionAndScope) {
  EXPECT_EQ(named({.scope = "sts", .body = "Action=GetCallerIdentity&Version=2011-06-15"}),
            "sts:GetCallerIdentity query");
  EXPECT_EQ(named({.scope = "ec2", .body = "Version=2016-11-15&Action=DescribeVpcs"}),
            "ec2:DescribeVpcs ec2");
  EXPECT_EQ(named({.scope = "monitoring", .body = "Action=ListMetrics&Version=2010-08-01"}),
            "cloudwatch:ListMetrics query");
  EXPECT_EQ(
      named({.scope = "elasticloadbalancing", .body = "Action=DescribeLoadBalancers&Version=2015-12-01"}),
      "elbv2:DescribeLoadBalancers query");
}

TEST(Identify, TakesQueryCallsOfTheQueryStringAndWithoutSignature) {
  EXPECT_EQ(named({.method = "GET", .target = "/?Action=GetCallerIdentity&Version=2011-06-15"}),
            "sts:GetCallerIdentity query");
  EXPECT_EQ(named({.body = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"}),
            "sts:AssumeRoleWithWebIdentity query");
  EXPECT_EQ(named({.host = "rds.us-east-1.amazonaws.com", .body = "Action=DescribeDBInstances"}),
            "rds:DescribeDBInstances query");
}

TEST(Identify, SaysThatClassicLoadBalancersAreNotThere) {
  const Identified found = identified(
      {.scope = "elasticloadbalancing", .body = "Action=DescribeLoadBalancers&Version=2012-06-01"});
  ASSERT_TRUE(found.error);
  EXPECT_EQ(found.error->http_status(), 501);
}

TEST(Identify, TakesJsonCallsByTargetAndContentType) {
  EXPECT_EQ(named({.headers = {{"X-Amz-Target", "CertificateManager.ListCertificates"},
                               {"Content-Type", "application/x-amz-json-1.1"}},
                   .body = "{}"}),
            "acm:ListCertificates json 1.1");
  EXPECT_EQ(named({.headers = {{"X-Amz-Target", "GraniteServiceVersion20100801.ListMetrics"},
                               {"Content-Type", "application/x-amz-json-1.0"}},
                   .body = "{}"}),
            "cloudwatch:ListMetrics json 1.0");
}

TEST(Identify, TakesCborCallsByPath) {
  const std::vector<http::Header> headers = {{"smithy-protocol", "rpc-v2-cbor"}};
  EXPECT_EQ(
      named({.target = "/service/GraniteServiceVersion20100801/operation/PutMetricData", .headers = headers}),
      "cloudwatch:PutMetricData rpc-v2-cbor");
  EXPECT_EQ(named({.target = "/service/GraniteServiceVersion20100801/operation/Nothing", .headers = headers}),
            "404 UnknownOperationException");
  EXPECT_EQ(named({.target = "/service/CertificateManager/operation/ListCertificates", .headers = headers}),
            "404 UnknownOperationException");
  EXPECT_EQ(named({.target = "/", .headers = headers}), "404 UnknownOperationException");
}

TEST(Identify, TellsS3OperationsApartByWhatTheyRequire) {
  const auto s3 = [](std::string method, std::string target, std::vector<http::Header> headers = {}) {
    const Identified found = identified({.method = std::move(method),
                                         .target = std::move(target),
                                         .scope = "s3",
                                         .headers = std::move(headers)});
    return found.operation_name;
  };
  EXPECT_EQ(s3("GET", "/"), "ListBuckets");
  EXPECT_EQ(s3("GET", "/b"), "ListObjects");
  EXPECT_EQ(s3("GET", "/b?list-type=2&prefix=x"), "ListObjectsV2");
  EXPECT_EQ(s3("GET", "/b?location"), "GetBucketLocation");
  EXPECT_EQ(s3("GET", "/b/k"), "GetObject");
  EXPECT_EQ(s3("GET", "/b/k?uploadId=1"), "ListParts");
  EXPECT_EQ(s3("PUT", "/b/k"), "PutObject");
  EXPECT_EQ(s3("PUT", "/b/k?x-id=PutObject"), "PutObject");
  EXPECT_EQ(s3("PUT", "/b/k", {{"x-amz-copy-source", "/b/j"}}), "CopyObject");
  EXPECT_EQ(s3("PUT", "/b/k?partNumber=1&uploadId=2"), "UploadPart");
  EXPECT_EQ(s3("PUT", "/b/k?partNumber=1&uploadId=2", {{"x-amz-copy-source", "/b/j"}}), "UploadPartCopy");
  EXPECT_EQ(s3("POST", "/b/k?uploads"), "CreateMultipartUpload");
  EXPECT_EQ(s3("POST", "/b/k?uploadId=1"), "CompleteMultipartUpload");
  EXPECT_EQ(s3("DELETE", "/b/k?uploadId=1"), "AbortMultipartUpload");
  EXPECT_EQ(s3("DELETE", "/b/k?versionId=1"), "DeleteObject");
  EXPECT_EQ(s3("POST", "/b?delete"), "DeleteObjects");
  EXPECT_EQ(s3("PUT", "/b?policy"), "PutBucketPolicy");
  EXPECT_EQ(s3("GET", "/b?lifecycle"), "GetBucketLifecycleConfiguration");
}

TEST(Identify, PutsTheBucketOfTheHostNameIntoThePath) {
  const Identified found = identified({.method = "GET",
                                       .target = "/a%20b?acl",
                                       .host = "my.bucket.s3.us-east-1.amazonaws.com:443",
                                       .scope = "s3"});
  EXPECT_EQ(found.path, "/my.bucket/a%20b");
  EXPECT_EQ(found.bucket_in_host, "my.bucket");
  EXPECT_EQ(found.operation_name, "GetObjectAcl");
  ASSERT_TRUE(found.error) << "not in the list of models";
  EXPECT_EQ(found.error->http_status(), 501);
  EXPECT_NE(found.error->message().find("GetObjectAcl"), std::string::npos);
}

TEST(Identify, TakesRoute53AndCloudFrontByScopeHostOrVersion) {
  EXPECT_EQ(named({.method = "POST", .target = "/2013-04-01/hostedzone/Z1/rrset/", .scope = "route53"}),
            "route53:ChangeResourceRecordSets rest-xml");
  EXPECT_EQ(named({.method = "GET", .target = "/2013-04-01/hostedzone", .host = "route53.amazonaws.com"}),
            "route53:ListHostedZones rest-xml");
  EXPECT_EQ(named({.method = "POST", .target = "/2020-05-31/distribution?WithTags"}),
            "cloudfront:CreateDistributionWithTags rest-xml");
  EXPECT_EQ(named({.method = "POST",
                   .target = "/2020-05-31/tagging?Operation=Untag&Resource=x",
                   .scope = "cloudfront"}),
            "cloudfront:UntagResource rest-xml");
}

TEST(Identify, NamesWhatIsMissingAndRefusesWhatDoesNotExist) {
  EXPECT_EQ(named({.scope = "ec2", .body = "Action=CreateVpnGateway&Version=2016-11-15"}),
            "501 NotImplemented");
  EXPECT_EQ(named({.scope = "ec2", .body = "Action=Nonsense&Version=2016-11-15"}), "400 InvalidAction");
  EXPECT_EQ(named({.scope = "sts", .body = "Version=2011-06-15"}), "400 MissingAction");
  EXPECT_EQ(named({.scope = "dynamodb", .body = "Action=X"}), "501 NotImplemented");
  EXPECT_EQ(named({.headers = {{"X-Amz-Target", "DynamoDB_20120810.ListTables"}}, .body = "{}"}),
            "501 NotImplemented");
  EXPECT_EQ(named({.headers = {{"X-Amz-Target", "CertificateManager.Nonsense"}}, .body = "{}"}),
            "400 UnknownOperationException");
  EXPECT_EQ(named({.method = "PATCH", .target = "/b", .scope = "s3"}), "405 MethodNotAllowed");
  EXPECT_EQ(named({.method = "GET", .target = "/b?a=%zz", .scope = "s3"}), "400 InvalidURI");
}

TEST(IsS3Request, DecidesFromTheHeadAlone) {
  const auto s3 = [](const HeadSent& sent) { return is_s3_request(request_of(sent)); };
  EXPECT_TRUE(s3({.method = "GET", .target = "/bucket/key"}));
  EXPECT_TRUE(s3(
      {.method = "GET", .target = "/b/k?X-Amz-Credential=AKIA%2F20261122%2Fus-east-1%2Fs3%2Faws4_request"}));
  EXPECT_TRUE(s3({.method = "GET", .target = "/", .host = "b.s3.amazonaws.com"}));
  EXPECT_FALSE(s3({.scope = "ec2"}));
  EXPECT_FALSE(s3({.body = "Action=GetCallerIdentity"}));
  EXPECT_FALSE(s3({.method = "GET", .target = "/?Action=GetCallerIdentity"}));
  EXPECT_FALSE(s3({.method = "GET", .target = "/2013-04-01/hostedzone"}));
  EXPECT_FALSE(s3({.method = "GET", .target = "/", .host = "iam.amazonaws.com"}));
}

TEST(ParseEndpointName, KnowsEveryFormOfS3sNames) {
  const auto both = [](std::string_view name) {
    const EndpointName e = parse_endpoint_name(name);
    return e.service + "|" + e.bucket;
  };
  EXPECT_EQ(both("s3.amazonaws.com"), "s3|");
  EXPECT_EQ(both("B.S3.us-east-1.amazonaws.com"), "s3|b");
  EXPECT_EQ(both("b.s3-us-west-2.amazonaws.com"), "s3|b");
  EXPECT_EQ(both("a.s3.b.s3.dualstack.eu-west-1.amazonaws.com:443"), "s3|a.s3.b");
  EXPECT_EQ(both("b.s3.localhost:4566"), "s3|b");
  EXPECT_EQ(both("ec2.us-east-1.amazonaws.com."), "ec2|");
  EXPECT_EQ(both("example.com"), "|");
  EXPECT_EQ(both("127.0.0.1:4566"), "|");
  EXPECT_EQ(both(""), "|");
}

}  // namespace
}  // namespace landfall::aws
