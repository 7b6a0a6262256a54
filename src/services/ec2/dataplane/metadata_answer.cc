#include "services/ec2/dataplane/metadata_answer.h"

#include <charconv>

#include "codec/fields.h"
#include "codec/uri.h"
#include "services/ec2/dataplane/metadata_token.h"
#include "services/ec2/dataplane/metadata_tree.h"

namespace landfall::ec2 {

namespace {

constexpr char kTokenHeader[] = "x-aws-ec2-metadata-token";
constexpr char kTtlHeader[] = "x-aws-ec2-metadata-token-ttl-seconds";

MetadataAnswer reply(int status, std::string body, std::string content_type = "text/plain") {
  MetadataAnswer out;
  out.head.status = status;
  out.head.headers.add("Content-Type", std::move(content_type));
  out.head.headers.add("Server", "EC2ws");
  out.body = std::move(body);
  return out;
}

// Errors look like those of a web server; clients look at the status only.
MetadataAnswer refuse(int status) {
  const std::string title = std::to_string(status) + " - " + std::string(http::reason_phrase(status));
  return reply(
      status,
      "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n"
      "<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\">\n <head>\n  <title>" +
          title + "</title>\n </head>\n <body>\n  <h1>" + title + "</h1>\n </body>\n</html>\n",
      "text/html");
}

// PUT /latest/api/token. A request that came through a proxy is refused, so that an open one inside an
// instance does not give its credentials away.
MetadataAnswer issue_token(const http::Request& request, const InstanceMetadata& instance,
                           const MetadataContext& context) {
  if (request.headers.has("X-Forwarded-For")) return refuse(403);
  const auto ttl_text = request.headers.get(kTtlHeader);
  if (!ttl_text) return refuse(400);
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(ttl_text->data(), ttl_text->data() + ttl_text->size(), seconds);
  if (error != std::errc{} || end != ttl_text->data() + ttl_text->size() || seconds < kMinTokenSeconds ||
      seconds > kMaxTokenSeconds)
    return refuse(400);
  MetadataAnswer out = reply(
      200, make_metadata_token(context.token_key, instance.instance_id, context.now.plus_seconds(seconds)));
  out.head.headers.add(kTtlHeader, std::string(*ttl_text));
  return out;
}

enum class Permission { granted, denied };

Permission check_token(const http::Request& request, const InstanceMetadata& instance,
                       const MetadataContext& context) {
  const auto token = request.headers.get(kTokenHeader);
  if (!token) return instance.token_required ? Permission::denied : Permission::granted;
  const bool valid =
      check_metadata_token(context.token_key, *token, instance.instance_id, context.now) == TokenCheck::valid;
  return valid ? Permission::granted : Permission::denied;
}

struct IamInfo {
  std::string Code = "Success", LastUpdated, InstanceProfileArn, InstanceProfileId;
  template <class V>
  void fields(V& v) {
    v("Code", Code);
    v("LastUpdated", LastUpdated);
    v("InstanceProfileArn", InstanceProfileArn);
    v("InstanceProfileId", InstanceProfileId);
  }
};
struct Credentials {
  std::string Code = "Success", LastUpdated, Type = "AWS-HMAC", AccessKeyId;
  Secret SecretAccessKey, Token;
  std::string Expiration;
  template <class V>
  void fields(V& v) {
    v("Code", Code);
    v("LastUpdated", LastUpdated);
    v("Type", Type);
    v("AccessKeyId", AccessKeyId);
    v("SecretAccessKey", SecretAccessKey);
    v("Token", Token);
    v("Expiration", Expiration);
  }
};
struct NoCredentials {
  std::string Code = "AssumeRoleUnauthorizedAccess", Message, LastUpdated;
  template <class V>
  void fields(V& v) {
    v("Code", Code);
    v("Message", Message);
    v("LastUpdated", LastUpdated);
  }
};

std::string whole_second(Timestamp time) { return format_iso8601({time.unix_ms / 1000 * 1000}); }

MetadataAnswer give_credentials(const InstanceMetadata& instance, const MetadataContext& context) {
  const Result<iam::InstanceRole> role = context.mint(instance);
  if (!role) {
    NoCredentials none;
    none.Message = "EC2 cannot assume the role " + instance.role_name + ": " + role.error().message;
    none.LastUpdated = whole_second(context.now);
    return reply(200, to_json(none));
  }
  Credentials out;
  out.LastUpdated = whole_second(role->credentials.issued);
  out.AccessKeyId = role->credentials.access_key_id;
  out.SecretAccessKey = role->credentials.secret_access_key;
  out.Token = Secret(role->credentials.session_token);
  out.Expiration = whole_second(role->credentials.expires);
  return reply(200, to_json(out));
}

MetadataAnswer give_iam_info(const InstanceMetadata& instance, const MetadataContext& context) {
  IamInfo info;
  info.LastUpdated = whole_second(context.now);
  info.InstanceProfileArn = instance.profile_arn;
  info.InstanceProfileId = instance.profile_id;
  return reply(200, to_json(info));
}

// "latest", or one of the dated versions that it has been known by: all say the same.
bool is_version(std::string_view name) {
  if (name == "latest" || name == "1.0") return true;
  if (name.size() != 10) return false;
  for (size_t i = 0; i < name.size(); ++i)
    if (i == 4 || i == 7 ? name[i] != '-' : name[i] < '0' || name[i] > '9') return false;
  return true;
}

MetadataAnswer look_up(std::string_view path, const InstanceMetadata& instance,
                       const MetadataContext& context) {
  if (path.empty())
    return reply(200, std::string("dynamic\nmeta-data") + (instance.user_data.empty() ? "" : "\nuser-data"));
  const MetadataTree tree(context.vpc, instance);
  const auto found = tree.find(path);
  if (!found) return refuse(404);
  if (path == kIamInfo) return give_iam_info(instance, context);
  if (!instance.role_name.empty() && path == std::string(kCredentialsDirectory) + "/" + instance.role_name)
    return give_credentials(instance, context);
  return reply(200, *found, path == "user-data" ? "application/octet-stream" : "text/plain");
}

}  // namespace

MetadataAnswer answer_metadata(const http::Request& request, std::string_view caller_ip,
                               const MetadataContext& context) {
  const auto found = context.vpc.instances.find(std::string(caller_ip));
  if (found == context.vpc.instances.end())
    return refuse(404);  // an engine's address, or an instance that is going
  const InstanceMetadata& instance = found->second;
  if (!instance.endpoint_enabled) return refuse(403);
  const Result<std::string> path = codec::percent_decode(request.path());
  if (!path || !path->starts_with('/')) return refuse(400);
  if (request.method == "PUT")
    return *path == "/latest/api/token" ? issue_token(request, instance, context) : refuse(405);
  if (request.method != "GET" && request.method != "HEAD") return refuse(405);
  if (check_token(request, instance, context) == Permission::denied) return refuse(401);
  const std::string_view rest = std::string_view(*path).substr(1);
  if (rest.empty()) return reply(200, "1.0\nlatest");
  const size_t slash = rest.find('/');
  if (!is_version(rest.substr(0, slash))) return refuse(404);
  return look_up(slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1), instance,
                 context);
}

}  // namespace landfall::ec2
