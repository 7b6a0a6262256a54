#include "services/cloudformation/template/template.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "aws/service_error.h"
#include "services/cloudformation/template/evaluate.h"

namespace landfall::cloudformation {
namespace json = boost::json;
namespace {

constexpr char kTemplate[] = R"(
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Env: {Type: String, Default: prod, AllowedValues: [prod, dev]}
  Names: {Type: CommaDelimitedList, Default: 'a, b'}
Mappings:
  Sizes: {prod: {count: 2}, dev: {count: 1}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsNot: !Not [!Condition IsProd]
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: !Select [1, !Cidr [!GetAtt Vpc.CidrBlock, 4, 8]]
      AvailabilityZone: !Select [0, !GetAZs '']
      Tags:
        - {Key: Name, Value: !Sub '${AWS::StackName}-${Env}-${!x}-${Vpc.CidrBlock}'}
        - !If [IsProd, {Key: p, Value: !Join ['-', !Ref Names]}, !Ref 'AWS::NoValue']
        - !If [IsNot, {Key: n, Value: '1'}, !Ref 'AWS::NoValue']
      Count: !FindInMap [Sizes, !Ref Env, count]
      Account: 012345678901
Outputs:
  Id: {Value: !GetAtt Subnet.Arn}
)";

Environment environment_of(const Template& body) {
  Environment environment;
  environment.body = &body;
  environment.parameters = resolve_parameters(body, {});
  environment.stack_name = "s";
  environment.availability_zones = {"us-east-1a", "us-east-1b"};
  environment.ref = [](const std::string& id) -> std::optional<std::string> {
    return id == "Vpc" ? std::optional<std::string>("vpc-1") : std::nullopt;
  };
  environment.get_att = [](const std::string&, const std::string& attribute) -> json::value {
    EXPECT_EQ(attribute, "CidrBlock");
    return json::string("10.0.0.0/16");
  };
  return environment;
}

std::string error_of(std::string_view text) {
  try {
    Template::parse(text);
  } catch (const ServiceError& error) {
    return error.message();
  }
  return "";
}

}  // namespace

TEST(Template, EvaluatesTheFunctionsInTheirShortForms) {
  const Template body = Template::parse(kTemplate);
  const json::value subnet = evaluate(environment_of(body), body.resources.at("Subnet").properties);
  EXPECT_EQ(subnet, json::parse(R"({"VpcId":"vpc-1","CidrBlock":"10.0.1.0/24","AvailabilityZone":"us-east-1a",
    "Tags":[{"Key":"Name","Value":"s-prod-${x}-10.0.0.0/16"},{"Key":"p","Value":"a-b"}],"Count":2,"Account":"012345678901"})"));
}

TEST(Template, OrdersResourcesAfterWhatTheyReferTo) {
  const Template body = Template::parse(kTemplate);
  EXPECT_EQ(creation_order(body, {"Subnet", "Vpc"}), (std::vector<std::string>{"Vpc", "Subnet"}));
}

TEST(Template, RefusesWhatIsNoTemplateAndSaysWhy) {
  EXPECT_EQ(error_of("Resources: {}"),
            "Template format error: At least one Resources member must be defined.");
  EXPECT_EQ(
      error_of("Resources: {A: {Type: T, Properties: {X: !Ref B}}}"),
      "Template format error: Unresolved resource dependencies [B] in the Resources block of the template");
  EXPECT_EQ(error_of("Resources: {A: {Type: T, DependsOn: B}, B: {Type: T, Properties: {X: !Ref A}}}"),
            "Circular dependency between resources: [A, B]");
  EXPECT_NE(error_of("Resources: [\n"), "");
  EXPECT_NE(error_of("{\"Resources\": "), "");
  EXPECT_NE(error_of("a: &x 1\nb: *x"), "");
  EXPECT_NE(error_of("Resources: {A: {Type: T}, A: {Type: T}}"), "");
  EXPECT_NE(error_of(std::string(1000, '[')), "");
  EXPECT_NE(error_of("Bogus: 1\nResources: {A: {Type: T}}"), "");
}

TEST(Template, ChecksParametersAgainstTheirDeclarations) {
  const Template body = Template::parse(kTemplate);
  EXPECT_THROW(resolve_parameters(body, {{"Env", "test"}}), ServiceError);
  EXPECT_THROW(resolve_parameters(body, {{"Nope", "x"}}), ServiceError);
  EXPECT_EQ(resolve_parameters(body, {{"Env", "dev"}}).at("Env"), "dev");
  const Template needs =
      Template::parse("Parameters: {P: {Type: Number, MinValue: 3}}\nResources: {A: {Type: T}}");
  EXPECT_THROW(resolve_parameters(needs, {}), ServiceError);
  EXPECT_THROW(resolve_parameters(needs, {{"P", "2"}}), ServiceError);
  EXPECT_THROW(resolve_parameters(needs, {{"P", "x"}}), ServiceError);
  EXPECT_NO_THROW(resolve_parameters(needs, {{"P", "3"}}));
}

TEST(Template, ConditionsThatUseEachOtherInACircleAreRefused) {
  const Template body =
      Template::parse("Conditions: {A: !Condition B, B: !Condition A}\nResources: {R: {Type: T}}");
  Environment environment;
  environment.body = &body;
  EXPECT_THROW(evaluate_condition(environment, "A"), ServiceError);
}

TEST(Template, TakesTheValuesOfParameterStoreForParametersOfThatType) {
  const Template body = Template::parse(R"(
Parameters:
  Image: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /image}
  Names: {Type: "AWS::SSM::Parameter::Value<List<String>>"}
Resources: {Vpc: {Type: AWS::EC2::VPC}}
)");
  const auto values = resolve_parameters(body, {{"Names", "/names"}}, {{"Image", "ami-1"}, {"Names", "a,b"}});
  EXPECT_EQ(values.at("Image"), json::value("ami-1"));
  EXPECT_EQ(values.at("Names"), json::value(json::array{"a", "b"}));
}

