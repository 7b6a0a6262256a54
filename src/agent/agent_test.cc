#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "agent/application.h"
#include "agent/bundle.h"
#include "agent/download.h"
#include "agent/procfile.h"
#include "agent/reverse_proxy.h"
#include "net/socket.h"

namespace landfall::agent {
namespace {

struct Folder {
  std::string path;
  Folder() {
    char name[] = "/tmp/landfall-agent-XXXXXX";
    path = mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

struct Entry {
  const char *name, *content;
  unsigned mode = 0644;
};

std::string make_zip(const Folder& folder, const std::vector<Entry>& entries) {
  const std::string path = folder.path + "/bundle.zip";
  archive* zip = archive_write_new();
  archive_write_set_format_zip(zip);
  archive_write_open_filename(zip, path.c_str());
  for (const Entry& one : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, one.name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, one.mode);
    archive_entry_set_size(entry, static_cast<la_int64_t>(strlen(one.content)));
    archive_write_header(zip, entry);
    archive_write_data(zip, one.content, strlen(one.content));
    archive_entry_free(entry);
  }
  archive_write_close(zip);
  archive_write_free(zip);
  return path;
}

std::string read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return std::move(text).str();
}

template <class F>
bool within(EventLoop& loop, int64_t ms, F&& holds) {
  const int64_t end = loop.clock().monotonic_ns() + ms * 1'000'000;
  while (!holds()) {
    if (loop.clock().monotonic_ns() > end) return false;
    loop.run_once(20);
  }
  return true;
}

// A server of one handler on a port of the loopback's.
struct TestServer {
  std::unique_ptr<http::HttpServer> server;
  http::Endpoint endpoint;
  uint16_t port = 0;
  TestServer(EventLoop& loop, http::Handler handler) : server(http::HttpServer::create(loop)) {
    UniqueFd listener = net::listen_tcp(net::SocketAddress::inet("127.0.0.1", 0).value()).value();
    port = net::SocketAddress::local_of(listener.get()).port();
    endpoint = http::Endpoint::tcp("127.0.0.1", port);
    EXPECT_TRUE(server->serve(std::move(listener), {}, std::move(handler)));
  }
};

}  // namespace

TEST(Procfile, NamesCommands) {
  const auto processes = parse_procfile("# ours\nweb: ./server --port $PORT\n\nworker:bin/work\r\n");
  ASSERT_TRUE(processes);
  EXPECT_EQ(processes->at("web"), "./server --port $PORT");
  EXPECT_EQ(processes->at("worker"), "bin/work");
}

TEST(Procfile, RefusesALineThatIsNoProcess) {
  EXPECT_FALSE(parse_procfile("web ./server"));
  EXPECT_FALSE(parse_procfile("web:   \n"));
}

TEST(Bundle, IsUnpackedWithItsPermissions) {
  Folder folder;
  const std::string to = folder.path + "/app";
  ASSERT_TRUE(unpack_zip(make_zip(folder, {{"Procfile", "web: ./run"}, {"bin/run", "#!/bin/sh\n", 0755}}), to,
                         getuid()));
  EXPECT_EQ(read(to + "/Procfile"), "web: ./run");
  EXPECT_EQ(access((to + "/bin/run").c_str(), X_OK), 0);
  struct stat facts{};
  ASSERT_EQ(stat((to + "/Procfile").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0644u);
}

TEST(Bundle, DoesNotLeaveItsFolder) {
  Folder folder;
  EXPECT_FALSE(unpack_zip(make_zip(folder, {{"../escaped", "x"}}), folder.path + "/app", getuid()));
  EXPECT_FALSE(std::filesystem::exists(folder.path + "/escaped"));
  EXPECT_FALSE(
      unpack_zip(make_zip(folder, {{"/tmp/landfall-escaped", "x"}}), folder.path + "/app", getuid()));
}

TEST(Bundle, ThatIsNoZipIsAnError) {
  Folder folder;
  std::ofstream(folder.path + "/not.zip") << "hello";
  EXPECT_FALSE(unpack_zip(folder.path + "/not.zip", folder.path + "/app", getuid()));
}

TEST(Application, IsStartedAgainWhenItEndsAndItsOutputIsKept) {
  Folder folder;
  auto loop = EventLoop::create().value();
  auto application = Application::start(*loop, {.command = "echo \"port $PORT\"; exit 3",
                                                .folder = folder.path,
                                                .environment = {{"PORT", "5000"}, {"PATH", "/bin:/usr/bin"}},
                                                .log_path = folder.path + "/log",
                                                .uid = static_cast<uint32_t>(-1)});
  EXPECT_TRUE(within(*loop, 5'000, [&] { return application->starts() >= 2; }));
  EXPECT_TRUE(read(folder.path + "/log").starts_with("port 5000\n")) << read(folder.path + "/log");
}

TEST(Download, TakesTheRolesCredentialsAndSignsTheRequest) {
  Folder folder;
  auto loop = EventLoop::create().value();
  auto client = http::Client::create(*loop);
  TestServer metadata(*loop, [](const std::shared_ptr<http::Exchange>& exchange) {
    const http::Request& request = exchange->request();
    if (request.method == "PUT") return exchange->respond({}, "token-1");
    if (request.headers.get("X-aws-ec2-metadata-token") != "token-1")
      return exchange->respond({.status = 401}, "");
    if (request.target.ends_with("/security-credentials/")) return exchange->respond({}, "app");
    if (!request.target.ends_with("/security-credentials/app")) return exchange->respond({.status = 404}, "");
    exchange->respond({}, R"({"Code":"Success","AccessKeyId":"ASIAX","SecretAccessKey":"s","Token":"t"})");
  });
  std::string target, authorization, token;
  TestServer s3(*loop, [&](const std::shared_ptr<http::Exchange>& exchange) {
    target = exchange->request().target;
    authorization = exchange->request().headers.get("Authorization").value_or("");
    token = exchange->request().headers.get("X-Amz-Security-Token").value_or("");
    exchange->respond({}, "zip bytes");
  });
  std::optional<Result<>> result;
  download_bundle(*client, {.metadata = metadata.endpoint, .s3 = s3.endpoint},
                  {.region = "us-east-1", .bucket = "deploy", .key = "api/v 1.zip"}, folder.path + "/b.zip",
                  [&](Result<> r) { result = std::move(r); });
  ASSERT_TRUE(within(*loop, 5'000, [&] { return result.has_value(); }));
  EXPECT_TRUE(result->has_value()) << result->error().message;
  EXPECT_EQ(read(folder.path + "/b.zip"), "zip bytes");
  EXPECT_EQ(target, "/deploy/api/v%201.zip");
  EXPECT_TRUE(authorization.starts_with("AWS4-HMAC-SHA256 Credential=ASIAX/")) << authorization;
  EXPECT_EQ(token, "t");
}

TEST(ReverseProxy, PassesRequestsOnAndSaysWhoAsked) {
  auto loop = EventLoop::create().value();
  auto client = http::Client::create(*loop);
  TestServer application(*loop, [](const std::shared_ptr<http::Exchange>& exchange) {
    exchange->read_whole_body(1 << 20, [exchange](Result<std::string> body) {
      http::Response head{.status = 201};
      head.headers.add("X-Seen",
                       std::string(exchange->request().headers.get("X-Forwarded-For").value_or("")));
      exchange->respond(std::move(head), exchange->request().target + "|" + exchange->request().authority +
                                             "|" + body.value_or("?"));
    });
  });
  TestServer proxy(*loop, reverse_proxy_to(*client, application.endpoint));
  http::ClientRequest request;
  request.head.method = "POST";
  request.head.target = "/items?x=1";
  request.head.authority = "api.myapp.com";
  request.head.headers.add("X-Forwarded-For", "203.0.113.7");
  request.body = std::string(300'000, 'b');
  std::optional<http::Fetched> answer;
  client->fetch(
      proxy.endpoint, std::move(request), 1 << 20, [&](std::expected<http::Fetched, http::ClientError> got) {
        answer = got ? std::move(*got) : http::Fetched{.head = {.status = -1}, .body = got.error().message};
      });
  ASSERT_TRUE(within(*loop, 5'000, [&] { return answer.has_value(); }));
  EXPECT_EQ(answer->head.status, 201) << answer->body;
  EXPECT_EQ(answer->body, "/items?x=1|api.myapp.com|" + std::string(300'000, 'b'));
  EXPECT_EQ(answer->head.headers.get("X-Seen"), "203.0.113.7, 127.0.0.1");
}

TEST(ReverseProxy, Answers502WhileTheApplicationIsDown) {
  auto loop = EventLoop::create().value();
  auto client = http::Client::create(*loop);
  http::Endpoint nobody;
  {
    TestServer gone(*loop, [](const std::shared_ptr<http::Exchange>&) {});
    nobody = gone.endpoint;
  }
  TestServer proxy(*loop, reverse_proxy_to(*client, nobody));
  http::ClientRequest request;
  request.head.method = "GET";
  request.head.target = "/";
  request.head.authority = "x";
  int status = 0;
  client->fetch(
      proxy.endpoint, std::move(request), 1 << 20,
      [&](std::expected<http::Fetched, http::ClientError> got) { status = got ? got->head.status : -1; });
  ASSERT_TRUE(within(*loop, 5'000, [&] { return status != 0; }));
  EXPECT_EQ(status, 502);
}

}  // namespace landfall::agent
