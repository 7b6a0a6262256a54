#include "gateway/observations.h"

namespace landfall {

const std::string* Observations::find(std::string_view kind, std::string_view id) const {
  auto by_id = documents_.find(kind);
  if (by_id == documents_.end()) return nullptr;
  auto it = by_id->second.find(id);
  return it == by_id->second.end() ? nullptr : &it->second;
}

void Observations::put(std::string_view kind, std::string_view id, std::string_view document) {
  documents_[std::string(kind)].insert_or_assign(std::string(id), std::string(document));
  tell(kind, id, document);
}

void Observations::erase(std::string_view kind, std::string_view id) {
  if (find(kind, id) == nullptr) return;
  documents_.find(kind)->second.erase(documents_.find(kind)->second.find(id));
  tell(kind, id, {});
}

void Observations::tell(std::string_view kind, std::string_view id, std::string_view document) {
  auto it = watchers_.find(kind);
  if (it == watchers_.end()) return;
  for (const Watcher& watcher : it->second) watcher(id, document);
}

}  // namespace landfall
