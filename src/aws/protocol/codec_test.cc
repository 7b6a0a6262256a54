// Wire forms as AWS's documentation shows them. The broad proof is tests/protocol (botocore on the other
// side).
#include "aws/protocol/codec.h"

#include <gtest/gtest.h>

#include "acm/operations.h"
#include "aws/protocol/identify.h"
#include "cloudfront/operations.h"
#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "codec/cbor.h"
#include "codec/fields.h"
#include "ec2/operations.h"
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "iam/operations.h"
#include "route53/operations.h"
#include "s3/operations.h"
#include "services.h"
#include "sts/operations.h"

namespace landfall::aws {
namespace {

struct Sent {
  std::string method = "POST";
  std::string target = "/";
  std::string body;
  std::vector<http::Header> headers;
};

template <class S>
S decoded(const ServiceModel& service, std::string_view operation, Protocol protocol, const Sent& sent) {
  http::Request request{.method = sent.method, .target = sent.target};
  for (const auto& h : sent.headers) request.headers.add(h.name, h.value);
  S in;
  decode_request(protocol, *service.operation(operation), {&request, sent.body, std::string(request.path())},
                 &in);
  return in;
}

template <class F>
std::string code_of(F&& f) {
  try {
    f();
  } catch (const ServiceError& error) {
    return error.code();
  }
  return "no error";
}

// ---- query

// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html, example
TEST(Query, DecodesListsStructsAndEmptyLists) {
  const auto in =
      decoded<elbv2::CreateLoadBalancerInput>(elbv2::service_model, "CreateLoadBalancer", Protocol::query,
                                              {.body = "Action=CreateLoadBalancer&Name=my-load-balancer&"
                                                       "Subnets.member.2=subnet-b&Subnets.member.1=subnet-a"
                                                       "&SecurityGroups=&Tags.member.10.Key=k&Tags.member.10."
                                                       "Value=a%26b+c&Scheme=internal&Version=2015-12-01"});
  EXPECT_EQ(in.Name, "my-load-balancer");
  EXPECT_EQ(in.Subnets, (std::vector<std::string>{"subnet-a", "subnet-b"}));
  EXPECT_TRUE(in.SecurityGroups.empty());
  ASSERT_EQ(in.Tags.size(), 1u);
  EXPECT_EQ(in.Tags[0].Value, "a&b c");
}

TEST(Query, RefusesHostileParameters) {
  const auto code = [](std::string body) {
    return code_of([&] {
      decoded<elbv2::CreateLoadBalancerInput>(elbv2::service_model, "CreateLoadBalancer", Protocol::query,
                                              {.body = std::move(body)});
    });
  };
  std::string dots = "Tags";
  for (int i = 0; i < 200; ++i) dots += ".1";
  EXPECT_EQ(code(dots + "=x"), "MalformedInput");
  std::string many;
  for (int i = 0; i < 19'000; ++i) many += "Subnets.member." + std::to_string(i) + "=x&";
  EXPECT_EQ(code(many), "MalformedInput");
  EXPECT_EQ(code("Name=%zz"), "MalformedQueryString");
  EXPECT_EQ(code("Subnets.member.4294967296000=x"), "no error") << "numbers only order the elements";
}

TEST(Query, WritesTheResultInItsWrapperWithEmptyLists) {
  const elbv2::DescribeLoadBalancersOutput none;
  EXPECT_EQ(
      encode_response(Protocol::query, *elbv2::service_model.operation("DescribeLoadBalancers"), &none,
                      "id-1")
          .body,
      "<DescribeLoadBalancersResponse xmlns=\"http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/\">"
      "<DescribeLoadBalancersResult><LoadBalancers></LoadBalancers></DescribeLoadBalancersResult>"
      "<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></DescribeLoadBalancersResponse>");
}

// Terraform's provider takes an alarm with Metrics, even empty, for one of metric math.
TEST(Query, LeavesOutAnEmptyListThatStandsForItsStructsOtherMembers) {
  cloudwatch::DescribeAlarmsOutput out;
  out.MetricAlarms = {{.AlarmName = "a", .MetricName = "Load"}};
  const auto body = [&] {
    return encode_response(Protocol::query, *cloudwatch::service_model.operation("DescribeAlarms"), &out, "i")
        .body;
  };
  EXPECT_EQ(body().find("<Metrics"), std::string::npos) << body();
  EXPECT_NE(body().find("<Dimensions></Dimensions>"), std::string::npos)
      << "other lists are there: " << body();
  out.MetricAlarms[0].Metrics = {{.Id = "m"}};
  EXPECT_NE(body().find("<Metrics><member><Id>m</Id>"), std::string::npos) << body();
  // At the top it is the answer itself.
  const cloudwatch::ListMetricsOutput none;
  EXPECT_NE(encode_response(Protocol::query, *cloudwatch::service_model.operation("ListMetrics"), &none, "i")
                .body.find("<Metrics></Metrics>"),
            std::string::npos);
}

TEST(Query, WritesAnErrorWithItsFault) {
  const elbv2::LoadBalancerNotFoundException error("One or more <load balancers> not found");
  const WireResponse response = encode_error(Protocol::query, &elbv2::service_model, nullptr, error, "id-1");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body,
            "<ErrorResponse "
            "xmlns=\"http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/\"><Error><Type>Sender</Type>"
            "<Code>LoadBalancerNotFound</Code><Message>One or more &lt;load balancers&gt; not "
            "found</Message></Error>"
            "<RequestId>id-1</RequestId></ErrorResponse>");
  EXPECT_EQ(response.headers.get("x-amzn-requestid"), "id-1");
}

// ---- ec2

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html, examples
TEST(Ec2, DecodesFlatListsByTheirQueryNames) {
  const auto in = decoded<ec2::AuthorizeSecurityGroupIngressRequest>(
      ec2::service_model, "AuthorizeSecurityGroupIngress", Protocol::ec2,
      {.body = "Action=AuthorizeSecurityGroupIngress&GroupId=sg-1&IpPermissions.1.IpProtocol=tcp&"
               "IpPermissions.1.FromPort=80"
               "&IpPermissions.1.ToPort=80&IpPermissions.1.IpRanges.1.CidrIp=192.0.2.0%2F24&IpPermissions.1."
               "Groups.1.GroupId=sg-2"});
  ASSERT_EQ(in.IpPermissions.size(), 1u);
  EXPECT_EQ(in.IpPermissions[0].FromPort, 80);
  EXPECT_EQ(in.IpPermissions[0].IpRanges.at(0).CidrIp, "192.0.2.0/24");
  EXPECT_EQ(in.IpPermissions[0].UserIdGroupPairs.at(0).GroupId, "sg-2");
}

TEST(Ec2, SaysWhichParameterIsNoNumber) {
  EXPECT_EQ(code_of([] {
              decoded<ec2::DescribeVpcsRequest>(ec2::service_model, "DescribeVpcs", Protocol::ec2,
                                                {.body = "MaxResults=many"});
            }),
            "InvalidParameterValue");
  EXPECT_EQ(code_of([] {
              decoded<ec2::DescribeVpcsRequest>(ec2::service_model, "DescribeVpcs", Protocol::ec2,
                                                {.body = "MaxResults=99999999999"});
            }),
            "InvalidParameterValue");
}

TEST(Ec2, WritesItemsAndTrueForAnOperationWithoutOutput) {
  ec2::DescribeVpcsResult out;
  out.Vpcs = {ec2::Vpc{.IsDefault = false, .VpcId = "vpc-1"}};
  const std::string body =
      encode_response(Protocol::ec2, *ec2::service_model.operation("DescribeVpcs"), &out, "id-1").body;
  EXPECT_NE(body.find("<requestId>id-1</requestId>"), std::string::npos) << body;
  EXPECT_NE(body.find("<vpcSet><item>"), std::string::npos) << body;
  EXPECT_NE(body.find("<isDefault>false</isDefault>"), std::string::npos) << body;
  EXPECT_NE(body.find("<tagSet></tagSet>"), std::string::npos) << body;
  const Empty nothing;
  EXPECT_NE(encode_response(Protocol::ec2, *ec2::service_model.operation("DeleteVpc"), &nothing, "id")
                .body.find("<return>true</return>"),
            std::string::npos);
}

TEST(Ec2, WritesErrorsInItsOwnEnvelope) {
  const ServiceError error("InvalidVpcID.NotFound", 400, "The vpc ID 'vpc-1' does not exist");
  EXPECT_EQ(encode_error(Protocol::ec2, &ec2::service_model, nullptr, error, "id-1").body,
            "<?xml version=\"1.0\" "
            "encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code>"
            "<Message>The vpc ID 'vpc-1' does not "
            "exist</Message></Error></Errors><RequestID>id-1</RequestID></Response>");
}

// ---- rest-xml

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
TEST(RestXml, DecodesAPayloadAndTakesAnEmptyBodyForNone) {
  const auto in = decoded<s3::CreateBucketRequest>(
      s3::service_model, "CreateBucket", Protocol::rest_xml,
      {.method = "PUT",
       .target = "/b",
       .body = "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
               "<LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>",
       .headers = {{"X-Amz-Acl", "private"}}});
  EXPECT_EQ(in.Bucket, "b");
  EXPECT_EQ(in.ACL, "private");
  ASSERT_TRUE(in.CreateBucketConfiguration);
  EXPECT_EQ(in.CreateBucketConfiguration->LocationConstraint, "eu-west-1");
  const auto bare = decoded<s3::CreateBucketRequest>(s3::service_model, "CreateBucket", Protocol::rest_xml,
                                                     {.method = "PUT", .target = "/b"});
  EXPECT_FALSE(bare.CreateBucketConfiguration);
}

TEST(RestXml, DecodesUserMetadataInLowerCaseAndHeadersOfAllTypes) {
  const auto in = decoded<s3::PutObjectRequest>(
      s3::service_model, "PutObject", Protocol::rest_xml,
      {.method = "PUT",
       .target = "/b/a%20b/c",
       .body = "bytes",
       .headers = {{"X-Amz-Meta-Color", " red "},
                   {"x-amz-meta-color", "blue"},
                   {"Content-Type", "text/plain"},
                   {"x-amz-object-lock-retain-until-date", "2026-11-22T10:00:00Z"}}});
  EXPECT_EQ(in.Key, "a b/c");
  EXPECT_EQ(in.Body, "bytes");
  EXPECT_EQ(in.Metadata, (std::map<std::string, std::string>{{"color", "red,blue"}}));
  ASSERT_TRUE(in.ObjectLockRetainUntilDate);
  EXPECT_EQ(format_iso8601(*in.ObjectLockRetainUntilDate), "2026-11-22T10:00:00Z");
}

TEST(RestXml, AnswersHostileBodiesWithTheServicesOwnError) {
  const auto code = [](std::string body) {
    return code_of([&] {
      decoded<s3::DeleteObjectsRequest>(s3::service_model, "DeleteObjects", Protocol::rest_xml,
                                        {.target = "/b?delete", .body = std::move(body)});
    });
  };
  EXPECT_EQ(code("<Delete><Object>"), "MalformedXML");
  EXPECT_EQ(code("<!DOCTYPE x><Delete/>"), "MalformedXML");
  EXPECT_EQ(code("<Delete><Quiet>perhaps</Quiet></Delete>"), "MalformedXML");
  std::string many = "<Delete>";
  for (int i = 0; i < 20'000; ++i) many += "<Object/>";
  EXPECT_EQ(code(many + "</Delete>"), "MalformedXML");
}

TEST(RestXml, WritesRootNamespaceHeadersAndStatus) {
  cloudfront::CreateInvalidationResult out{.Location = "https://cloudfront.amazonaws.com/x"};
  out.Invalidation.emplace().Id = "I1";
  const WireResponse response = encode_response(
      Protocol::rest_xml, *cloudfront::service_model.operation("CreateInvalidation"), &out, "id-1");
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.headers.get("Location"), "https://cloudfront.amazonaws.com/x");
  EXPECT_EQ(response.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Invalidation "
            "xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">"
            "<Id>I1</Id></Invalidation>");
}

TEST(RestXml, WritesGetBucketLocationAsTheBareValue) {
  const s3::GetBucketLocationOutput none;
  EXPECT_TRUE(
      encode_response(Protocol::rest_xml, *s3::service_model.operation("GetBucketLocation"), &none, "id")
          .body.ends_with(
              "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"></LocationConstraint>"));
}

TEST(RestXml, WritesTheTypeOfAGranteeAsAnAttribute) {
  s3::GetBucketAclOutput out;
  out.Grants.emplace_back().Grantee.emplace() = {.ID = "1", .Type = "CanonicalUser"};
  const std::string body =
      encode_response(Protocol::rest_xml, *s3::service_model.operation("GetBucketAcl"), &out, "id").body;
  EXPECT_NE(
      body.find("<AccessControlList><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                "xsi:type=\"CanonicalUser\"><ID>1</ID></Grantee>"),
      std::string::npos)
      << body;
}

TEST(RestXml, WritesErrorsBareInS3AndWrappedElsewhere) {
  ServiceError missing("NoSuchBucket", 404, "The specified bucket does not exist");
  missing.details["BucketName"] = "b";
  const WireResponse response =
      encode_error(Protocol::rest_xml, &s3::service_model, nullptr, missing, "id-1");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.headers.get("x-amz-request-id"), "id-1");
  EXPECT_EQ(
      response.body,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchBucket</Code><Message>The specified "
      "bucket does not "
      "exist</Message><BucketName>b</BucketName><RequestId>id-1</RequestId><HostId>id-1</HostId></Error>");
  const ServiceError zone("NoSuchHostedZone", 404, "No hosted zone found with ID: Z1");
  EXPECT_NE(encode_error(Protocol::rest_xml, &route53::service_model, nullptr, zone, "id-1")
                .body.find("<ErrorResponse "
                           "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Error><Type>Sender</"
                           "Type><Code>NoSuchHostedZone</Code>"),
            std::string::npos);
  // In the documentation a document of its own with <Messages>; on the wire the same as any other, with the
  // messages in brackets, which is what SDKs read.
  const ServiceError batch("InvalidChangeBatch", 400, "[one, two]");
  EXPECT_NE(encode_error(Protocol::rest_xml, &route53::service_model, nullptr, batch, "id-1")
                .body.find("<Code>InvalidChangeBatch</Code><Message>[one, two]</Message>"),
            std::string::npos);
}

// ---- json

TEST(Json, DecodesTimesAndSkipsNullsAndUnknownMembers) {
  const auto in = decoded<cloudwatch::GetMetricStatisticsInput>(
      cloudwatch::service_model, "GetMetricStatistics", Protocol::json_1_0,
      {.body =
           R"({"Namespace":"N","StartTime":1700000000.25,"EndTime":"2026-11-22T10:00:00Z","Period":60,"Unit":null,"Later":{"x":[1]}})"});
  EXPECT_EQ(in.StartTime->unix_ms, 1'700'000'000'250);
  EXPECT_EQ(format_iso8601(*in.EndTime), "2026-11-22T10:00:00Z");
  EXPECT_FALSE(in.Unit);
}

TEST(Json, RefusesWrongTypesAndWhatIsNotJson) {
  const auto code = [](std::string body) {
    return code_of([&] {
      decoded<acm::RequestCertificateRequest>(acm::service_model, "RequestCertificate", Protocol::json_1_1,
                                              {.body = std::move(body)});
    });
  };
  EXPECT_EQ(code("{"), "SerializationException");
  EXPECT_EQ(code("[]"), "SerializationException");
  EXPECT_EQ(code(R"({"DomainName":1})"), "SerializationException");
  EXPECT_EQ(code(R"({"Tags":{}})"), "SerializationException");
  EXPECT_EQ(code(std::string(100'000, '[')), "SerializationException");
  EXPECT_EQ(code(""), "no error");
}

TEST(Json, WritesEpochSecondsAndEmptyLists) {
  acm::DescribeCertificateResponse out;
  out.Certificate.emplace().CreatedAt = Timestamp{1'700'000'000'500};
  const std::string body =
      encode_response(Protocol::json_1_1, *acm::service_model.operation("DescribeCertificate"), &out, "id")
          .body;
  EXPECT_NE(body.find("\"CreatedAt\":1700000000.5"), std::string::npos) << body;
  EXPECT_NE(body.find("\"InUseBy\":[]"), std::string::npos) << body;
}

TEST(Json, NamesAnErrorByItsShape) {
  const WireResponse response = encode_error(
      Protocol::json_1_0, &cloudwatch::service_model, cloudwatch::service_model.operation("PutMetricData"),
      cloudwatch::InvalidParameterValueException("bad \"value\""), "id-1");
  EXPECT_EQ(response.body, R"({"__type":"InvalidParameterValueException","message":"bad \"value\""})");
  EXPECT_EQ(response.headers.get("x-amzn-query-error"), "InvalidParameterValue;Sender");
}

// ---- rpc-v2-cbor

TEST(Cbor, DecodesNumbersOfEitherKindAndTaggedTimes) {
  std::string body;
  codec::CborWriter writer(body);
  writer.map(2);
  writer.text("Namespace");
  writer.text("N");
  writer.text("MetricData");
  writer.array(1);
  writer.map(3);
  writer.text("MetricName");
  writer.text("M");
  writer.text("Value");
  writer.integer(3);
  writer.text("Timestamp");
  writer.epoch_time(1'700'000'000'123);
  const auto in = decoded<cloudwatch::PutMetricDataInput>(cloudwatch::service_model, "PutMetricData",
                                                          Protocol::rpc_v2_cbor, {.body = body});
  ASSERT_EQ(in.MetricData.size(), 1u);
  EXPECT_EQ(in.MetricData[0].Value, 3.0);
  EXPECT_EQ(in.MetricData[0].Timestamp->unix_ms, 1'700'000'000'123);
}

TEST(Cbor, AnswersGarbageWithASerializationException) {
  for (const char* body : {"\xff", "\x80", "\xa1\x69Namespace\x01"})
    EXPECT_EQ(code_of([&] {
                decoded<cloudwatch::PutMetricDataInput>(cloudwatch::service_model, "PutMetricData",
                                                        Protocol::rpc_v2_cbor, {.body = body});
              }),
              "SerializationException");
}

TEST(Cbor, MarksResponsesAndErrors) {
  cloudwatch::ListMetricsOutput out;
  const WireResponse response =
      encode_response(Protocol::rpc_v2_cbor, *cloudwatch::service_model.operation("ListMetrics"), &out, "id");
  EXPECT_EQ(response.headers.get("smithy-protocol"), "rpc-v2-cbor");
  const WireResponse error = encode_error(Protocol::rpc_v2_cbor, &cloudwatch::service_model,
                                          cloudwatch::service_model.operation("DeleteAlarms"),
                                          cloudwatch::ResourceNotFound("none"), "id");
  EXPECT_EQ(error.status, 404);
  EXPECT_EQ(error.headers.get("x-amzn-query-error"), "ResourceNotFound;Sender");
  EXPECT_EQ(codec::parse_cbor(error.body)->member("message")->string, "none");
}

// ---- the store's form

struct Record {
  ec2::Vpc vpc;
  std::vector<acm::Tag> tags;
  template <class V>
  void fields(V& v) {
    v("vpc", vpc);
    v("tags", tags);
  }
};

TEST(StoredJson, KeepsGeneratedShapesInsideRecords) {
  Record record;
  record.vpc.VpcId = "vpc-1";
  record.vpc.IsDefault = true;
  record.vpc.Tags = {ec2::Tag{.Key = "k", .Value = "v"}};
  record.tags = {acm::Tag{.Key = "a"}};
  const std::string text = to_json(record);
  EXPECT_EQ(
      text,
      R"({"vpc":{"IsDefault":true,"Tags":[{"Key":"k","Value":"v"}],"VpcId":"vpc-1"},"tags":[{"Key":"a"}]})");
  const auto back = from_json<Record>(text);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->vpc.Tags.at(0).Value, "v");
  EXPECT_EQ(to_json(*back), text);
  EXPECT_FALSE(from_json<Record>(R"({"vpc":{"VpcId":5}})"));
}

}  // namespace
}  // namespace landfall::aws
