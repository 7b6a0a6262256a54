#include "roles/control_s3_client.h"

namespace landfall::roles {
namespace {

// The text of the first <Code> element of an S3 error document.
std::string error_code_of(const std::string& body) {
  const size_t start = body.find("<Code>"), end = body.find("</Code>");
  if (start == std::string::npos || end == std::string::npos || end < start) return "";
  return body.substr(start + 6, end - start - 6);
}

}  // namespace

ControlS3Client::ControlS3Client(EventLoop& loop, const std::string& socket_path, std::string region)
    : client_(http::Client::create(loop)),
      endpoint_(http::Endpoint::unix_socket(socket_path)),
      authority_("s3." + region + ".amazonaws.com") {}

void ControlS3Client::send(Request request, std::function<void(Result<S3Reply>)> done) {
  http::ClientRequest out;
  out.head.method = request.method;
  out.head.target = request.path + (request.query.empty() ? "" : "?" + request.query);
  out.head.authority = authority_;
  out.head.headers.add("x-landfall-principal", request.principal);
  if (!request.content_type.empty()) out.head.headers.add("content-type", request.content_type);
  out.body = std::move(request.body);
  client_->fetch(endpoint_, std::move(out), kMaxS3ReplyBytes,
                 [done](std::expected<http::Fetched, http::ClientError> answer) {
                   if (!answer) return done(fail(answer.error().message));
                   S3Reply reply{.status = answer->head.status, .body = std::move(answer->body)};
                   if (reply.status >= 300) reply.error_code = error_code_of(reply.body);
                   done(std::move(reply));
                 });
}

}  // namespace landfall::roles
