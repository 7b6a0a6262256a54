// Box<T>: an optional T kept on the heap, so that a generated shape may contain itself (elbv2, s3 and
// cloudfront have a few such shapes). Copies deeply; empty by default.
#pragma once

#include <memory>
#include <utility>

namespace landfall::aws {

template <class T>
class Box {
 public:
  Box() = default;
  Box(T value) : value_(new T(std::move(value))) {}  // NOLINT: as std::optional converts
  Box(const Box& other) : value_(other.value_ ? new T(*other.value_) : nullptr) {}
  Box(Box&&) noexcept = default;
  Box& operator=(const Box& other) {
    if (this != &other) value_.reset(other.value_ ? new T(*other.value_) : nullptr);
    return *this;
  }
  Box& operator=(Box&&) noexcept = default;

  bool has_value() const { return value_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }
  T& emplace() {
    value_.reset(new T());
    return *value_;
  }
  void reset() { value_.reset(); }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace landfall::aws
