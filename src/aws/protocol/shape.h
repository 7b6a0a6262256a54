// The type-erased description of the generated types (build/gen/<service>/tables.cc), which codecs,
// validation and the JSON of stored values walk. All of it is constant data: made by tools/apigen, never at
// run time, valid for ever, shared by all threads.
//
// How a member of each kind is laid out in the generated struct, at Member::offset:
//   string, blob -> optional<string>; integer, long_ -> optional<int64_t>; float_, double_ ->
//   optional<double>; boolean -> optional<bool>; timestamp -> optional<Timestamp>; structure -> optional<S>
//   or, where `boxed`, Box<S>; list -> vector<T>; map -> map<string, T>. Elements of lists and maps are plain
//   T.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace landfall {
struct Call;
}

namespace landfall::aws {

enum class Protocol : uint8_t { query, ec2, rest_xml, json_1_0, json_1_1, rpc_v2_cbor };
std::string_view name_of(Protocol protocol);  // "query", "rest-xml", ...

enum class Kind : uint8_t {
  structure,
  list,
  map,
  string,
  blob,
  integer,
  long_,
  float_,
  double_,
  boolean,
  timestamp
};

enum class TimestampFormat : uint8_t { by_protocol, iso8601, unix_seconds, http_date };

// Where in the HTTP message a member travels (only rest-xml has others than body).
enum class Location : uint8_t { body, header, header_prefix, uri, query_string, status_code };

struct Shape;

struct XmlNamespace {
  std::string_view prefix;
  std::string_view uri;
};

struct Member {
  std::string_view name;        // in the model and, keywords aside, in C++
  std::string_view wire_name;   // locationName, or name
  std::string_view query_name;  // the key in ec2 requests; otherwise equal to wire_name
  const Shape* shape = nullptr;
  uint32_t offset = 0;
  Location location = Location::body;
  TimestampFormat timestamp_format = TimestampFormat::by_protocol;  // the member's or else its shape's
  bool required : 1 = false;
  bool flattened : 1 = false;  // the member's or its shape's
  bool xml_attribute : 1 = false;
  bool idempotency_token : 1 = false;
  bool streaming : 1 = false;
  bool boxed : 1 = false;
  XmlNamespace xml_namespace;
};

// What can be done with a struct whose type is not known. `optional` points at optional<S>.
struct StructOps {
  // Set for inputs and outputs of operations and for the shapes of shapes.txt:
  size_t size = 0;
  void (*construct)(void* memory) = nullptr;
  void (*destroy)(void* value) = nullptr;
  // Set where some struct has such a member:
  void* (*emplace)(void* optional) = nullptr;
  const void* (*get)(const void* optional) = nullptr;  // null where empty
  void* (*emplace_box)(void* box) = nullptr;
  const void* (*get_box)(const void* box) = nullptr;
};

struct ListOps {
  size_t (*size)(const void* list);
  const void* (*at)(const void* list, size_t index);
  void (*resize)(void* list, size_t count);  // drops what is there and makes `count` default elements
  void* mutable_at(void* list, size_t index) const { return const_cast<void*>(at(list, index)); }
};

struct MapOps {
  using Visit = void (*)(void* context, const std::string& key, const void* value);
  size_t (*size)(const void* map);
  void (*each)(const void* map, void* context, Visit visit);
  void* (*insert)(void* map, std::string_view key);  // the value of that key, made where it is missing
};

struct Bounds {
  bool has_min = false, has_max = false;
  double min = 0, max = 0;  // length of strings, blobs, lists, maps; value of numbers
};

struct Shape {
  Kind kind = Kind::structure;
  bool flattened = false;
  bool sensitive = false;  // never in a log or an audit record
  bool exception = false;
  bool union_ = false;
  TimestampFormat timestamp_format = TimestampFormat::by_protocol;
  int16_t payload = -1;  // structure: the member that is the HTTP body, where there is one
  std::string_view name;
  std::string_view wire_name;  // of a structure as a document's root; often empty
  std::span<const Member> members{};
  const Shape* element = nullptr;  // of a list; the value of a map
  const Shape* key = nullptr;      // of a map
  std::string_view
      element_name;  // locationName of list elements or map values; empty where the model has none
  std::string_view key_name;
  const StructOps* struct_ops = nullptr;
  const ListOps* list_ops = nullptr;
  const MapOps* map_ops = nullptr;
  Bounds bounds{};
  std::string_view pattern;
  std::span<const std::string_view> enum_values{};
  XmlNamespace xml_namespace{};

