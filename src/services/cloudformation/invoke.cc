#include "services/cloudformation/invoke.h"

#include <boost/json.hpp>

#include "aws/protocol/json_shape.h"
#include "aws/protocol/shape.h"
#include "aws/protocol/validate.h"
#include "services/cloudformation/store.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;

const aws::OperationModel& operation_of(const ControlPlane& plane, std::string_view service,
                                        std::string_view operation) {
  for (const aws::ServiceModel* model : plane.services)
    if (model->name == service)
      if (const aws::OperationModel* found = model->operation(operation)) return *found;
  throw ServiceError(
      "NotImplemented", 501,
      std::string(service) + ":" + std::string(operation) + " is not implemented by Landfall yet");
}

// CloudFront's API has {Quantity, Items, perhaps Enabled} where templates have the plain list, or {Items}.
void count_items(const aws::Shape& shape, json::value& value) {
  if (shape.member("Quantity") == nullptr || shape.member("Items") == nullptr) return;
  if (value.is_array()) {
    const json::array items = value.as_array();
    value = json::object{};
    if (!items.empty()) value.as_object()["Items"] = items;
    if (shape.member("Enabled") != nullptr) value.as_object()["Enabled"] = !items.empty();
  }
  if (!value.is_object() || value.as_object().contains("Quantity")) return;
  const auto* items = value.as_object().if_contains("Items");
  value.as_object()["Quantity"] =
      items != nullptr && items->is_array() ? static_cast<int64_t>(items->as_array().size()) : 0;
}

// Templates write numbers and booleans as strings where they please ("80", "true") and strings as numbers;
// the model says which it is.
void coerce(const aws::Shape& shape, json::value& value, const std::string& path) {
  switch (shape.kind) {
    case aws::Kind::structure: {
      count_items(shape, value);
      if (!value.is_object()) return;
      for (auto& member : value.as_object()) {
        const std::string name(member.key());
        const aws::Member* known = shape.member(name);
        if (known == nullptr)
          throw ServiceError("ValidationError", 400,
                             "Properties validation failed with message:\n#" + path + ": extraneous key [" +
                                 name + "] is not permitted");
        coerce(*known->shape, member.value(), path + "/" + name);
      }
      return;
    }
    case aws::Kind::list: {
      if (value.is_string()) value = json::array{value};  // one where a list is wanted
      if (!value.is_array()) return;
      size_t index = 0;
      for (auto& item : value.as_array()) coerce(*shape.element, item, path + "/" + std::to_string(index++));
      return;
    }
    case aws::Kind::map:
      if (value.is_object())
        for (auto& member : value.as_object())
          coerce(*shape.element, member.value(), path + "/" + std::string(member.key()));
      return;
    case aws::Kind::string:
      if (value.is_number() || value.is_bool()) value = json::string(json::serialize(value));
      return;
    case aws::Kind::boolean:
      if (value.is_string() && (value.as_string() == "true" || value.as_string() == "false"))
        value = value.as_string() == "true";
      return;
    case aws::Kind::integer:
    case aws::Kind::long_:
    case aws::Kind::float_:
    case aws::Kind::double_:
      if (value.is_string()) {
        boost::system::error_code error;
        json::value number = json::parse(value.as_string(), error);
        if (!error && number.is_number()) value = std::move(number);
      }
      return;
    default:
      return;
  }
}

Caller caller_from(const Call& call, const StackCaller& stored) {
  return {.kind = static_cast<CallerKind>(stored.kind),
          .account = call.account,
          .arn = stored.arn,
          .user_id = stored.user_id,
          .access_key_id = stored.access_key_id,
          .role_arn = stored.role_arn,
          .session_name = stored.session_name,
          .secure_transport = true};
}

}  // namespace

json::object invoke(Call& call, const StackCaller& caller, std::string_view service,
                    std::string_view operation_name, const json::object& given) {
  const aws::OperationModel& operation = operation_of(call.plane, service, operation_name);
  json::value input = given;
  coerce(*operation.input, input, "");
  aws::AnyStruct in(*operation.input);
  if (auto read = aws::shape_from_json(*operation.input, json::serialize(input), in.get()); !read)
    throw ServiceError("ValidationError", 400, "Properties validation failed: " + read.error().message);
  aws::validate_input(operation.service->protocols.front(), operation, in.get());
  Call inner = call;
  inner.caller = caller_from(call, caller);
  inner.authorize = call.plane.authorize_call(inner.caller, call);
  call.plane.authorize_operation(inner, operation, in.get());
  // Authorised with the caller's rights; from here on it is CloudFormation that calls, which may set tags
  // "aws:...".
  inner.caller.kind = CallerKind::service;
  inner.caller.service = "cloudformation.amazonaws.com";
  const aws::AnyStruct out = aws::AnyStruct::result_of(operation, inner, in.get());
  const json::value result = json::parse(aws::shape_to_json(out.shape(), out.get()));
  return result.is_object() ? result.as_object() : json::object();
}

std::string s3_principal(const Call& call, const StackCaller& caller) {
  return json::serialize(json::object{{"kind", caller.kind},
                                      {"account", call.account},
                                      {"arn", caller.arn},
                                      {"user_id", caller.user_id},
                                      {"role_arn", caller.role_arn},
                                      {"session_name", caller.session_name},
                                      {"via", "cloudformation.amazonaws.com"}});
}

}  // namespace landfall::cloudformation
