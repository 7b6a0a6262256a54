#include "agent/download.h"

#include <fcntl.h>
#include <unistd.h>

#include "aws/sigv4.h"
#include "base/unique_fd.h"
#include "codec/fields.h"
#include "codec/uri.h"

namespace landfall::agent {
namespace {

constexpr size_t kMaxMetadataBytes = 64 * 1024;
constexpr char kRolePath[] = "/latest/meta-data/iam/security-credentials/";

struct RoleCredentials {
  std::string Code, AccessKeyId, Token;
  Secret SecretAccessKey;
  template <class V>
  void fields(V& v) {
    v("Code", Code);
    v("AccessKeyId", AccessKeyId);
    v("SecretAccessKey", SecretAccessKey);
    v("Token", Token);
  }
};

// One download: token -> role's name -> its credentials -> the object. Lives by the callbacks that hold it.
class Download : public std::enable_shared_from_this<Download> {
 public:
  Download(http::Client& client, DownloadOptions options, Document document, std::string path,
           std::function<void(Result<>)> done)
      : client_(client),
        options_(std::move(options)),
        document_(std::move(document)),
        path_(std::move(path)),
        done_(std::move(done)) {}

  void start() {
    metadata("PUT", "/latest/api/token", [this](std::string token) {
      token_ = std::move(token);
      metadata("GET", kRolePath, [this](std::string role) {
        metadata("GET", kRolePath + role.substr(0, role.find('\n')),
                 [this](std::string json) { take_credentials(json); });
      });
    });
  }

 private:
  void finish(Result<> result) {
    call_.reset();
    if (auto done = std::exchange(done_, nullptr)) done(std::move(result));
  }

  void metadata(const char* method, const std::string& path, std::function<void(std::string)> next) {
    http::ClientRequest request;
    request.head.method = method;
    request.head.target = path;
    request.head.authority = "169.254.169.254";
    if (token_.empty()) {
      request.head.headers.add("X-aws-ec2-metadata-token-ttl-seconds", "300");
    } else {
      request.head.headers.add("X-aws-ec2-metadata-token", token_);
    }
    request.timeouts.response_head_ms = 5'000;
    client_.fetch(options_.metadata, std::move(request), kMaxMetadataBytes,
                  [self = shared_from_this(), path,
                   next = std::move(next)](std::expected<http::Fetched, http::ClientError> answer) {
                    if (!answer)
                      return self->finish(fail("instance metadata " + path + ": " + answer.error().message));
                    if (answer->head.status != 200)
                      return self->finish(fail(
                          "instance metadata " + path + ": status " + std::to_string(answer->head.status) +
                          (answer->head.status == 404 ? " (has the instance a role?)" : "")));
                    next(std::move(answer->body));
                  });
  }

  void take_credentials(const std::string& json) {
    auto read = from_json<RoleCredentials>(json);
    if (!read) return finish(fail("the role's credentials: " + read.error().message));
    if (read->Code != "Success") return finish(fail("the role's credentials: " + read->Code));
    fetch_object({.access_key_id = read->AccessKeyId,
                  .secret_access_key = read->SecretAccessKey,
                  .session_token = read->Token});
  }

  void fetch_object(const aws::sigv4::Credentials& credentials) {
    file_ = UniqueFd(open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file_) return finish(fail_errno("open " + path_));
    http::ClientRequest request;
    request.head.method = "GET";
    request.head.target = "/" + codec::percent_encode(document_.bucket) + "/" +
                          codec::percent_encode(document_.key, codec::Slash::kept);
    request.head.authority = "s3." + document_.region + ".amazonaws.com";
    aws::sigv4::sign(request.head, credentials,
                     {.region = document_.region,
                      .service = "s3",
                      .path_style = aws::sigv4::PathStyle::s3,
                      .now = Clock::system().now()});
    http::ResponseReader reader;
    reader.on_head = [self = shared_from_this()](http::Response head) { self->status_ = head.status; };
    reader.on_data = [self = shared_from_this()](std::string_view data) { self->take(data); };
    reader.on_end = [self = shared_from_this()] { self->end(); };
    reader.on_error = [self = shared_from_this()](http::ClientError error) {
      self->finish(fail("S3: " + error.message));
    };
    call_ = client_.start(options_.s3, std::move(request), std::move(reader));
  }

  void take(std::string_view data) {
    if (status_ != 200) {
      if (error_text_.size() < 2048) error_text_ += data;
      return;
    }
    taken_ += static_cast<int64_t>(data.size());
    if (taken_ > kMaxBundleBytes) write_error_ = "the source bundle is larger than 512 MB";
    while (!data.empty() && write_error_.empty()) {
      const ssize_t written = write(file_.get(), data.data(), data.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        write_error_ = fail_errno("write " + path_).error().message;
      } else {
        data.remove_prefix(static_cast<size_t>(written));
      }
    }
  }

  void end() {
    file_.reset();
    const std::string what = "s3://" + document_.bucket + "/" + document_.key;
    if (status_ != 200) return finish(fail(what + ": status " + std::to_string(status_) + " " + error_text_));
    if (!write_error_.empty()) return finish(fail(write_error_));
    finish({});
  }

  http::Client& client_;
  DownloadOptions options_;
  Document document_;
  std::string path_;
  std::function<void(Result<>)> done_;
  std::string token_;
  std::shared_ptr<http::ClientCall> call_;
  UniqueFd file_;
  int status_ = 0;
  int64_t taken_ = 0;
  std::string error_text_, write_error_;
};

}  // namespace

void download_bundle(http::Client& client, DownloadOptions options, const Document& document,
                     const std::string& path, std::function<void(Result<>)> done) {
  std::make_shared<Download>(client, std::move(options), document, path, std::move(done))->start();
}

}  // namespace landfall::agent
