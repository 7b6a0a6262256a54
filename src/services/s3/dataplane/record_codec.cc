#include "services/s3/dataplane/record_codec.h"

#include <concepts>

namespace landfall::s3 {
namespace {

constexpr uint8_t kLayout = 1;

// One function, visit(), lists a record's fields; Writer and Reader walk it.
class Writer {
 public:
  void operator()(const std::unsigned_integral auto& value) { integer(value); }
  void operator()(const bool& value) { integer(value ? 1 : 0); }
  void operator()(const Timestamp& value) { integer(static_cast<uint64_t>(value.unix_ms)); }
  void operator()(const std::string& value) {
    integer(value.size());
    out.append(value);
  }
  template <class E>
    requires std::is_enum_v<E>
  void operator()(const E& value) {
    integer(static_cast<uint64_t>(value));
  }
  template <class T>
  void operator()(const std::vector<T>& list) {
    integer(list.size());
    for (const T& item : list) (*this)(item);
  }
  template <class A, class B>
  void operator()(const std::pair<A, B>& pair) {
    (*this)(pair.first);
    (*this)(pair.second);
  }
  void operator()(const std::map<std::string, std::string>& map) {
    integer(map.size());
    for (const auto& item : map) (*this)(item);
  }
  template <class T>
    requires std::is_class_v<T>
  void operator()(const T& record) {
    visit(*this, record);
  }

  std::string out;

 private:
  void integer(uint64_t value) {
    while (value >= 0x80) {
      out.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out.push_back(static_cast<char>(value));
  }
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : in_(bytes) {}
  bool complete() const { return ok_ && in_.empty(); }

  void operator()(std::unsigned_integral auto& value) {
    value = static_cast<std::decay_t<decltype(value)>>(integer());
  }
  void operator()(bool& value) { value = integer() != 0; }
  void operator()(Timestamp& value) { value.unix_ms = static_cast<int64_t>(integer()); }
  void operator()(std::string& value) {
    const uint64_t size = integer();
    if (size > in_.size()) return refuse();
    value.assign(in_.substr(0, size));
    in_.remove_prefix(size);
  }
  template <class E>
    requires std::is_enum_v<E>
  void operator()(E& value) {
    value = static_cast<E>(integer());
  }
  template <class T>
  void operator()(std::vector<T>& list) {
    const uint64_t size = integer();
    if (size > in_.size()) return refuse();  // each item takes a byte at least
    list.resize(size);
    for (T& item : list) (*this)(item);
  }
  template <class A, class B>
  void operator()(std::pair<A, B>& pair) {
    (*this)(pair.first);
    (*this)(pair.second);
  }
  void operator()(std::map<std::string, std::string>& map) {
    for (uint64_t n = integer(); n > 0 && ok_; --n) {
      std::pair<std::string, std::string> item;
      (*this)(item);
      map.insert(std::move(item));
    }
  }
  template <class T>
    requires std::is_class_v<T>
  void operator()(T& record) {
    visit(*this, record);
  }

 private:
  void refuse() {
    ok_ = false;
    in_ = {};
  }
  uint64_t integer() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (in_.empty()) break;
      const auto byte = static_cast<uint8_t>(in_.front());
      in_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    refuse();
    return 0;
  }

  std::string_view in_;
  bool ok_ = true;
};

template <class R, class T>
concept Field = std::same_as<std::remove_cvref_t<R>, T>;

template <Field<BodyId> R>
void visit(auto& v, R& r) {
  v(r.epoch), v(r.counter);
}
template <Field<Segment> R>
void visit(auto& v, R& r) {
  v(r.kind), v(r.id), v(r.offset), v(r.length), v(r.crc);
}
template <Field<StoredChecksum> R>
void visit(auto& v, R& r) {
  v(r.algorithm), v(r.type), v(r.value);
}
template <Field<ObjectAttributes> R>
void visit(auto& v, R& r) {
  v(r.headers), v(r.metadata), v(r.tags), v(r.storage_class), v(r.redirect_location), v(r.owner);
}
template <Field<ObjectRecord> R>
void visit(auto& v, R& r) {
  v(r.version_id), v(r.delete_marker), v(r.size), v(r.etag), v(r.last_modified), v(r.segments),
      v(r.part_sizes);
  v(r.upload_id), v(r.checksum), v(r.attributes);
}
template <Field<BucketRecord> R>
void visit(auto& v, R& r) {
  v(r.id), v(r.name), v(r.owner), v(r.region), v(r.created), v(r.versioning), v(r.configuration),
      v(r.revision);
}
template <Field<UploadRecord> R>
void visit(auto& v, R& r) {
  v(r.upload_id), v(r.initiated), v(r.attributes), v(r.checksum_algorithm), v(r.checksum_type);
}
template <Field<PartRecord> R>
void visit(auto& v, R& r) {
  v(r.size), v(r.etag), v(r.last_modified), v(r.segments), v(r.checksum);
}
template <Field<FileRecord> R>
void visit(auto& v, R& r) {
  v(r.references), v(r.size), v(r.block_crcs);
}

template <class T>
std::string encode_any(const T& record) {
  Writer writer;
  writer.out.push_back(static_cast<char>(kLayout));
  writer(record);
  return std::move(writer.out);
}

}  // namespace

std::string encode(const ObjectRecord& record) { return encode_any(record); }
std::string encode(const BucketRecord& record) { return encode_any(record); }
std::string encode(const UploadRecord& record) { return encode_any(record); }
std::string encode(const PartRecord& record) { return encode_any(record); }
std::string encode(const FileRecord& record) { return encode_any(record); }

template <class T>
std::optional<T> decode(std::string_view bytes) {
  if (bytes.empty() || static_cast<uint8_t>(bytes.front()) != kLayout) return std::nullopt;
  Reader reader(bytes.substr(1));
  T record;
  reader(record);
  if (!reader.complete()) return std::nullopt;
  return record;
}

template std::optional<ObjectRecord> decode(std::string_view);
template std::optional<BucketRecord> decode(std::string_view);
template std::optional<UploadRecord> decode(std::string_view);
template std::optional<PartRecord> decode(std::string_view);
template std::optional<FileRecord> decode(std::string_view);

}  // namespace landfall::s3
