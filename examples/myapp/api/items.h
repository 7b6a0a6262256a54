// Items in PostgreSQL.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace myapp {

struct Item {
  int64_t id = 0;
  std::string name;
  std::string created_at;  // ISO 8601
};

// Threads: any. Connections are kept and reused; one that broke (a failover, a restart) is replaced at the
// next use. Every call throws what libpqxx throws when the database cannot be asked.
class Items {
 public:
  explicit Items(std::string connection_string) : connection_string_(std::move(connection_string)) {}

  void create_table_if_absent();
  Item add(const std::string& name);
  std::optional<Item> find(int64_t id);
  std::vector<Item> newest(int limit);
  void check();  // one round trip

 private:
  static constexpr size_t kKeptConnections = 8;

  template <class Work>
  auto with_connection(Work work);
  std::unique_ptr<pqxx::connection> take();
  void give_back(std::unique_ptr<pqxx::connection> connection);

  std::string connection_string_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<pqxx::connection>> idle_;
};

}  // namespace myapp
