// What a mirror says: desired documents, by (kind, id), kept the same on both sides of a Channel.
//
// The sender (control) opens with Sync, all it has; the receiver forgets what is not listed and answers
// SyncResult, what it lacks; then the sender puts those, and each later change. After the documents of one
// commit comes a Barrier, which the receiver echoes once it serves them (host knows no barriers). Messages
// are JSON with a "type".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace landfall::mirror {

struct Item {
  std::string kind;
  std::string id;
  int64_t version = 0;  // the store's revision that wrote it
  template <class V>
  void fields(V& v) {
    v("kind", kind);
    v("id", id);
    v("version", version);
  }
};

struct Sync {
  std::string type = "Sync";
  std::vector<Item> items;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("items", items);
  }
};

struct SyncResult {
  std::string type = "SyncResult";
  std::vector<Item> wanted;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("wanted", wanted);
  }
};

struct Put {
  std::string type = "Put";
  std::string kind;
  std::string id;
  int64_t version = 0;
  std::string document;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("kind", kind);
    v("id", id);
    v("version", version);
    v("document", document);
  }
};

struct Delete {
  std::string type = "Delete";
  std::string kind;
  std::string id;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("kind", kind);
    v("id", id);
  }
};

struct Barrier {
  std::string type = "Barrier";
  int64_t revision = 0;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("revision", revision);
  }
};

// receiver -> sender: something it sees; goes into control's Observations. An empty document: it is gone.
struct Observed {
  std::string type = "Observed";
  std::string kind;
  std::string id;
  std::string document;
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("kind", kind);
    v("id", id);
    v("document", document);
  }
};

struct Envelope {  // what every message has
  std::string type;
  template <class V>
  void fields(V& v) {
    v("type", type);
  }
};

}  // namespace landfall::mirror
