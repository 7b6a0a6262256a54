// The engines: what runs as pid 1 of a database or cache workload: `landfall engine postgres|redis`. It reads
// /etc/landfall/engine.json, prepares the data directory (once, crash-safely), starts the Debian binary as
// its child, passes SIGTERM on as the engine's own orderly stop, and ends with it. It has no privilege: host
// starts it as the engine's user. Its output is the workload's console; control knows that the engine serves
// from kReadyLine there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace landfall::engines {

inline constexpr char kConfigPath[] = "/etc/landfall/engine.json";
inline constexpr char kDataPath[] = "/data";          // the workload's volume
inline constexpr char kSnapshotPath[] = "/snapshot";  // a further volume: where a copy goes
inline constexpr char kRestorePath[] = "/restore";    // a further volume: where the data comes from
// A further volume: the Unix socket at which read replicas find their source. Replicas read it as
// kPrimaryPath: replication is RDS's own and asks no security group of the customer's.
inline constexpr char kReplicationPath[] = "/replication";
inline constexpr char kPrimaryPath[] = "/primary";
inline constexpr char kStartLine[] = "landfall-engine: start";  // once a start, before anything else
inline constexpr char kReadyLine[] = "landfall-engine: ready";  // connections are taken
// Whether the console's last start has come to be ready.
bool console_says_ready(std::string_view console);

struct PostgresConfig {
  int64_t port = 5432;
  std::string master_username;
  Secret master_password;
  std::string database;         // made at first start; empty: none
  int64_t memory_bytes = 0;     // shared_buffers follows
  std::string certificate_pem;  // chain; empty: no TLS
  Secret key_pem;
  std::map<std::string, std::string> parameters;  // of postgresql.conf, over Landfall's own
  bool take_snapshot = false;  // before it serves, the cluster is copied to kSnapshotPath, unless it is there
  bool restore = false;        // at first start the cluster is copied from kRestorePath
  Secret replication_password;  // of rdsrepladmin, at kReplicationPath; empty: nobody may replicate
  int64_t primary_port = 0;     // of the server at kPrimaryPath, which a read replica follows; 0: it is none
  template <class V>
  void fields(V& v) {
    v("port", port);
    v("master_username", master_username);
    v("master_password", master_password);
    v("database", database);
    v("memory_bytes", memory_bytes);
    v("certificate_pem", certificate_pem);
    v("key_pem", key_pem);
    v("parameters", parameters);
    v("take_snapshot", take_snapshot);
    v("restore", restore);
    v("replication_password", replication_password);
    v("primary_port", primary_port);
  }
};

struct RedisConfig {
  int64_t port = 6379;
  int64_t memory_bytes = 0;
  Secret auth_token;            // empty: none
  Secret previous_auth_token;   // counts too, while clients change over; empty: none
  std::string primary;          // "10.0.1.5" of the node to follow; empty: is the primary
  std::string certificate_pem;  // empty: plain; else TLS only
  Secret key_pem;
  std::map<std::string, std::string> parameters;  // of redis.conf
  Secret replication_password;                    // with users: how replicas sign in
  std::vector<Secret> users;  // rules of ACL users: "alice on #<sha256> ~app:* +@read"; empty: all may do all
  template <class V>
  void fields(V& v) {
    v("port", port);
    v("memory_bytes", memory_bytes);
    v("auth_token", auth_token);
    v("previous_auth_token", previous_auth_token);
    v("primary", primary);
    v("certificate_pem", certificate_pem);
    v("key_pem", key_pem);
    v("parameters", parameters);
    v("users", users);
    v("replication_password", replication_password);
  }
};

// What redis.conf says.
std::string redis_settings(const RedisConfig& config);

// main() of `landfall engine`; argv[0] is "engine".
int run_engine(int argc, char** argv);

// --- shared by the engines
Result<std::string> read_file(const std::string& path);
// 0600, written beside, synced and renamed.
Result<> write_private_file(const std::string& path, const std::string& content);
// Runs to its end with `input` on stdin; an Error with what it printed unless it exits 0.
Result<> run_tool(const std::vector<std::string>& argv, const std::string& input = {});
// Starts argv, prints kReadyLine when a line of its output contains `ready_text`, passes SIGTERM on as
// `stop_signal`, and returns its exit status.
int supervise(const std::vector<std::string>& argv, std::string_view ready_text, int stop_signal);

Result<int> run_postgres(const PostgresConfig& config);
Result<int> run_redis(const RedisConfig& config);

}  // namespace landfall::engines
