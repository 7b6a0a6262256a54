#include "aws/protocol/validate.h"

#include <algorithm>

#include "aws/protocol/value.h"
#include "aws/service_error.h"

namespace landfall::aws {

namespace {

std::string lower_first(std::string_view name) {
  std::string out(name);
  // "DBInstanceIdentifier" is "dBInstanceIdentifier" in AWS's messages too.
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] + 32);
  return out;
}

size_t utf8_characters(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string number(double value) {
  return value == static_cast<double>(static_cast<int64_t>(value))
             ? std::to_string(static_cast<int64_t>(value))
             : std::to_string(value);
}

class Finder {
 public:
  explicit Finder(EmptyRequired empty_required) : empty_required_(empty_required) {}

  void structure(const Shape& shape, const void* object, const std::string& path, bool in_body) {
    for (const Member& m : shape.members) {
      if (found_.size() >= max_violations) return;
      const bool body = in_body && m.location == Location::body;
      const std::string at = path.empty() ? lower_first(m.name) : path + "." + lower_first(m.name);
      const void* value = value_of(m, object);
      const bool container = m.shape->kind == Kind::list || m.shape->kind == Kind::map;
      const bool empty = container && !has_content(m, object);
      const bool missing =
          value == nullptr || (empty && (m.flattened || empty_required_ == EmptyRequired::missing));
      if (m.required && missing)
        add(Violation::Kind::missing, at, m.name, "null", "Member must not be null", body);
      if (missing || (empty && !m.required)) continue;
      check(*m.shape, value, at, m.name, body);
    }
  }

  std::vector<Violation> take() { return std::move(found_); }

 private:
  void add(Violation::Kind kind, const std::string& path, std::string_view member, std::string value,
           std::string constraint, bool in_body) {
    found_.push_back({kind, path, std::string(member), std::move(value), std::move(constraint), in_body});
  }

  void check(const Shape& shape, const void* value, const std::string& path, std::string_view member,
             bool in_body) {
    switch (shape.kind) {
      case Kind::structure:
        structure(shape, value, path, in_body);
        return;
      case Kind::list: {
        const size_t count = shape.list_ops->size(value);
        check_length(shape, count, "[...]", path, member, in_body);
        for (size_t i = 0; i < count && found_.size() < max_violations; ++i)
          check(*shape.element, shape.list_ops->at(value, i), path + "." + std::to_string(i + 1) + ".member",
                member, in_body);
        return;
      }
      case Kind::map:
        check_map(shape, value, path, member, in_body);
        return;
      case Kind::string:
        check_string(shape, *static_cast<const std::string*>(value), path, member, in_body);
        return;
      case Kind::blob:
        check_length(shape, static_cast<const std::string*>(value)->size(), "java.nio.HeapByteBuffer", path,
                     member, in_body);
        return;
      case Kind::integer:
      case Kind::long_:
        check_number(shape, static_cast<double>(*static_cast<const int64_t*>(value)), path, member, in_body);
        return;
      case Kind::float_:
      case Kind::double_:
        check_number(shape, *static_cast<const double*>(value), path, member, in_body);
        return;
      case Kind::boolean:
      case Kind::timestamp:
        return;
    }
  }

  void check_map(const Shape& shape, const void* value, const std::string& path, std::string_view member,
                 bool in_body) {
    check_length(shape, shape.map_ops->size(value), "{...}", path, member, in_body);
    struct Context {
      Finder* finder;
      const Shape* shape;
      const std::string* path;
      std::string_view member;
      bool in_body;
    } context{this, &shape, &path, member, in_body};
    shape.map_ops->each(value, &context, [](void* c, const std::string& key, const void* entry) {
      const Context& x = *static_cast<Context*>(c);
      if (x.finder->found_.size() >= max_violations) return;
      x.finder->check_string(*x.shape->key, key, *x.path + ".key", x.member, x.in_body);
      x.finder->check(*x.shape->element, entry, *x.path + "." + key + ".member", x.member, x.in_body);
    });
  }

  void check_length(const Shape& shape, size_t length, const std::string& value, const std::string& path,
                    std::string_view member, bool in_body) {
    const Bounds& b = shape.bounds;
    const auto count = static_cast<double>(length);
    const std::string shown = shape.sensitive ? "***" : value;
    if (b.has_min && count < b.min)
      add(Violation::Kind::length, path, member, shown,
          "Member must have length greater than or equal to " + number(b.min), in_body);
    if (b.has_max && count > b.max)
      add(Violation::Kind::length, path, member, shown,
          "Member must have length less than or equal to " + number(b.max), in_body);
  }

  void check_number(const Shape& shape, double value, const std::string& path, std::string_view member,
                    bool in_body) {
    const Bounds& b = shape.bounds;
    if (b.has_min && value < b.min)
      add(Violation::Kind::value, path, member, number(value),
          "Member must have value greater than or equal to " + number(b.min), in_body);
    if (b.has_max && value > b.max)
      add(Violation::Kind::value, path, member, number(value),
          "Member must have value less than or equal to " + number(b.max), in_body);
  }

  void check_string(const Shape& shape, const std::string& value, const std::string& path,
                    std::string_view member, bool in_body) {
    check_length(shape, utf8_characters(value), value, path, member, in_body);
    const std::string shown = shape.sensitive ? "***" : value;
    if (!shape.enum_values.empty() &&
        std::ranges::find(shape.enum_values, value) == shape.enum_values.end()) {
      std::string set;
      for (const std::string_view allowed : shape.enum_values)
        set += (set.empty() ? "" : ", ") + std::string(allowed);
      add(Violation::Kind::enumeration, path, member, shown,
          "Member must satisfy enum value set: [" + set + "]", in_body);
    }
    if (!shape.pattern.empty() && !matches_pattern(shape.pattern, value))
      add(Violation::Kind::pattern, path, member, shown,
          "Member must satisfy regular expression pattern: " + std::string(shape.pattern), in_body);
  }

  EmptyRequired empty_required_;
  std::vector<Violation> found_;
};

std::string sentence(const std::vector<Violation>& violations) {
  std::string text =
      std::to_string(violations.size()) +
      (violations.size() == 1 ? " validation error detected: " : " validation errors detected: ");
  for (size_t i = 0; i < violations.size(); ++i) {
    const Violation& v = violations[i];
    const std::string value = v.kind == Violation::Kind::missing ? "null" : "'" + v.value + "'";
    text += (i > 0 ? "; Value " : "Value ") + value + " at '" + v.path +
            "' failed to satisfy constraint: " + v.constraint;
  }
  return text;
}

// EC2 leaves enumerations, lengths and patterns to the operations, which answer with codes of their own.
[[noreturn]] void throw_ec2(const Violation& v) {
  if (v.kind == Violation::Kind::missing)
    throw ServiceError("MissingParameter", 400, "The request must contain the parameter " + v.member);
  throw ServiceError("InvalidParameterValue", 400,
                     "Value ( " + v.value + " ) for parameter " + lower_first(v.member) + " is invalid. " +
                         v.constraint + ".");
}

// S3 reports a body that breaks the schema as such, whatever breaks it.
[[noreturn]] void throw_s3(const Violation& v) {
  if (v.in_body)
    throw ServiceError(
        "MalformedXML", 400,
        "The XML you provided was not well-formed or did not validate against our published schema");
  ServiceError error("InvalidArgument", 400,
                     v.kind == Violation::Kind::missing ? "A required argument is missing: " + v.member
                                                        : "Invalid argument: " + v.constraint);
  error.details["ArgumentName"] = v.member;
  error.details["ArgumentValue"] = v.value;
  throw error;
}

[[noreturn]] void throw_cloudfront(const std::vector<Violation>& violations) {
  const Violation& v = violations.front();
  if (v.kind == Violation::Kind::missing)
    throw ServiceError(v.in_body ? "MalformedXML" : "InvalidArgument", 400,
                       v.in_body ? sentence(violations) : "The parameter " + v.member + " is required.");
  throw ServiceError(v.kind == Violation::Kind::enumeration ? "MalformedXML" : "InvalidArgument", 400,
                     sentence(violations));
}

bool is_checked(const OperationModel& operation, Protocol protocol, const Violation& v) {
  if (protocol == Protocol::ec2)
    return v.kind == Violation::Kind::missing || v.kind == Violation::Kind::value;
  // S3's headers and query parameters: the handlers know better (unknown storage classes, encodings, ...).
  if (operation.service->name == "s3")
    return v.kind == Violation::Kind::missing || (v.in_body && v.kind == Violation::Kind::enumeration);
  return true;
}

}  // namespace

