// Store: the control plane's state. A revisioned key-value store with transactions and watches, shaped like
// etcd's: every commit gets the next revision; every document knows the revision that last wrote it.
//
// Documents are JSON texts under keys "<table>/<id>". Tables are typed: a decoded document is kept beside its
// text, so reading one costs a map look-up and no parsing.
//
//   inline constexpr store::Table<VpcRecord> kVpcs{"ec2.vpc"};
//   std::shared_ptr<const VpcRecord> vpc = txn.get(kVpcs, "123456789012/us-east-1/vpc-1");   // null if
//   absent txn.put(kVpcs, id, record);   txn.erase(kVpcs, id); txn.each(kVpcs, "123456789012/us-east-1/",
//   [&](std::string_view id, const VpcRecord& vpc) { ... });
//
// Threads: one; all calls on the loop that owns it. Durability: commit() returns after the write is synced.
// Transactions do not overlap: handlers and reconcile steps are synchronous, so each sees all that was
// committed before.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/fields.h"
#include "store/backend.h"

namespace landfall::store {

using Revision = uint64_t;

template <class T>
struct Table {
  const char* name;  // "<service>.<thing>", without '/'
};

struct Document {
  std::string text;
  Revision revision = 0;
  std::shared_ptr<const void> decoded;  // of the table's type, once somebody read it; see Txn::get
};

struct Change {
  std::string_view key;  // whole: "<table>/<id>"
  std::string_view id;
  const Document* document;  // nullptr: erased
  Revision revision;
};

class Store;

// A transaction: sees its own writes; commit() makes them durable and tells the watchers, or nothing happens.
class Txn {
 public:
  explicit Txn(Store& store) : store_(store) {}
  Txn(const Txn&) = delete;
  Txn& operator=(const Txn&) = delete;

  template <class T>
  std::shared_ptr<const T> get(const Table<T>& table, std::string_view id) const;
  template <class T>
  void put(const Table<T>& table, std::string_view id, T value);
  template <class T>
  void erase(const Table<T>& table, std::string_view id) {
    erase_key(key_of(table.name, id));
  }
  // In order of ids, those that start with `id_prefix`. Do not write to the same table inside `visit`.
  template <class T>
  void each(const Table<T>& table, std::string_view id_prefix,
            const std::function<void(std::string_view id, const T&)>& visit) const;
  template <class T>
  std::vector<std::pair<std::string, std::shared_ptr<const T>>> all(const Table<T>& table,
                                                                    std::string_view id_prefix = {}) const;

  // Documents whose type only others know (mirrors to edge and host, inspection).
  void put_text(std::string key, std::string text, std::shared_ptr<const void> decoded = {});
  void erase_key(std::string key);
  const Document* find(std::string_view key) const;

  bool empty() const { return writes_.empty(); }
  size_t savepoint() const { return undo_.size(); }
  void rollback_to(size_t savepoint);  // forgets the writes after it
  // After this the Txn is empty and may be used again. The revision is the store's if there was nothing to
  // write.
  Result<Revision> commit();

  static std::string key_of(std::string_view table, std::string_view id);

 private:
  template <class T>
  static std::shared_ptr<const T> decode(const Document& document, std::string_view key);
  void each_document(std::string_view key_prefix,
                     const std::function<void(std::string_view key, const Document&)>& visit) const;

  struct Undo {
    std::string key;
    bool had_write;
    std::shared_ptr<Document> write;  // null: an erasure, if had_write
  };

  Store& store_;
  std::map<std::string, std::shared_ptr<Document>, std::less<>> writes_;  // null: erase
  std::vector<Undo> undo_;
};

using WatchId = uint64_t;

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(std::unique_ptr<Backend> backend);

  Revision revision() const { return revision_; }
  const Document* find(std::string_view key) const;
  void each(std::string_view key_prefix,
            const std::function<void(std::string_view key, const Document&)>& visit) const;

  // Called after each commit for each changed key with that prefix, in order of keys. The callback must not
  // commit (enqueue to a reconciler instead).
  WatchId watch(std::string key_prefix, std::function<void(const Change&)> callback);
  template <class T>
  WatchId watch(const Table<T>& table, std::function<void(const Change&)> callback) {
    return watch(std::string(table.name) + "/", std::move(callback));
  }
  void unwatch(WatchId id);

 private:
  friend class Txn;
  explicit Store(std::unique_ptr<Backend> backend) : backend_(std::move(backend)) {}
  Result<Revision> apply(std::map<std::string, std::shared_ptr<Document>, std::less<>>& writes);

  struct Watch {
    std::string prefix;
    std::function<void(const Change&)> callback;
  };

  std::unique_ptr<Backend> backend_;
  std::map<std::string, Document, std::less<>> documents_;
  Revision revision_ = 0;
  std::map<WatchId, Watch> watches_;
  WatchId last_watch_ = 0;
  bool notifying_ = false;
};

template <class T>
std::shared_ptr<const T> Txn::decode(const Document& document, std::string_view key) {
  if (!document.decoded) {
    Result<T> value = from_json<T>(document.text);
    LF_INVARIANT(value.has_value(),
                 "a stored document does not load: " + std::string(key) + ": " + value.error().message);
    const_cast<Document&>(document).decoded =
        std::make_shared<const T>(std::move(*value));  // a cache, not state
  }
  return std::static_pointer_cast<const T>(document.decoded);
}

template <class T>
std::shared_ptr<const T> Txn::get(const Table<T>& table, std::string_view id) const {
  const std::string key = key_of(table.name, id);
  const Document* document = find(key);
  return document == nullptr ? nullptr : decode<T>(*document, key);
}

template <class T>
void Txn::put(const Table<T>& table, std::string_view id, T value) {
  std::string text = to_json(value);
  put_text(key_of(table.name, id), std::move(text), std::make_shared<const T>(std::move(value)));
}

template <class T>
void Txn::each(const Table<T>& table, std::string_view id_prefix,
               const std::function<void(std::string_view, const T&)>& visit) const {
  const size_t skip = std::string_view(table.name).size() + 1;
  each_document(key_of(table.name, id_prefix), [&](std::string_view key, const Document& document) {
    visit(key.substr(skip), *decode<T>(document, key));
  });
}

template <class T>
std::vector<std::pair<std::string, std::shared_ptr<const T>>> Txn::all(const Table<T>& table,
                                                                       std::string_view id_prefix) const {
  std::vector<std::pair<std::string, std::shared_ptr<const T>>> rows;
  const size_t skip = std::string_view(table.name).size() + 1;
  each_document(key_of(table.name, id_prefix), [&](std::string_view key, const Document& document) {
    rows.emplace_back(key.substr(skip), decode<T>(document, key));
  });
  return rows;
}

}  // namespace landfall::store
