#include "roles/edge_observations.h"

#include "codec/fields.h"
#include "mirror/messages.h"

namespace landfall::roles {

void EdgeObservations::say(std::string kind, std::string id, std::string document, Keep keep) {
  main_.post([this, kind = std::move(kind), id = std::move(id), document = std::move(document), keep] {
    if (document.empty())
      kept_.erase({kind, id});
    else if (keep == Keep::yes)
      kept_[{kind, id}] = document;
    send(kind, id, document);
  });
}

void EdgeObservations::say_all() {
  for (const auto& [key, document] : kept_) send(key.first, key.second, document);
}

void EdgeObservations::send(const std::string& kind, const std::string& id, const std::string& document) {
  send_(to_json(mirror::Observed{.kind = kind, .id = id, .document = document}));
}

}  // namespace landfall::roles
