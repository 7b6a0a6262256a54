// Sender: control's side of a mirror: the store's documents under a prefix, told to one peer as they change.
// Threads: the store's. The caller owns the Channel and passes its events on.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "mirror/messages.h"
#include "runtime/event_loop.h"
#include "store/store.h"

namespace landfall::mirror {

enum class Barriers { yes, no };  // host does not know them

class Sender {
 public:
  using Send = std::function<void(std::string json)>;
  // `prefix` e.g. "edge.": a document "edge.ZoneSnapshot/Z1" is kind ZoneSnapshot, id Z1.
  Sender(store::Store& store, EventLoop& loop, std::string prefix, Barriers barriers, Send send);
  ~Sender();
  Sender(const Sender&) = delete;

  void connected();
  void disconnected() { connected_ = false; }
  void received(const SyncResult& result);
  bool is_connected() const { return connected_; }

 private:
  void changed(const store::Change& change);
  void put(std::string_view key, const store::Document& document);
  void barrier_soon();

  store::Store& store_;
  EventLoop& loop_;
  std::string prefix_;
  Barriers barriers_;
  Send send_;
  store::WatchId watch_;
  bool connected_ = false;
  bool barrier_due_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace landfall::mirror
