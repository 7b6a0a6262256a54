// What an operation's model has and Landfall has not: a table of parameters beside the operations, asked in
// one place, so that nobody's request is taken without what it asked for.
//
//   constexpr aws::Refusal kRefused[] = {{"InstanceMarketOptions", "Landfall has no Spot Instances"},
//                                        {"HibernationOptions.Configured", "...", "false"}};
//   if (const auto refused = aws::refused_in(in, kRefused)) throw ...(refused->parameter ...)
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aws/protocol/shape.h"

namespace landfall::aws {

struct Refusal {
  std::string_view
      parameter;              // names of the model, through structures and lists: "NetworkInterfaces.Primary"
  std::string_view why;       // a sentence's second half: "Landfall has no Spot Instances"
  std::string_view harmless;  // a scalar's text that says no more than to leave it out: "false", "0"
};

struct Refused {
  std::string parameter;  // as given: "NetworkInterfaces.2.Primary"
  std::string value;      // of a scalar, unless it is sensitive
  std::string_view why;
  std::string message() const;  // "The parameter Domain (d-1) is not supported: Landfall has no directories."
};

enum class RefusalTable : uint8_t {
  of_this_shape,  // a parameter that the shape has not is a slip of the table's
  shared,         // of several operations, not each of which has each parameter
};

// The first of `refusals` that the value has; none where it has none of them.
std::optional<Refused> refused_in(const Shape& shape, const void* value, std::span<const Refusal> refusals,
                                  RefusalTable table);

template <class T>
std::optional<Refused> refused_in(const T& value, std::span<const Refusal> refusals,
                                  RefusalTable table = RefusalTable::of_this_shape) {
  return refused_in(shape_of(static_cast<const T*>(nullptr)), &value, refusals, table);
}

// For the test of a shared table: whether the shape has such a parameter.
bool has_parameter(const Shape& shape, std::string_view parameter);

}  // namespace landfall::aws
