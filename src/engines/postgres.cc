// PostgreSQL as RDS gives it: a master user who may make roles and databases but is no superuser, passwords
// by scram-sha-256, TLS with a certificate of Landfall's CA. A read replica is a hot standby that streams
// from its source over a Unix socket which both workloads mount; one that no longer has a source is promoted
// by its start.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "engines/engine.h"

namespace landfall::engines {
namespace {

constexpr char kSuperuser[] = "rdsadmin";  // RDS's own name for it; reachable on the Unix socket only
constexpr char kReplicator[] = "rdsrepladmin";
constexpr int kWalKeptMb = 512;  // for replicas that are away for a while
// PostgreSQL says "... accept connections", or "... accept read-only connections" on a standby.
constexpr char kServes[] = "database system is ready to accept";

std::string quoted_literal(const std::string& text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

std::string quoted_name(const std::string& text) {
  std::string out = "\"";
  for (char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

// The newest of Debian's versions: /usr/lib/postgresql/<major>/bin.
Result<std::string> find_binaries() {
  std::string best;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", error))
    if (std::filesystem::exists(entry.path() / "bin/postgres"))
      best = std::max(best, (entry.path() / "bin").string());
  if (best.empty()) return fail("PostgreSQL is not installed on this machine: apt-get install postgresql-15");
  return best;
}

std::string settings(const PostgresConfig& config) {
  const int64_t buffers_mb = std::clamp<int64_t>(config.memory_bytes / 4 / (1024 * 1024), 16, 4096);
  std::string text =
      "listen_addresses = '*'\nport = " + std::to_string(config.port) + "\nunix_socket_directories = '/tmp" +
      (config.replication_password.empty() ? "" : ",") +
      (config.replication_password.empty() ? "" : kReplicationPath) +
      "'\nwal_keep_size = " + std::to_string(kWalKeptMb) +
      "MB\npassword_encryption = 'scram-sha-256'\nshared_buffers = " + std::to_string(buffers_mb) +
      "MB\nmax_connections = 200\nlogging_collector = off\nlog_destination = 'stderr'\ntimezone = 'UTC'\n";
  if (!config.certificate_pem.empty())
    text += "ssl = on\nssl_cert_file = '" + std::string(kDataPath) + "/server.crt'\nssl_key_file = '" +
            kDataPath + "/server.key'\nssl_min_protocol_version = 'TLSv1.2'\n";
  for (const auto& [name, value] : config.parameters)  // the last setting of a name counts
    text += name + " = " + quoted_literal(value) + "\n";
  if (config.primary_port != 0)
    text +=
        "primary_conninfo = " +
        quoted_literal(std::string("host=") + kPrimaryPath + " port=" + std::to_string(config.primary_port) +
                       " user=" + kReplicator + " password=" + config.replication_password.reveal()) +
        "\n";
  return text;
}

// The superuser is who runs the server, by the socket's own word: a replica, which reaches the same socket,
// is another user.
constexpr char kAccess[] =
    "local replication rdsrepladmin scram-sha-256\n"
    "local all rdsadmin peer map=engine\n"
    "host all rdsadmin,rdsrepladmin all reject\n"
    "host all all all scram-sha-256\n";
constexpr char kUserMap[] = "engine rdsdb rdsadmin\n";

// Single-user mode: one statement a line, no server and no port.
Result<> run_sql(const std::string& binaries, const std::string& cluster, const std::string& sql) {
  return run_tool({binaries + "/postgres", "--single", "-D", cluster, "-c",
                   "password_encryption=scram-sha-256", "-c", "exit_on_error=on", "postgres"},
                  sql);
}

// The cluster is made beside and renamed into place, so a crash leaves none or a whole one.
Result<> make_cluster(const std::string& binaries, const std::string& cluster, const PostgresConfig& config) {
  const std::string fresh = cluster + ".new";
  std::filesystem::remove_all(fresh);
  LF_CHECK(run_tool({binaries + "/initdb", "-D", fresh, "-U", kSuperuser, "--auth=trust", "--encoding=UTF8",
                     "--locale=C.UTF-8"}));
  std::string sql =
      "CREATE ROLE rds_superuser NOLOGIN CREATEROLE CREATEDB;\nGRANT pg_monitor TO rds_superuser WITH ADMIN "
      "OPTION;\nGRANT pg_signal_backend TO rds_superuser WITH ADMIN OPTION;\n";
  sql += "CREATE ROLE " + quoted_name(config.master_username) + " LOGIN CREATEROLE CREATEDB PASSWORD " +
         quoted_literal(config.master_password.reveal()) + ";\n";
  sql += "GRANT rds_superuser TO " + quoted_name(config.master_username) + ";\n";
  LF_CHECK(run_sql(binaries, fresh, sql));
  if (!config.database.empty())
    LF_CHECK(run_sql(binaries, fresh,
                     "CREATE DATABASE " + quoted_name(config.database) + " OWNER " +
                         quoted_name(config.master_username) + ";\n"));
  std::error_code error;
  std::filesystem::rename(fresh, cluster, error);
  if (error) return fail("rename " + fresh + ": " + error.message());
  return {};
}

// A copy of a cluster that no server has open; beside, then renamed: a crash leaves none or a whole one.
// `mode` as chmod has it: a snapshot's reader has other shifted ids than its writer, and a server wants its
// cluster for itself.
Result<> copy_cluster(const std::string& from, const std::string& to, const char* mode) {
  const std::string fresh = to + ".new";
  std::filesystem::remove_all(fresh);
  LF_CHECK(run_tool({"/bin/cp", "-a", "--reflink=auto", from, fresh}));
  LF_CHECK(run_tool({"/bin/chmod", "-R", mode, fresh}));
  LF_CHECK(run_tool({"/bin/sync", "-f", fresh}));
  std::error_code error;
  std::filesystem::rename(fresh, to, error);
  if (error) return fail("rename " + fresh + ": " + error.message());
  return {};
}

// One line: single-user mode ends a statement at each.
std::string replicator_sql(const Secret& password) {
  const std::string name = kReplicator;
  return "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '" + name + "') THEN CREATE ROLE " +
         name + "; END IF; END$$;\nALTER ROLE " + name + " LOGIN REPLICATION PASSWORD " +
         quoted_literal(password.reveal()) + ";\n";
}

// The source's data, taken while it serves; beside, then renamed.
// https://www.postgresql.org/docs/15/app-pgbasebackup.html
Result<> copy_primary(const std::string& binaries, const std::string& cluster, const PostgresConfig& config) {
  const std::string fresh = cluster + ".new";
  std::filesystem::remove_all(fresh);
  if (::setenv("PGPASSWORD", config.replication_password.reveal().c_str(), 1) != 0)
    return fail_errno("setenv");
  const Result<> copied =
      run_tool({binaries + "/pg_basebackup", "-D", fresh, "-h", kPrimaryPath, "-p",
                std::to_string(config.primary_port), "-U", kReplicator, "-X", "stream", "-c", "fast", "-w"});
  ::unsetenv("PGPASSWORD");
  LF_CHECK(copied);
  std::error_code error;
  std::filesystem::rename(fresh, cluster, error);
  if (error) return fail("rename " + fresh + ": " + error.message());
  return {};
}

// A password that is set while no server has the cluster open; `applied` remembers which one it was.
Result<> apply_password(const std::string& applied, const Secret& password,
                        const std::function<Result<>()>& set) {
  const auto before = read_file(applied);
  if (before && *before == password.reveal()) return {};
  LF_CHECK(set());
  return write_private_file(applied, password.reveal());
}

Result<> share_directory(const char* path) {
  std::error_code error;
  std::filesystem::permissions(path, std::filesystem::perms(0755), error);
  if (error) return fail(std::string("chmod ") + path + ": " + error.message());
  return {};
}

// Roles' passwords as they shall be. A standby has its source's.
Result<> apply_passwords(const std::string& binaries, const std::string& cluster,
                         const PostgresConfig& config, bool made_now) {
  const std::string data = kDataPath;
  LF_CHECK(apply_password(data + "/master-password", config.master_password, [&]() -> Result<> {
    if (made_now) return {};
    return run_sql(binaries, cluster,
                   "ALTER ROLE " + quoted_name(config.master_username) + " PASSWORD " +
                       quoted_literal(config.master_password.reveal()) + ";\n");
  }));
  if (config.replication_password.empty()) return {};
  return apply_password(data + "/replication-password", config.replication_password, [&] {
    return run_sql(binaries, cluster, replicator_sql(config.replication_password));
  });
}

// The cluster, whatever it must come from first.
Result<> provide_cluster(const std::string& binaries, const std::string& cluster,
                         const PostgresConfig& config) {
  const bool exists = std::filesystem::exists(cluster + "/PG_VERSION"), follows = config.primary_port != 0;
  if (!exists && follows) {
    LF_CHECK(copy_primary(binaries, cluster, config));
  } else if (!exists && config.restore) {
    LF_CHECK(copy_cluster(std::string(kRestorePath) + "/cluster", cluster, "u=rwX,go="));
  } else if (!exists) {
    LF_CHECK(make_cluster(binaries, cluster, config));
  }
  // A crash of the whole machine leaves the lock of a server that is gone: this pid namespace is new.
  std::filesystem::remove(cluster + "/postmaster.pid");
  // A standby without this file recovers to the end of what it has, and is a server of its own.
  // https://www.postgresql.org/docs/15/warm-standby.html#STANDBY-SERVER-OPERATION
  if (follows) return write_private_file(cluster + "/standby.signal", "");
  std::filesystem::remove(cluster + "/standby.signal");
  return apply_passwords(binaries, cluster, config, !exists && !config.restore);
}

}  // namespace

Result<int> run_postgres(const PostgresConfig& config) {
  LF_TRY(const std::string binaries, find_binaries());
  const std::string cluster = std::string(kDataPath) + "/cluster";
  LF_CHECK(provide_cluster(binaries, cluster, config));
  const std::string snapshot = std::string(kSnapshotPath) + "/cluster";
  if (config.take_snapshot && !std::filesystem::exists(snapshot + "/PG_VERSION")) {
    LF_CHECK(share_directory(kSnapshotPath));
    LF_CHECK(copy_cluster(cluster, snapshot, "u=rwX,go=rX"));
  }
  if (!config.certificate_pem.empty()) {
    LF_CHECK(write_private_file(std::string(kDataPath) + "/server.crt", config.certificate_pem));
    LF_CHECK(write_private_file(std::string(kDataPath) + "/server.key", config.key_pem.reveal()));
  }
  LF_CHECK(write_private_file(cluster + "/postgresql.conf", settings(config)));
  LF_CHECK(write_private_file(cluster + "/pg_hba.conf", kAccess));
  LF_CHECK(write_private_file(cluster + "/pg_ident.conf", kUserMap));
  if (!config.replication_password.empty()) LF_CHECK(share_directory(kReplicationPath));
  // SIGINT is PostgreSQL's fast shutdown: clients are cut, nothing is lost.
  return supervise({binaries + "/postgres", "-D", cluster}, kServes, SIGINT);
}

}  // namespace landfall::engines
