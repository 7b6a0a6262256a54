// Secret: a string that cannot be printed, logged or compared in variable time; wiped when it dies.
#pragma once

#include <string>
#include <string_view>

namespace landfall {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) noexcept = default;
  ~Secret();

  // The only way to the value; the name makes each use easy to review.
  const std::string& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }
  // Constant time in the length of the values.
  bool equals(std::string_view other) const;

 private:
  std::string value_;
};

}  // namespace landfall
