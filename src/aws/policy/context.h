// Context: the condition keys of a request and their values. Names are compared without case.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace landfall::aws::policy {

class Context {
 public:
  // Adds one value; several of one key make it multivalued.
  void add(std::string_view key, std::string value);
  // The key is present, without values (an empty tag list): for ForAllValues and Null.
  void add_empty(std::string_view key);
  const std::vector<std::string>* find(std::string_view key) const;  // nullptr: the request has no such key

 private:
  struct Entry {
    std::string key;
    std::vector<std::string> values;
  };
  std::vector<Entry> entries_;  // a dozen or two: a scan beats a map
};

}  // namespace landfall::aws::policy