std::vector<Violation> find_violations(const Shape& shape, const void* value, EmptyRequired empty_required) {
  Finder finder(empty_required);
  finder.structure(shape, value, {}, true);
  return finder.take();
}

void validate_input(Protocol protocol, const OperationModel& operation, const void* in) {
  const bool query = protocol == Protocol::query || protocol == Protocol::ec2;
  std::vector<Violation> violations =
      find_violations(*operation.input, in, query ? EmptyRequired::missing : EmptyRequired::allowed);
  std::erase_if(violations, [&](const Violation& v) { return !is_checked(operation, protocol, v); });
  if (violations.empty()) return;
  const Violation& first = violations.front();
  const std::string_view service = operation.service->name;
  if (protocol == Protocol::ec2) throw_ec2(first);
  if (service == "s3") throw_s3(first);
  if (service == "cloudfront") throw_cloudfront(violations);
  if (service == "route53") throw ServiceError("InvalidInput", 400, sentence(violations));
  const bool names_missing = service == "rds" || service == "elasticache" || service == "cloudwatch";
  if (names_missing && first.kind == Violation::Kind::missing)
    throw ServiceError("MissingParameter", 400,
                       "The request must contain the parameter " + first.member + ".");
  throw ServiceError(protocol == Protocol::query ? "ValidationError" : "ValidationException", 400,
                     sentence(violations));
}

}  // namespace landfall::aws
