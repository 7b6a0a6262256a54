#include "aws/policy/context.h"

#include "base/ascii.h"

namespace landfall::aws::policy {
namespace {

// What a request usually has.
constexpr size_t kUsualBytes = 1024, kUsualKeys = 32;

}  // namespace

Context::Context() {
  text_.reserve(kUsualBytes);
  entries_.reserve(kUsualKeys);
}

size_t Context::next(size_t from, std::string_view key) const {
  for (size_t at = from; at < entries_.size(); ++at)
    if (equals_ignoring_case(key_of(entries_[at]), key)) return at;
  return kNone;
}

Context::Values Context::find(std::string_view key) const { return {*this, key}; }

void Context::add_empty(std::string_view key) {
  if (next(0, key) != kNone) return;
  entries_.push_back({static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(key.size()), 0, false});
  text_.append(key);
}

void Context::add(std::string_view key, std::string_view value) {
  entries_.push_back({static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(key.size()),
                      static_cast<uint32_t>(value.size()), true});
  text_.append(key).append(value);
}

// A key that was there without values has them from where one was added.
Context::Values::Values(const Context& context, std::string_view key)
    : context_(&context), key_(key), first_(context.next(0, key)), has_values_(false) {
  for (size_t at = first_; at != kNone; at = context.next(at + 1, key)) {
    if (!context.entries_[at].has_value) continue;
    first_ = at;
    has_values_ = true;
    return;
  }
}

}  // namespace landfall::aws::policy
