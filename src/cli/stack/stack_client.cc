#include "cli/stack/stack_client.h"

#include <openssl/evp.h>

#include <pugixml.hpp>

#include "base/clock.h"
#include "base/encoding.h"

namespace landfall::cli {

namespace {

constexpr const char* kCloudFormation = "2010-05-15";
constexpr const char* kBeanstalk = "2010-12-01";
constexpr const char* kCloudFront = "2020-05-31";

Result<pugi::xml_document> parse(const std::string& body) {
  pugi::xml_document document;
  if (!document.load_string(body.c_str())) return fail("the API's answer is no XML");
  return document;
}

// The first element of that name, anywhere.
pugi::xml_node find(const pugi::xml_document& document, const char* name) {
  return document.find_node(
      [&](const pugi::xml_node& node) { return std::string_view(node.name()) == name; });
}

std::string md5_hex(const std::string& content) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_Digest(content.data(), content.size(), digest, &length, EVP_md5(), nullptr);
  return to_hex({reinterpret_cast<char*>(digest), length});
}

ApiRequest s3_request(const ApiClient& api, const std::string& method, const std::string& bucket,
                      const std::string& key) {
  return {.service = "s3",
          .host = api.endpoint_host("s3"),
          .method = method,
          .target = "/" + bucket + (key.empty() ? "" : "/" + percent_encode(key, "/"))};
}

}  // namespace

Result<std::optional<StackState>> describe_stack(const ApiClient& api, const std::string& name) {
  const auto body = api.query("cloudformation", kCloudFormation, "DescribeStacks", {{"StackName", name}});
  if (!body && body.error().message.find("does not exist") != std::string::npos)
    return std::optional<StackState>{};
  if (!body) return std::unexpected(body.error());
  LF_TRY(const pugi::xml_document document, parse(*body));
  const pugi::xml_node stack = find(document, "Stacks").child("member");
  StackState state{stack.child_value("StackId"),
                   stack.child_value("StackStatus"),
                   stack.child_value("StackStatusReason"),
                   {}};
  for (const pugi::xml_node& output : stack.child("Outputs").children("member"))
    state.outputs[output.child_value("OutputKey")] = output.child_value("OutputValue");
  return state;
}

Result<std::vector<StackEvent>> stack_events(const ApiClient& api, const std::string& name) {
  LF_TRY(const std::string body,
         api.query("cloudformation", kCloudFormation, "DescribeStackEvents", {{"StackName", name}}));
  LF_TRY(const pugi::xml_document document, parse(body));
  std::vector<StackEvent> events;
  for (const pugi::xml_node& event : find(document, "StackEvents").children("member"))
    events.push_back({event.child_value("EventId"), event.child_value("LogicalResourceId"),
                      event.child_value("ResourceType"), event.child_value("ResourceStatus"),
                      event.child_value("ResourceStatusReason")});
  return events;
}

Result<ChangeStart> start_change(const ApiClient& api, StackChange change, const std::string& name,
                                 const std::string& template_body,
                                 const std::map<std::string, std::string>& parameters) {
  ApiClient::Parameters query = {{"StackName", name},
                                 {"TemplateBody", template_body},
                                 {"Capabilities.member.1", "CAPABILITY_IAM"},
                                 {"Capabilities.member.2", "CAPABILITY_NAMED_IAM"}};
  int index = 0;
  for (const auto& [key, value] : parameters) {
    const std::string prefix = "Parameters.member." + std::to_string(++index);
    query.emplace_back(prefix + ".ParameterKey", key);
    query.emplace_back(prefix + ".ParameterValue", value);
  }
  const auto body = api.query("cloudformation", kCloudFormation,
                              change == StackChange::create ? "CreateStack" : "UpdateStack", query);
  if (body) return ChangeStart::started;
  if (body.error().message.find("No updates are to be performed") != std::string::npos)
    return ChangeStart::nothing_to_do;
  return std::unexpected(body.error());
}

Result<> delete_stack(const ApiClient& api, const std::string& name) {
  LF_CHECK(api.query("cloudformation", kCloudFormation, "DeleteStack", {{"StackName", name}}));
  return {};
}

Result<> ensure_bucket(const ApiClient& api, const std::string& bucket) {
  LF_TRY(const ApiAnswer head, api.send(s3_request(api, "HEAD", bucket, "")));
  if (head.ok()) return {};
  ApiRequest request = s3_request(api, "PUT", bucket, "");
  // us-east-1 is S3's default and may not be named:
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
  if (api.region() != "us-east-1")
    request.body =
        "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>" +
        api.region() + "</LocationConstraint></CreateBucketConfiguration>";
  LF_TRY(const ApiAnswer answer, api.send(request));
  return answer.ok() ? Result<>{} : fail("create bucket " + bucket + ": " + describe_error(answer));
}

Result<Upload> upload(const ApiClient& api, const std::string& bucket, const std::string& key,
                      const std::string& content, const std::string& content_type) {
  LF_TRY(const ApiAnswer head, api.send(s3_request(api, "HEAD", bucket, key)));
  if (head.ok() && head.headers.get("etag") == "\"" + md5_hex(content) + "\"") return Upload::unchanged;
  ApiRequest request = s3_request(api, "PUT", bucket, key);
  request.content_type = content_type;
  request.body = content;
  LF_TRY(const ApiAnswer answer, api.send(request));
  if (!answer.ok()) return fail("upload s3://" + bucket + "/" + key + ": " + describe_error(answer));
  return Upload::done;
}

Result<> invalidate_all(const ApiClient& api, const std::string& distribution_id) {
  const std::string reference = "landfall-apply-" + std::to_string(Clock::system().now().unix_ms);
  LF_TRY(
      const ApiAnswer answer,
      api.send(
          {.service = "cloudfront",
           .host = "cloudfront.amazonaws.com",
           .method = "POST",
           .target = std::string("/") + kCloudFront + "/distribution/" + distribution_id + "/invalidation",
           .content_type = "application/xml",
           .body = "<InvalidationBatch "
                   "xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths><Quantity>1</Quantity>"
                   "<Items><Path>/*</Path></Items></Paths><CallerReference>" +
                   reference + "</CallerReference></InvalidationBatch>"}));
  return answer.ok() ? Result<>{} : fail("invalidate " + distribution_id + ": " + describe_error(answer));
}

Result<std::vector<EnvironmentState>> describe_environments(const ApiClient& api) {
  LF_TRY(const std::string body,
         api.query("elasticbeanstalk", kBeanstalk, "DescribeEnvironments", {{"IncludeDeleted", "false"}}));
  LF_TRY(const pugi::xml_document document, parse(body));
  std::vector<EnvironmentState> environments;
  for (const pugi::xml_node& member : find(document, "Environments").children("member"))
    environments.push_back({member.child_value("EnvironmentName"), member.child_value("Status"),
                            member.child_value("Health"), member.child_value("CNAME")});
  return environments;
}

}  // namespace landfall::cli
