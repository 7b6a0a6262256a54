// Observations: what edge and host say is really so. Documents by (kind, id), in memory only: each role says
// all again when it connects. Kinds and structs: host/protocol.h (Workload, Interface, ...) and each
// service's snapshot.h.
//
// Threads: control's loop.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/fields.h"

namespace landfall {

class Observations {
 public:
  // The callback enqueues to a reconciler, or takes the document at once (metrics). `document` is empty when
  // the thing has been removed.
  using Watcher = std::function<void(std::string_view id, std::string_view document)>;
  void watch(std::string kind, Watcher watcher) { watchers_[std::move(kind)].push_back(std::move(watcher)); }

  template <class T>
  std::optional<T> get(std::string_view kind, std::string_view id) const {
    const std::string* text = find(kind, id);
    if (text == nullptr) return std::nullopt;
    Result<T> value = from_json<T>(*text);
    if (!value) return std::nullopt;
    return std::move(*value);
  }

  void put(std::string_view kind, std::string_view id, std::string_view document);
  void erase(std::string_view kind, std::string_view id);

 private:
  const std::string* find(std::string_view kind, std::string_view id) const;
  void tell(std::string_view kind, std::string_view id, std::string_view document);

  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> documents_;
  std::map<std::string, std::vector<Watcher>, std::less<>> watchers_;
};

}  // namespace landfall
