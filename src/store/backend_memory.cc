#include <map>

#include "store/backend.h"

namespace landfall::store {
namespace {

class MemoryBackend final : public Backend {
 public:
  Result<> apply(const std::vector<Write>& writes) override {
    for (const Write& write : writes) {
      if (write.value) {
        pairs_[write.key] = *write.value;
      } else {
        pairs_.erase(write.key);
      }
    }
    return {};
  }

  Result<> load(const std::function<void(std::string_view, std::string_view)>& visit) override {
    for (const auto& [key, value] : pairs_) visit(key, value);
    return {};
  }

 private:
  std::map<std::string, std::string> pairs_;
};

}  // namespace

std::unique_ptr<Backend> memory_backend() { return std::make_unique<MemoryBackend>(); }

}  // namespace landfall::store
