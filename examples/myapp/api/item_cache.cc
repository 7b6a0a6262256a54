#include "item_cache.h"

#include <hiredis/hiredis.h>

#include <cstdarg>

namespace myapp {

struct ItemCache::Reply {
  redisReply* value = nullptr;
  explicit Reply(redisReply* reply) : value(reply) {}
  Reply(Reply&& other) noexcept : value(other.value) { other.value = nullptr; }
  ~Reply() {
    if (value) freeReplyObject(value);
  }
};

ItemCache::~ItemCache() {
  if (context_) redisFree(context_);
}

bool ItemCache::connect() {
  const timeval timeout{.tv_sec = 0, .tv_usec = kTimeoutMs * 1000};
  context_ = redisConnectWithTimeout(host_.c_str(), port_, timeout);
  if (context_ && !context_->err) {
    redisSetTimeout(context_, timeout);
    return true;
  }
  if (context_) redisFree(context_);
  context_ = nullptr;
  return false;
}

// Tries a second time on a new connection: the kept one may have been closed by a failover.
ItemCache::Reply ItemCache::command(const char* format, ...) {
  std::lock_guard lock(mutex_);
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (!context_ && !connect()) return Reply(nullptr);
    va_list arguments;
    va_start(arguments, format);
    auto* reply = static_cast<redisReply*>(redisvCommand(context_, format, arguments));
    va_end(arguments);
    if (reply) return Reply(reply);
    redisFree(context_);
    context_ = nullptr;
  }
  return Reply(nullptr);
}

std::optional<std::string> ItemCache::get(int64_t id) {
  const Reply reply = command("GET item:%lld", static_cast<long long>(id));
  if (!reply.value || reply.value->type != REDIS_REPLY_STRING) return std::nullopt;
  return std::string(reply.value->str, static_cast<size_t>(reply.value->len));
}

void ItemCache::put(int64_t id, const std::string& json) {
  command("SET item:%lld %b EX %d", static_cast<long long>(id), json.data(), json.size(), kSeconds);
}

bool ItemCache::ping() {
  const Reply reply = command("PING");
  return reply.value && reply.value->type == REDIS_REPLY_STATUS;
}

}  // namespace myapp
