// Read-through cache of items in Redis. A Redis that is away costs speed, never an answer.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

struct redisContext;
struct redisReply;

namespace myapp {

class ItemCache {
 public:
  static constexpr int kSeconds = 300;    // an item lives in the cache
  static constexpr int kTimeoutMs = 500;  // of any one command

  ItemCache(std::string host, int port) : host_(std::move(host)), port_(port) {}
  ~ItemCache();

  std::optional<std::string> get(int64_t id);
  void put(int64_t id, const std::string& json);
  bool ping();

 private:
  struct Reply;
  Reply command(const char* format, ...);
  bool connect();

  std::string host_;
  int port_;
  std::mutex mutex_;
  redisContext* context_ = nullptr;  // guarded by mutex_; null while there is no connection
};

}  // namespace myapp
