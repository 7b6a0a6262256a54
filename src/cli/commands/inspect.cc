// `landfall inspect DATA-DIR`: what a data directory holds, running or not, without changing it: the
// documents of control's store by table, the snapshots edge would start from, the desired documents host
// remembers. Names and sizes only: a document may hold secrets.
#include <fmt/core.h>

#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <map>

#include "cli/cli.h"
#include "cli/commands.h"
#include "roles/layout.h"
#include "roles/up/data_dir.h"
#include "roles/up/settings.h"
#include "store/backend.h"

namespace landfall::cli {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

struct Entry {
  std::string id;
  size_t bytes = 0;
};
using Tables = std::map<std::string, std::vector<Entry>>;  // table or kind -> its entries

Result<Tables> read_store(const std::string& folder) {
  Tables tables;
  if (!fs::exists(folder)) return tables;
  LF_TRY(const std::unique_ptr<store::Backend> backend,
         store::rocksdb_backend(folder, store::OpenMode::read_only));
  LF_CHECK(backend->load([&](std::string_view key, std::string_view value) {
    const size_t slash = key.find('/');  // "<table>/<id>"
    const std::string_view table = key.substr(0, slash);
    tables[std::string(table)].push_back(
        {slash == std::string_view::npos ? std::string() : std::string(key.substr(slash + 1)), value.size()});
  }));
  return tables;
}

// <folder>/<kind>/<id>, one document a file.
Tables read_documents(const std::string& folder) {
  Tables tables;
  std::error_code error;
  for (const auto& kind : fs::directory_iterator(folder, error)) {
    if (!kind.is_directory()) continue;
    for (const auto& file : fs::directory_iterator(kind.path(), error))
      if (file.is_regular_file())
        tables[kind.path().filename()].push_back(
            {file.path().filename(), static_cast<size_t>(file.file_size())});
  }
  return tables;
}

json::object to_json(const Tables& tables) {
  json::object object;
  for (const auto& [table, entries] : tables) {
    json::array array;
    for (const Entry& entry : entries)
      array.push_back(json::object{{"id", entry.id}, {"bytes", entry.bytes}});
    object[table] = std::move(array);
  }
  return object;
}

void print(std::string_view title, const Tables& tables) {
  fmt::print("\n{}{}\n", title, tables.empty() ? ": nothing" : "");
  for (const auto& [table, entries] : tables) {
    size_t bytes = 0;
    for (const Entry& entry : entries) bytes += entry.bytes;
    fmt::print("  {:40} {:6} documents {:9} bytes\n", table, entries.size(), bytes);
    for (const Entry& entry : entries)
      if (entries.size() <= 20 && !entry.id.empty()) fmt::print("    {}\n", entry.id);
  }
}

int complain_of_inspect(const Error& error) {
  std::fprintf(stderr, "landfall inspect: %s\n", error.message.c_str());
  return kFailed;
}

}  // namespace

int inspect(const CommandOptions& options) {
  const roles::Layout layout{options.data_dir};
  const auto settings = roles::load_settings(layout);
  if (!settings) return complain_of_inspect(settings.error());
  if (!*settings)
    return complain_of_inspect({layout.root + " is no data directory of Landfall's (no settings.json)"});
  const auto stored = read_store(layout.control_store());
  if (!stored) return complain_of_inspect(stored.error());
  const Tables snapshots = read_documents(layout.edge_snapshots());
  const Tables desired = read_documents(layout.host() + "/desired");
  const bool running = roles::is_locked(layout);
  if (options.output == Output::json) {
    std::printf("%s\n", json::serialize(json::object{{"data_dir", layout.root},
                                                     {"running", running},
                                                     {"region", (*settings)->region},
                                                     {"account_id", (*settings)->account_id},
                                                     {"store", to_json(*stored)},
                                                     {"edge_snapshots", to_json(snapshots)},
                                                     {"host_desired", to_json(desired)}})
                            .c_str());
    return kOk;
  }
  fmt::print("{}: account {}, {}, {}\n", layout.root, (*settings)->account_id, (*settings)->region,
             running ? "running" : "not running");
  print("control's store", *stored);
  print("edge's snapshots", snapshots);
  print("host's desired documents", desired);
  return kOk;
}

}  // namespace landfall::cli
