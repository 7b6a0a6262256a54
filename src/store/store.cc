#include "store/store.h"

namespace landfall::store {
namespace {

// Where the backend keeps the revision; sorts before every table.
constexpr std::string_view kRevisionKey = "!revision";

// A stored value is "<revision> <text>".
std::string with_revision(Revision revision, const std::string& text) {
  return std::to_string(revision) + " " + text;
}

}  // namespace

std::string Txn::key_of(std::string_view table, std::string_view id) {
  std::string key;
  key.reserve(table.size() + 1 + id.size());
  key.append(table).append("/").append(id);
  return key;
}

const Document* Txn::find(std::string_view key) const {
  if (auto it = writes_.find(key); it != writes_.end()) return it->second.get();
  return store_.find(key);
}

void Txn::put_text(std::string key, std::string text, std::shared_ptr<const void> decoded) {
  auto document = std::make_shared<Document>();
  document->text = std::move(text);
  document->decoded = std::move(decoded);
  auto [it, fresh] = writes_.try_emplace(key);
  undo_.push_back({std::move(key), !fresh, it->second});
  it->second = std::move(document);
}

void Txn::erase_key(std::string key) {
  auto [it, fresh] = writes_.try_emplace(key);
  undo_.push_back({std::move(key), !fresh, it->second});
  it->second = nullptr;
}

void Txn::rollback_to(size_t savepoint) {
  while (undo_.size() > savepoint) {
    Undo undo = std::move(undo_.back());
    undo_.pop_back();
    if (undo.had_write) {
      writes_[undo.key] = std::move(undo.write);
    } else {
      writes_.erase(undo.key);
    }
  }
}

void Txn::each_document(std::string_view key_prefix,
                        const std::function<void(std::string_view, const Document&)>& visit) const {
  // A merge of the committed documents and this transaction's writes, both in order of keys.
  auto stored = store_.documents_.lower_bound(key_prefix);
  auto written = writes_.lower_bound(key_prefix);
  const auto in_range = [&](const auto& it, const auto& map) {
    return it != map.end() && it->first.starts_with(key_prefix);
  };
  while (true) {
    const bool has_stored = in_range(stored, store_.documents_);
    const bool has_written = in_range(written, writes_);
    if (!has_stored && !has_written) return;
    if (has_written && (!has_stored || written->first <= stored->first)) {
      if (has_stored && written->first == stored->first) ++stored;
      if (written->second) visit(written->first, *written->second);
      ++written;
    } else {
      visit(stored->first, stored->second);
      ++stored;
    }
  }
}

Result<Revision> Txn::commit() {
  if (writes_.empty()) return store_.revision();
  auto writes = std::move(writes_);
  writes_.clear();
  undo_.clear();
  return store_.apply(writes);
}

Result<std::unique_ptr<Store>> Store::open(std::unique_ptr<Backend> backend) {
  std::unique_ptr<Store> store(new Store(std::move(backend)));
  std::string bad;
  LF_CHECK(store->backend_->load([&](std::string_view key, std::string_view value) {
    if (key == kRevisionKey) {
      store->revision_ = std::stoull(std::string(value));
      return;
    }
    const size_t space = value.find(' ');
    if (space == std::string_view::npos) {
      bad = key;
      return;
    }
    Document& document = store->documents_[std::string(key)];
    document.revision = std::stoull(std::string(value.substr(0, space)));
    document.text = value.substr(space + 1);
  }));
  if (!bad.empty()) return fail("the store holds a value without revision at '" + bad + "'");
  return store;
}

const Document* Store::find(std::string_view key) const {
  auto it = documents_.find(key);
  return it == documents_.end() ? nullptr : &it->second;
}

void Store::each(std::string_view key_prefix,
                 const std::function<void(std::string_view, const Document&)>& visit) const {
  for (auto it = documents_.lower_bound(key_prefix);
       it != documents_.end() && it->first.starts_with(key_prefix); ++it)
    visit(it->first, it->second);
}

WatchId Store::watch(std::string key_prefix, std::function<void(const Change&)> callback) {
  watches_[++last_watch_] = {std::move(key_prefix), std::move(callback)};
  return last_watch_;
}

void Store::unwatch(WatchId id) { watches_.erase(id); }

Result<Revision> Store::apply(std::map<std::string, std::shared_ptr<Document>, std::less<>>& writes) {
  LF_INVARIANT(!notifying_, "a watcher must not commit");
  const Revision revision = revision_ + 1;
  std::vector<Write> batch;
  batch.reserve(writes.size() + 1);
  for (const auto& [key, document] : writes)
    batch.push_back({key, document ? std::optional(with_revision(revision, document->text)) : std::nullopt});
  batch.push_back({std::string(kRevisionKey), std::to_string(revision)});
  LF_CHECK(backend_->apply(batch));

  revision_ = revision;
  for (auto& [key, document] : writes) {
    if (document) {
      document->revision = revision;
      documents_[key] = *document;
    } else {
      documents_.erase(key);
    }
  }
  notifying_ = true;
  for (const auto& [key, document] : writes) {
    const size_t slash = key.find('/');
    const std::string_view id =
        slash == std::string::npos ? std::string_view() : std::string_view(key).substr(slash + 1);
    for (const auto& [watch_id, watch] : watches_)
      if (key.starts_with(watch.prefix)) watch.callback({key, id, document.get(), revision});
  }
  notifying_ = false;
  return revision;
}

}  // namespace landfall::store
