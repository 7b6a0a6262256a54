#include "gateway/refuse.h"

#include <boost/json.hpp>

#include "aws/service_error.h"

namespace landfall {
namespace {

bool is_given(const boost::json::value* value) {
  if (value == nullptr || value->is_null()) return false;
  if (const bool* flag = value->if_bool()) return *flag;
  if (const auto* text = value->if_string()) return !text->empty();
  if (const auto* list = value->if_array()) return !list->empty();
  if (const auto* members = value->if_object()) return !members->empty();
  return true;
}

}  // namespace

void refuse_unsupported(std::string_view request, std::span<const Unsupported> parameters,
                        std::string_view code) {
  const boost::json::value parsed = boost::json::parse({request.data(), request.size()});
  for (const Unsupported& each : parameters)
    if (is_given(parsed.as_object().if_contains({each.parameter.data(), each.parameter.size()})))
      throw ServiceError(std::string(code), 400,
                         "The parameter " + std::string(each.parameter) +
                             " is not supported: " + std::string(each.why) + ".");
}

}  // namespace landfall