  const Member* member(std::string_view name) const;  // null if there is none
};

struct ErrorModel {
  std::string_view shape;
  std::string_view code;
  int http_status;
};

struct Paginator {
  std::span<const std::string_view> input_tokens{};
  std::span<const std::string_view> output_tokens{};
  std::string_view limit_key;
  std::span<const std::string_view> result_keys{};
  std::string_view more_results;
};

struct ServiceModel;

struct OperationModel {
  const ServiceModel* service;
  std::string_view name;
  std::string_view http_method;
  std::string_view uri;  // "/2013-04-01/hostedzone/{Id}/rrset?literal"
  int response_code = 200;
  const Shape* input;
  const Shape* output;
  bool has_output;                  // false: the model has none, output is Empty's shape
  std::string_view result_wrapper;  // query protocol
  std::string_view input_root;      // rest-xml: the name of the request document's root, where not by payload
  XmlNamespace input_namespace{};
  std::span<const ErrorModel> errors{};
  const Paginator* paginator = nullptr;
  // Runs the handler, which makes its result at `out`: memory of output->struct_ops->size bytes, not a value
  // yet. Null where the operation is served by other means (operations.txt). Use AnyStruct::result_of().
  void (*invoke)(Call& call, const void* in, void* out) = nullptr;
};

// One way to an operation of a rest-xml service. Operations that share method and path differ by what they
// require.
struct RestRoute {
  std::string_view operation;
  std::string_view http_method;
  std::string_view uri;
  std::span<const std::string_view> required_query{};
  std::span<const std::string_view> required_headers{};
};

struct ServiceModel {
  std::string_view name;             // the folder: "elbv2"
  std::string_view endpoint_prefix;  // "elasticloadbalancing"
  std::string_view signing_name;
  std::string_view service_id;  // "CloudWatch"
  std::string_view api_version;
  std::string_view xml_namespace;
  std::string_view target_prefix;  // X-Amz-Target before the dot; the service in rpc-v2-cbor paths
  std::string_view json_version;   // "1.0", "1.1" or empty
  bool query_compatible = false;   // awsQueryCompatible: errors also carry the query protocol's code
  bool global = false;             // one endpoint for all regions
  std::span<const Protocol> protocols{};
  std::span<const OperationModel> operations{};       // sorted by name
  std::span<const std::string_view> unimplemented{};  // names of the others in the model, sorted
  std::span<const RestRoute> routes{};                // rest-xml: of all operations, implemented or not

  const OperationModel* operation(std::string_view name) const;  // null if not implemented
  bool speaks(Protocol protocol) const;
};

// A value of a generated struct, owned, its type known by its Shape only (which has as_root operations).
class AnyStruct {
 public:
  explicit AnyStruct(const Shape& shape) : AnyStruct(shape, ::operator new(shape.struct_ops->size)) {
    shape.struct_ops->construct(value_);
  }
  // Runs the operation's handler; whatever it throws passes through.
  static AnyStruct result_of(const OperationModel& operation, Call& call, const void* in) {
    AnyStruct out(*operation.output, ::operator new(operation.output->struct_ops->size));
    struct Release {  // until the handler has made a value there is only memory
      AnyStruct* out;
      ~Release() {
        if (out) ::operator delete(std::exchange(out->value_, nullptr));
      }
    } release{&out};
    operation.invoke(call, in, out.value_);
    release.out = nullptr;
    return out;
  }
  AnyStruct(AnyStruct&& other) noexcept
      : shape_(other.shape_), value_(std::exchange(other.value_, nullptr)) {}
  AnyStruct& operator=(AnyStruct&&) = delete;
  ~AnyStruct() {
    if (value_ == nullptr) return;
    shape_->struct_ops->destroy(value_);
    ::operator delete(value_);
  }
  const Shape& shape() const { return *shape_; }
  void* get() { return value_; }
  const void* get() const { return value_; }

 private:
  AnyStruct(const Shape& shape, void* memory) : shape_(&shape), value_(memory) {}
  const Shape* shape_;
  void* value_;
};

// Where the member is in the struct at `value`.
inline const void* field(const Member& member, const void* value) {
  return static_cast<const char*>(value) + member.offset;
}
inline void* field(const Member& member, void* value) { return static_cast<char*>(value) + member.offset; }

}  // namespace landfall::aws
