#include "services/ec2/image_parameters.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "aws/protocol/invoke_json.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {
namespace {

namespace json = boost::json;

constexpr std::string_view kPrefix = "resolve:ssm:";

const aws::OperationModel& get_parameters(const Call& call) {
  for (const aws::ServiceModel* service : call.plane.services)
    if (service->name == "ssm")
      if (const aws::OperationModel* operation = service->operation("GetParameters")) return *operation;
  throw ServiceError("InternalError", 500, "there is no ssm:GetParameters in this process");
}

// ssm:GetParameters is asked for the parameter itself, without version or label.
std::string arn_of(const Call& call, const std::string& name) {
  const std::string bare = name.substr(0, name.find(':'));
  return call.arn("ssm", "parameter" + std::string(bare.starts_with('/') ? "" : "/") + bare);
}

}  // namespace

std::string resolved_image(const Call& call, const std::string& image) {
  if (!image.starts_with(kPrefix)) return image;
  const std::string name = image.substr(kPrefix.size());
  call.authorize("ssm:GetParameters", arn_of(call, name), {});
  Call inner = call.as_service("ec2.amazonaws.com");
  const json::object found = json::parse(aws::invoke_json(inner, get_parameters(call),
                                                          json::serialize(json::object{{"Names", {name}}})))
                                 .as_object();
  const auto* parameters = found.if_contains("Parameters");
  if (parameters == nullptr || parameters->as_array().empty())
    throw_invalid(fmt::format("The parameter '{}' that the image id names does not exist.", name));
  return std::string(parameters->as_array()[0].as_object().at("Value").as_string());
}

}  // namespace landfall::ec2
