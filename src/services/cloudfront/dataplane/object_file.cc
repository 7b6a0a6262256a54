#include "services/cloudfront/dataplane/object_file.h"

#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "services/cloudfront/dataplane/files.h"

namespace landfall::cloudfront {
namespace {

constexpr char kMagic[8] = {'L', 'F', 'C', 'D', 'N', '0', '1', '\n'};
constexpr uint64_t kMostBodyBytes = 1ULL << 40;
constexpr uint32_t kMostFields = 1'000;
constexpr uint8_t kErrorFlag = 1, kCompressedFlag = 2;

// As it lies in the file.
struct RawPrefix {
  char magic[sizeof kMagic];
  uint32_t head_bytes, block_bytes;
  uint64_t body_bytes;
  uint32_t head_sum, sums_sum;
  char reserved[kPrefixBytes - 36];
  uint32_t sum;  // of all before
};
static_assert(sizeof(RawPrefix) == kPrefixBytes);

template <class T>
void put(std::string& out, T number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}
void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<uint32_t>(text.size()));
  out += text;
}

class HeadReader {
 public:
  explicit HeadReader(std::string_view rest) : rest_(rest) {}
  template <class T>
  T number() {
    T value{};
    if (rest_.size() < sizeof value) {
      good_ = false;
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::string text() {
    const auto size = number<uint32_t>();
    if (rest_.size() < size) {
      good_ = false;
      return {};
    }
    std::string out(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return out;
  }
  bool good() const { return good_; }
  bool at_end() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::string object_file_head(const CachedObject& object) {
  std::string head;
  put_text(head, object.key);
  put_text(head, object.distribution_id);
  put_text(head, object.target);
  put(head, object.epoch);
  put(head, object.stored.unix_ms);
  put(head, object.ttl_seconds);
  put(head, static_cast<uint8_t>((object.is_error ? kErrorFlag : 0) |
                                 (object.compressed_here ? kCompressedFlag : 0)));
  put(head, static_cast<uint16_t>(object.head.status));
  put(head, static_cast<uint32_t>(object.head.headers.size()));
  for (const http::Header& field : object.head.headers) {
    put_text(head, field.name);
    put_text(head, field.value);
  }
  return head;
}

namespace {

std::string sums_of(std::string_view body) {
  std::string sums;
  for (; !body.empty(); body.remove_prefix(std::min(body.size(), kBlockBytes)))
    put(sums, sum_of(body.substr(0, kBlockBytes)));
  return sums;
}

Result<ObjectFilePrefix> read_prefix(int fd) {
  char bytes[kPrefixBytes];
  LF_CHECK(read_exactly(fd, 0, bytes, sizeof bytes));
  LF_TRY(ObjectFilePrefix prefix, parse_prefix({bytes, sizeof bytes}));
  struct stat status;
  if (::fstat(fd, &status) != 0) return fail_errno("stat");
  if (static_cast<uint64_t>(status.st_size) != prefix.file_bytes())
    return fail("its length is not what it says");
  return prefix;
}

Result<std::shared_ptr<CachedObject>> read_head(int fd, const ObjectFilePrefix& prefix) {
  std::string head(prefix.head_bytes, '\0');
  LF_CHECK(read_exactly(fd, kPrefixBytes, head.data(), head.size()));
  return parse_head(prefix, head);
}

}  // namespace

uint32_t sum_of(std::string_view bytes) {
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

void BlockSums::add(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kBlockBytes - in_block_);
    sum_ = static_cast<uint32_t>(crc32_z(sum_, reinterpret_cast<const Bytef*>(part.data()), part.size()));
    in_block_ += part.size();
    bytes.remove_prefix(part.size());
    if (in_block_ < kBlockBytes) return;
    put(sums_, sum_);
    sum_ = 0;
    in_block_ = 0;
  }
}

std::string BlockSums::finish() {
  if (in_block_ > 0) put(sums_, sum_);
  in_block_ = 0;
  return std::move(sums_);
}

std::string object_file_prefix(std::string_view head, uint64_t body_bytes, std::string_view sums) {
  RawPrefix prefix{};
  std::memcpy(prefix.magic, kMagic, sizeof kMagic);
  prefix.head_bytes = static_cast<uint32_t>(head.size());
  prefix.block_bytes = kBlockBytes;
  prefix.body_bytes = body_bytes;
  prefix.head_sum = sum_of(head);
  prefix.sums_sum = sum_of(sums);
  const std::string_view raw(reinterpret_cast<const char*>(&prefix), sizeof prefix);
  prefix.sum = sum_of(raw.substr(0, offsetof(RawPrefix, sum)));
  return std::string(raw);
}

ObjectFileParts object_file_parts(const CachedObject& object) {
  const std::string head = object_file_head(object);
  ObjectFileParts parts{.sums = sums_of(object.body)};
  parts.front = object_file_prefix(head, object.body.size(), parts.sums) + head;
  return parts;
}

Result<ObjectFilePrefix> parse_prefix(std::string_view bytes) {
  RawPrefix raw;
  if (bytes.size() < sizeof raw) return fail("too short");
  std::memcpy(&raw, bytes.data(), sizeof raw);
  if (std::memcmp(raw.magic, kMagic, sizeof kMagic) != 0) return fail("not an object of this version");
  if (raw.sum != sum_of(bytes.substr(0, offsetof(RawPrefix, sum)))) return fail("its prefix is broken");
  if (raw.block_bytes != kBlockBytes || raw.head_bytes > kMostHeadBytes || raw.body_bytes > kMostBodyBytes)
    return fail("its sizes are impossible");
  return ObjectFilePrefix{.head_bytes = raw.head_bytes,
                          .head_sum = raw.head_sum,
                          .sums_sum = raw.sums_sum,
                          .body_bytes = raw.body_bytes};
}

Result<std::shared_ptr<CachedObject>> parse_head(const ObjectFilePrefix& prefix, std::string_view bytes) {
  if (bytes.size() != prefix.head_bytes || sum_of(bytes) != prefix.head_sum)
    return fail("its head is broken");
  HeadReader reader(bytes);
  auto object = std::make_shared<CachedObject>();
  object->key = reader.text();
  object->distribution_id = reader.text();
  object->target = reader.text();
  object->epoch = reader.number<uint64_t>();
  object->stored.unix_ms = reader.number<int64_t>();
  object->ttl_seconds = reader.number<int64_t>();
  const auto flags = reader.number<uint8_t>();
  object->is_error = (flags & kErrorFlag) != 0;
  object->compressed_here = (flags & kCompressedFlag) != 0;
  object->head.status = reader.number<uint16_t>();
  const auto count = reader.number<uint32_t>();
  if (count > kMostFields) return fail("its head has too many fields");
  for (uint32_t i = 0; i < count && reader.good(); ++i) {
    std::string name = reader.text();
    object->head.headers.add(std::move(name), reader.text());
  }
  if (!reader.at_end()) return fail("its head is malformed");
  object->seal();
  return object;
}

Result<std::shared_ptr<CachedObject>> read_object_head(int fd) {
  LF_TRY(const ObjectFilePrefix prefix, read_prefix(fd));
  return read_head(fd, prefix);
}

Result<std::shared_ptr<CachedObject>> read_object(int fd) {
  LF_TRY(const ObjectFilePrefix prefix, read_prefix(fd));
  LF_TRY(auto object, read_head(fd, prefix));
  object->body.resize(prefix.body_bytes);
  LF_CHECK(read_exactly(fd, prefix.body_offset(), object->body.data(), object->body.size()));
  std::string sums(prefix.sum_count() * sizeof(uint32_t), '\0');
  LF_CHECK(read_exactly(fd, prefix.sums_offset(), sums.data(), sums.size()));
  if (sum_of(sums) != prefix.sums_sum) return fail("its sums are broken");
  if (sums_of(object->body) != sums) return fail("its body is broken");
  return object;
}

Result<uint64_t> body_bytes_of(int fd) {
  LF_TRY(const ObjectFilePrefix prefix, read_prefix(fd));
  return prefix.body_bytes;
}

namespace {

Result<> verify_body(int fd, const ObjectFilePrefix& prefix) {
  std::string sums(prefix.sum_count() * sizeof(uint32_t), '\0'), block(kBlockBytes, '\0');
  LF_CHECK(read_exactly(fd, prefix.sums_offset(), sums.data(), sums.size()));
  if (sum_of(sums) != prefix.sums_sum) return fail("its sums are broken");
  BlockSums seen;
  for (uint64_t at = 0; at < prefix.body_bytes; at += kBlockBytes) {
    const size_t size = std::min<uint64_t>(kBlockBytes, prefix.body_bytes - at);
    LF_CHECK(read_exactly(fd, prefix.body_offset() + at, block.data(), size));
    seen.add(std::string_view(block).substr(0, size));
  }
  if (seen.finish() != sums) return fail("its body is broken");
  return {};
}

}  // namespace

Result<std::shared_ptr<CachedObject>> open_object(UniqueFd fd, Verify verify) {
  LF_TRY(const ObjectFilePrefix prefix, read_prefix(fd.get()));
  LF_TRY(auto object, read_head(fd.get(), prefix));
  if (verify == Verify::yes) LF_CHECK(verify_body(fd.get(), prefix));
  auto file = std::make_shared<BodyFile>();
  file->fd = std::move(fd);
  file->offset = prefix.body_offset();
  file->bytes = prefix.body_bytes;
  object->file = std::move(file);
  return object;
}

}  // namespace landfall::cloudfront
