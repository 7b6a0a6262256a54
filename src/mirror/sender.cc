#include "mirror/sender.h"

#include "codec/fields.h"

namespace landfall::mirror {
namespace {

struct Name {
  std::string_view kind, id;
};

// "edge.ZoneSnapshot/Z1" without the prefix: "ZoneSnapshot", "Z1".
Name name_of(std::string_view key, size_t prefix_size) {
  key.remove_prefix(prefix_size);
  const size_t slash = key.find('/');
  LF_INVARIANT(slash != std::string_view::npos, "a mirrored document without id");
  return {key.substr(0, slash), key.substr(slash + 1)};
}

}  // namespace

Sender::Sender(store::Store& store, EventLoop& loop, std::string prefix, Barriers barriers, Send send)
    : store_(store), loop_(loop), prefix_(std::move(prefix)), barriers_(barriers), send_(std::move(send)) {
  watch_ = store_.watch(prefix_, [this](const store::Change& change) { changed(change); });
}

Sender::~Sender() {
  *alive_ = false;
  store_.unwatch(watch_);
}

void Sender::connected() {
  connected_ = true;
  Sync sync;
  store_.each(prefix_, [&](std::string_view key, const store::Document& document) {
    const Name name = name_of(key, prefix_.size());
    sync.items.push_back(
        {std::string(name.kind), std::string(name.id), static_cast<int64_t>(document.revision)});
  });
  send_(to_json(sync));
}

void Sender::received(const SyncResult& result) {
  if (!connected_) return;
  for (const Item& item : result.wanted) {
    const std::string key = prefix_ + item.kind + "/" + item.id;
    // Gone since the Sync: its Delete has been sent already.
    if (const store::Document* document = store_.find(key)) put(key, *document);
  }
  barrier_soon();
}

void Sender::changed(const store::Change& change) {
  if (!connected_) return;
  if (change.document != nullptr) {
    put(change.key, *change.document);
  } else {
    const Name name = name_of(change.key, prefix_.size());
    send_(to_json(Delete{.kind = std::string(name.kind), .id = std::string(name.id)}));
  }
  barrier_soon();
}

void Sender::put(std::string_view key, const store::Document& document) {
  const Name name = name_of(key, prefix_.size());
  send_(to_json(Put{.kind = std::string(name.kind),
                    .id = std::string(name.id),
                    .version = static_cast<int64_t>(document.revision),
                    .document = document.text}));
}

void Sender::barrier_soon() {
  if (barriers_ == Barriers::no || barrier_due_) return;
  barrier_due_ = true;
  loop_.post([this, alive = alive_] {
    if (!*alive) return;
    barrier_due_ = false;
    if (connected_) send_(to_json(Barrier{.revision = static_cast<int64_t>(store_.revision())}));
  });
}

}  // namespace landfall::mirror
