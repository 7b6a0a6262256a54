#include "aws/policy/context.h"

#include "http/message.h"

namespace landfall::aws::policy {

const std::vector<std::string>* Context::find(std::string_view key) const {
  for (const Entry& entry : entries_)
    if (http::equals_ignoring_case(entry.key, key)) return &entry.values;
  return nullptr;
}

void Context::add_empty(std::string_view key) {
  if (find(key) == nullptr) entries_.push_back({std::string(key), {}});
}

void Context::add(std::string_view key, std::string value) {
  add_empty(key);
  const_cast<std::vector<std::string>*>(find(key))->push_back(std::move(value));
}

}  // namespace landfall::aws::policy
