// What a service's API has and Landfall has not: said by name, where to be silent would be a promise not
// kept.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace landfall {

struct Unsupported {
  std::string_view parameter;  // as the model spells it
  std::string_view why;        // "Landfall has no directories"
};

// Throws ServiceError(code, 400) with the first of these that the request gives. What says the same as
// nothing (null, false, an empty text or list) is not given. `request`: to_json() of the operation's input.
void refuse_unsupported(std::string_view request, std::span<const Unsupported> parameters,
                        std::string_view code);

}  // namespace landfall
