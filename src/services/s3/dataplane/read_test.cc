// GetObject through S3Service, by an exchange that takes files as a connection does.
#include <fcntl.h>
#include <unistd.h>

#include "runtime/event_loop.h"
#include "services/s3/dataplane/store_testing.h"
#include "services/s3/s3.h"

namespace landfall::s3 {
namespace {

constexpr size_t kSize = 3'000'000;

class FileExchange final : public http::Exchange {
 public:
  http::Request asked;
  http::Response head;
  std::string body, sends;
  size_t files = 0;
  bool answered = false, aborted = false, patient = false;

  const http::Request& request() const override { return asked; }
  void read_body(http::BodyReader reader) override {
    if (!sends.empty()) reader.on_data(sends);
    reader.on_end();
  }
  void pause_body() override {}
  void resume_body() override {}
  void respond(http::Response response, std::string bytes) override {
    head = std::move(response);
    body = std::move(bytes);
    answered = true;
  }
  void start(http::Response response) override { head = std::move(response); }
  bool write(std::string bytes) override {
    body += bytes;
    return true;
  }
  // Full after each, so that every piece is asked for anew.
  bool send_file(std::shared_ptr<const UniqueFd> file, uint64_t offset, uint64_t length) override {
    std::string bytes(length, '\0');
    EXPECT_EQ(pread(file->get(), bytes.data(), length, static_cast<off_t>(offset)),
              static_cast<ssize_t>(length));
    body += bytes;
    ++files;
    return false;
  }
  void on_writable(std::move_only_function<void()> writable) override { resume = std::move(writable); }
  void finish() override { answered = true; }
  void abort() override { answered = aborted = true; }
  void on_close(std::move_only_function<void()>) override {}

  std::move_only_function<void()> resume;
};

class ReadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    {
      auto store = open_store(directory.path());
      ObjectName name = make_bucket(*store, "bucket");
      name.key = "large";
      ASSERT_TRUE(put(*store, name, pattern(kSize, 1)));
    }
    service = std::move(*S3Service::create({.data_dir = directory.path(),
                                            .account = "123456789012",
                                            .credentials = CredentialCheck::any_is_root}));
  }

  std::shared_ptr<FileExchange> get(const std::string& range = {}) {
    auto exchange = std::make_shared<FileExchange>();
    exchange->asked = {.method = "GET", .target = "/bucket/large", .authority = "s3.localhost"};
    if (!range.empty()) exchange->asked.headers.add("Range", range);
    return answered(exchange);
  }

  std::shared_ptr<FileExchange> answered(const std::shared_ptr<FileExchange>& exchange) {
    service->handle(*loop, exchange);
    while (!exchange->answered) {
      if (auto resume = std::exchange(exchange->resume, nullptr))
        resume();
      else
        loop->run_once(5000);
    }
    return exchange;
  }

  void damage(off_t at) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path() + "/objects")) {
      if (!entry.is_regular_file()) continue;
      UniqueFd fd(::open(entry.path().c_str(), O_RDWR));
      const auto before = pattern(kSize, 1)[static_cast<size_t>(at)];
      const auto after = static_cast<char>(before ^ 1);
      ASSERT_EQ(pwrite(fd.get(), &after, 1, at), 1);
    }
  }

  TemporaryDirectory directory;
  std::unique_ptr<EventLoop> loop = std::move(*EventLoop::create());
  std::unique_ptr<S3Service> service;
};

TEST_F(ReadTest, a_large_object_goes_in_verified_pieces_first_and_whole_the_next_time) {
  auto first = get();
  EXPECT_EQ(first->head.status, 200);
  EXPECT_EQ(first->head.headers.get("content-length"), std::to_string(kSize));
  EXPECT_TRUE(first->body == pattern(kSize, 1));
  EXPECT_GT(first->files, 1u);
  auto second = get();
  EXPECT_TRUE(second->body == pattern(kSize, 1));
  EXPECT_EQ(second->files, 1u);
}

TEST_F(ReadTest, the_headers_are_the_objects_and_follow_the_buckets_versioning) {
  EXPECT_FALSE(get()->head.headers.has("x-amz-version-id"));
  const std::string etag(get()->head.headers.get("etag").value_or(""));
  auto enable = std::make_shared<FileExchange>();
  enable->asked = {.method = "PUT", .target = "/bucket?versioning", .authority = "s3.localhost"};
  enable->sends = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
  enable->asked.headers.add("Content-Length", std::to_string(enable->sends.size()));
  ASSERT_EQ(answered(enable)->head.status, 200);
  EXPECT_EQ(get()->head.headers.get("x-amz-version-id"), "null");
  auto put = std::make_shared<FileExchange>();
  put->asked = {.method = "PUT", .target = "/bucket/large", .authority = "s3.localhost"};
  put->sends = "small now";
  put->asked.headers.add("Content-Length", std::to_string(put->sends.size()));
  ASSERT_EQ(answered(put)->head.status, 200);
  const auto after = get();
  EXPECT_EQ(after->body, "small now");
  EXPECT_EQ(after->head.headers.get("x-amz-version-id"), put->head.headers.get("x-amz-version-id"));
  EXPECT_NE(after->head.headers.get("etag"), etag);
}

TEST_F(ReadTest, a_range_is_the_bytes_asked_for) {
  for (int time = 0; time < 2; ++time) {
    auto answer = get("bytes=262140-1500000");
    EXPECT_EQ(answer->head.status, 206);
    EXPECT_TRUE(answer->body == pattern(kSize, 1).substr(262'140, 1'500'001 - 262'140));
  }
}

TEST_F(ReadTest, what_is_corrupt_at_its_beginning_is_an_error_and_no_byte_of_it_is_sent) {
  damage(1000);
  auto answer = get();
  EXPECT_EQ(answer->head.status, 500);
  EXPECT_EQ(answer->files, 0u);
}

TEST_F(ReadTest, what_is_corrupt_further_on_is_cut_before_the_corrupt_block) {
  damage(2'500'000);
  auto answer = get();
  EXPECT_TRUE(answer->aborted);
  EXPECT_LE(answer->body.size(), 2'500'000u);
  EXPECT_TRUE(answer->body == pattern(kSize, 1).substr(0, answer->body.size()));
}

}  // namespace
}  // namespace landfall::s3
