#include "items.h"

namespace myapp {

namespace {

constexpr const char* kColumns =
    "id, name, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') AS created_at";

Item to_item(const pqxx::row& row) {
  return {row["id"].as<int64_t>(), row["name"].as<std::string>(), row["created_at"].as<std::string>()};
}

}  // namespace

std::unique_ptr<pqxx::connection> Items::take() {
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return std::make_unique<pqxx::connection>(connection_string_);
}

void Items::give_back(std::unique_ptr<pqxx::connection> connection) {
  std::lock_guard lock(mutex_);
  if (idle_.size() < kKeptConnections) idle_.push_back(std::move(connection));
}

// A kept connection may have died since: then the kept ones are all suspect, and the work is done once more
// on a new one. The work is one transaction, so a broken one has done nothing (or, for a commit whose answer
// was lost, perhaps twice: items have no key of the client's to tell).
template <class Work>
auto Items::with_connection(Work work) {
  auto connection = take();
  try {
    auto result = work(*connection);
    give_back(std::move(connection));
    return result;
  } catch (const pqxx::broken_connection&) {
    std::lock_guard lock(mutex_);
    idle_.clear();
  }
  connection = std::make_unique<pqxx::connection>(connection_string_);
  auto result = work(*connection);
  give_back(std::move(connection));
  return result;
}

void Items::create_table_if_absent() {
  with_connection([](pqxx::connection& connection) {
    pqxx::work transaction(connection);
    // Two instances start at once: the lock makes the second wait instead of failing on the catalog's unique
    // index.
    transaction.exec("SELECT pg_advisory_xact_lock(4242)");
    transaction.exec(
        "CREATE TABLE IF NOT EXISTS items (id bigserial PRIMARY KEY, name text NOT NULL, created_at "
        "timestamptz NOT NULL DEFAULT now())");
    transaction.commit();
    return true;
  });
}

Item Items::add(const std::string& name) {
  return with_connection([&](pqxx::connection& connection) {
    pqxx::work transaction(connection);
    const auto rows = transaction.exec_params(
        std::string("INSERT INTO items (name) VALUES ($1) RETURNING ") + kColumns, name);
    transaction.commit();
    return to_item(rows[0]);
  });
}

std::optional<Item> Items::find(int64_t id) {
  return with_connection([&](pqxx::connection& connection) -> std::optional<Item> {
    pqxx::read_transaction transaction(connection);
    const auto rows =
        transaction.exec_params(std::string("SELECT ") + kColumns + " FROM items WHERE id = $1", id);
    if (rows.empty()) return std::nullopt;
    return to_item(rows[0]);
  });
}

std::vector<Item> Items::newest(int limit) {
  return with_connection([&](pqxx::connection& connection) {
    pqxx::read_transaction transaction(connection);
    std::vector<Item> items;
    for (const auto& row : transaction.exec_params(
             std::string("SELECT ") + kColumns + " FROM items ORDER BY id DESC LIMIT $1", limit))
      items.push_back(to_item(row));
    return items;
  });
}

void Items::check() {
  with_connection([](pqxx::connection& connection) {
    pqxx::read_transaction transaction(connection);
    transaction.exec("SELECT 1");
    return true;
  });
}

}  // namespace myapp
