// Context: the condition keys of a request and their values. Names are compared without case.
//
// One is made for every request that a policy judges: all text lies in one buffer, so that it costs two
// allocations however many keys there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace landfall::aws::policy {

class Context {
 public:
  class Values;

  Context();
  // Adds one value; several of one key make it multivalued.
  void add(std::string_view key, std::string_view value);
  // The key is present, without values (an empty tag list): for ForAllValues and Null.
  void add_empty(std::string_view key);
  Values find(std::string_view key) const;

 private:
  struct Entry {
    uint32_t key_at, key_size, value_size;  // the value follows its key
    bool has_value;
  };
  static constexpr size_t kNone = SIZE_MAX;

  size_t next(size_t from, std::string_view key) const;  // the entry of that key, from there on
  std::string_view key_of(const Entry& entry) const {
    return std::string_view(text_).substr(entry.key_at, entry.key_size);
  }
  std::string_view value_of(const Entry& entry) const {
    return std::string_view(text_).substr(entry.key_at + entry.key_size, entry.value_size);
  }

  std::string text_;
  std::vector<Entry> entries_;  // a dozen or two: a scan beats a map
};

// The values of one key, in the order in which they were added. Good until the context changes; `key` too
// must stay.
class Context::Values {
 public:
  class Iterator {
   public:
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(const Values* values, size_t at) : values_(values), at_(at) {}
    std::string_view operator*() const {
      return values_->context_->value_of(values_->context_->entries_[at_]);
    }
    Iterator& operator++() {
      at_ = values_->context_->next(at_ + 1, values_->key_);
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const Values* values_ = nullptr;
    size_t at_ = kNone;
  };

  bool present() const { return first_ != kNone; }  // perhaps without values
  bool empty() const { return begin() == end(); }
  bool is_single() const { return !empty() && ++begin() == end(); }
  std::string_view front() const { return *begin(); }
  Iterator begin() const { return {this, has_values_ ? first_ : kNone}; }
  Iterator end() const { return {this, kNone}; }

 private:
  friend class Context;
  Values(const Context& context, std::string_view key);

  const Context* context_;
  std::string_view key_;
  size_t first_;
  bool has_values_;
};

}  // namespace landfall::aws::policy
