// Receiver: edge's side of a mirror. Keeps the last of each document on disk, so that edge starts and serves
// without control: open() loads them and tells them as if they had just come.
//
// On disk: <folder>/<kind>/<id percent-encoded>, "<version>\n<document>", written beside and renamed; and
// <folder>/complete once it has been complete. A cache: not synced; one that a power cut tore is dropped and
// comes again from control. Threads: one loop's.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "mirror/messages.h"

namespace landfall::mirror {

class Receiver {
 public:
  // document: nullptr when it is gone.
  using OnChange =
      std::function<void(std::string_view kind, std::string_view id, const std::string* document)>;
  using Send = std::function<void(std::string json)>;

  Receiver(std::string folder, OnChange on_change, Send send)
      : folder_(std::move(folder)), on_change_(std::move(on_change)), send_(std::move(send)) {}

  Result<> open();                       // loads what is on disk; tells each
  void received(std::string_view json);  // a message of the sender; others are ignored
  // `told` is called once, when there is something to serve: now if it had been complete before it was
  // closed, else when all that the sender had as it connected have come.
  void when_complete(std::move_only_function<void()> told);

  // (kind, id) -> version, for the admin page.
  std::map<std::pair<std::string, std::string>, int64_t> versions() const;

 private:
  struct Entry {
    int64_t version;
    std::string document;
  };
  using Key = std::pair<std::string, std::string>;

  void sync(const Sync& sync);
  void put(const Put& put);
  void forget(const Key& key);
  std::string path_of(const Key& key) const;
  Result<> save(const Key& key, const Entry& entry) const;

  std::string folder_;
  OnChange on_change_;
  Send send_;
  void check_complete();

  std::map<Key, Entry> entries_;
  std::set<Key> missing_;  // of the last Sync
  bool complete_ = false;
  std::move_only_function<void()> told_;
};

}  // namespace landfall::mirror
