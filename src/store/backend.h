// Backend: where the store's bytes live. RocksDB embedded by default, memory in tests, etcd when one machine
// is not enough.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::store {

struct Write {
  std::string key;
  std::optional<std::string> value;  // nullopt: erase
};

class Backend {
 public:
  virtual ~Backend() = default;
  // All of them or none, durable when it returns.
  virtual Result<> apply(const std::vector<Write>& writes) = 0;
  // Every pair, in order of keys.
  virtual Result<> load(const std::function<void(std::string_view key, std::string_view value)>& visit) = 0;
};

std::unique_ptr<Backend> memory_backend();
enum class OpenMode {
  read_write,
  read_only
};  // read_only: for `landfall inspect`, beside a running Landfall
Result<std::unique_ptr<Backend>> rocksdb_backend(const std::string& folder,
                                                 OpenMode mode = OpenMode::read_write);

}  // namespace landfall::store
