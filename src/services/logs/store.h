// What CloudWatch Logs keeps.
//   kGroups   "<account>/<region>/<group name>"
//   kStreams  "<account>/<region>/<group uid>/<stream name>"
//   kChunks   "<account>/<region>/<group uid>/<stream uid>/<sequence, 12 digits>": what one PutLogEvents
//   brought kEvents   the same ids: the chunk's events. Read without being decoded into the store's cache, so
//   that a
//             log costs its text and no more.
//
// Invariants: a group and a stream get a new uid whenever they are made, so that one made again under an old
// name starts empty; a chunk's row and its events are written and erased together; the events of a chunk are
// in the order of their timestamps.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/store.h"

namespace landfall::logs {

struct GroupRecord {
  std::string name, uid, log_class = "STANDARD", kms_key;
  Timestamp created;
  int64_t retention_days = 0;  // 0: for ever
  bool deletion_protection = false;
  int64_t stored_bytes = 0;
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("uid", uid);
    v("log_class", log_class);
    v("kms_key", kms_key);
    v("created", created);
    v("retention_days", retention_days);
    v("deletion_protection", deletion_protection);
    v("stored_bytes", stored_bytes);
    v("tags", tags);
  }
};

struct StreamRecord {
  std::string name, uid;
  Timestamp created;
  int64_t first_event_ms = 0, last_event_ms = 0, last_ingestion_ms = 0;  // 0: no event yet
  int64_t next_chunk = 1;
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("uid", uid);
    v("created", created);
    v("first_event_ms", first_event_ms);
    v("last_event_ms", last_event_ms);
    v("last_ingestion_ms", last_ingestion_ms);
    v("next_chunk", next_chunk);
  }
};

struct ChunkRecord {
  int64_t first_ms = 0, last_ms = 0, bytes = 0, ingested_ms = 0;
  template <class V>
  void fields(V& v) {
    v("first_ms", first_ms);
    v("last_ms", last_ms);
    v("bytes", bytes);
    v("ingested_ms", ingested_ms);
  }
};

struct EventRecord {
  int64_t ms = 0;
  std::string message;
  template <class V>
  void fields(V& v) {
    v("t", ms);
    v("m", message);
  }
};

struct EventsRecord {
  std::vector<EventRecord> events;
  template <class V>
  void fields(V& v) {
    v("events", events);
  }
};

inline constexpr store::Table<GroupRecord> kGroups{"logs.group"};
inline constexpr store::Table<StreamRecord> kStreams{"logs.stream"};
inline constexpr store::Table<ChunkRecord> kChunks{"logs.chunk"};
inline constexpr store::Table<EventsRecord> kEvents{"logs.events"};

inline constexpr int64_t kDayMs = 86'400'000;
inline constexpr int64_t kEventOverheadBytes = 26;  // AWS counts this much for each event beside its message

}  // namespace landfall::logs
