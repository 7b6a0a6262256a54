// YAML 1.1 as CloudFormation reads it, to JSON: scalars typed by the core rules, short forms (!Ref, !GetAtt
// a.b, !Sub ...) expanded to their long forms. Aliases are refused (CloudFormation does, and they can blow
// up).
#pragma once

#include <boost/json/value.hpp>
#include <string_view>

namespace landfall::cloudformation {

// Text that starts with '{' is read as JSON. Throws ServiceError("ValidationError").
boost::json::value parse_template_text(std::string_view text);

}  // namespace landfall::cloudformation