TEST(Template, RefusesTypesThatParametersCannotHave) {
  for (const char* type : {"Text", "List<Text>", "AWS::SSM::Parameter::Value<Text>", "List<List<String>>"})
    EXPECT_EQ(error_of("Parameters: {P: {Type: '" + std::string(type) +
                       "'}}\nResources: {V: {Type: AWS::EC2::VPC}}"),
              "Template format error: Unrecognized parameter type: " + std::string(type));
}

TEST(Template, MasksNoEchoParametersInWhatIsShownButNotInConditions) {
  const Template body = Template::parse(R"(
Parameters: {Password: {Type: String, NoEcho: true, Default: secret}}
Conditions: {IsSecret: !Equals [!Ref Password, secret]}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {A: !Sub "is ${Password}", B: !If [IsSecret, yes it is, no]}
)");
  Environment environment = environment_of(body);
  const json::value& properties = body.resources.at("Vpc").properties;
  EXPECT_EQ(json::serialize(evaluate(environment, properties)), R"({"A":"is secret","B":"yes it is"})");
  environment.mask_no_echo = true;
  EXPECT_EQ(json::serialize(evaluate(environment, properties)), R"({"A":"is ****","B":"yes it is"})");
}

TEST(Template, ResolvesReferencesInWhatIsEncoded) {
  const Template body =
      Template::parse("Resources: {V: {Type: AWS::EC2::VPC, Properties: {A: !Base64 'x'}}}");
  Environment environment = environment_of(body);
  environment.resolve = [](const json::value&) { return json::value("Man"); };
  EXPECT_EQ(json::serialize(evaluate(environment, body.resources.at("V").properties)), R"({"A":"TWFu"})");
}

}  // namespace landfall::cloudformation
