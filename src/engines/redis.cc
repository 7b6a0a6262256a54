// Redis as ElastiCache gives it: memory limited by the node type, AUTH and TLS where asked for, data kept in
// an append-only file in the workload's volume.
#include <signal.h>

#include <algorithm>
#include <filesystem>

#include "engines/engine.h"

namespace landfall::engines {
namespace {

constexpr char kBinary[] = "/usr/bin/redis-server";

// Redis reads quoted values with C escapes.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// The one user that there is without users of its own. Two passwords are a matter of ACLs, as requirepass is
// one.
std::string auth_settings(const RedisConfig& config) {
  const std::string token = config.auth_token.reveal(), previous = config.previous_auth_token.reveal();
  if (token.empty()) return "";
  const std::string rule =
      previous.empty() || !config.users.empty()
          ? "requirepass " + quoted(token)
          : "user default on " + quoted(">" + token) + " " + quoted(">" + previous) + " ~* &* +@all";
  return rule + "\nmasterauth " + quoted(token) + "\n";
}

}  // namespace

std::string redis_settings(const RedisConfig& config) {
  const std::string data = kDataPath;
  const int64_t memory =
      std::max<int64_t>(16 << 20, config.memory_bytes * 3 / 4);  // the rest is for buffers and forks
  std::string text = "bind 0.0.0.0\nprotected-mode no\ndaemonize no\ndir " + data +
                     "\nappendonly yes\nappendfsync everysec\nsave \"\"\nmaxmemory " +
                     std::to_string(memory) + "\nmaxmemory-policy volatile-lru\nlogfile \"\"\n";
  if (config.certificate_pem.empty()) {
    text += "port " + std::to_string(config.port) + "\n";
  } else {
    text += "port 0\ntls-port " + std::to_string(config.port) + "\ntls-cert-file " + data +
            "/server.crt\ntls-key-file " + data +
            "/server.key\ntls-ca-cert-file /etc/ssl/certs/ca-certificates.crt\ntls-auth-clients "
            "no\ntls-replication yes\n";
  }
  for (const auto& [name, value] : config.parameters) text += name + " " + quoted(value) + "\n";
  for (const Secret& user : config.users) text += "user " + user.reveal() + "\n";
  // A replica comes to its primary as a user of Landfall's own, which no client's name can be.
  if (!config.users.empty() && !config.replication_password.empty())
    text += "user landfall.replica on >" + config.replication_password.reveal() +
            " +psync +replconf +ping\nmasteruser landfall.replica\nmasterauth " +
            quoted(config.replication_password.reveal()) + "\n";
  text += auth_settings(config);
  if (!config.primary.empty())
    text += "replicaof " + config.primary + " " + std::to_string(config.port) + "\n";
  return text;
}

Result<int> run_redis(const RedisConfig& config) {
  if (!std::filesystem::exists(kBinary))
    return fail("Redis is not installed on this machine: apt-get install redis-server");
  const std::string data = kDataPath;
  if (!config.certificate_pem.empty()) {
    LF_CHECK(write_private_file(data + "/server.crt", config.certificate_pem));
    LF_CHECK(write_private_file(data + "/server.key", config.key_pem.reveal()));
  }
  LF_CHECK(write_private_file(data + "/redis.conf", redis_settings(config)));
  return supervise({kBinary, data + "/redis.conf"}, "Ready to accept connections", SIGTERM);
}

}  // namespace landfall::engines
