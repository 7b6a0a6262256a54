#include "rocks/ordered_env.h"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <filesystem>
#include <string>

namespace landfall::rocks {
namespace {

constexpr std::string_view kCurrentFile = "/CURRENT";

class OrderedFiles final : public rocksdb::FileSystemWrapper {
 public:
  OrderedFiles() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "landfall ordered"; }

  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    if (to.ends_with(kCurrentFile)) {
      const auto status = sync(to.substr(0, to.size() - kCurrentFile.size()), options, debug);
      if (!status.ok()) return status;
    }
    return target()->RenameFile(from, to, options, debug);
  }

  rocksdb::IOStatus CreateDirIfMissing(const std::string& path, const rocksdb::IOOptions& options,
                                       rocksdb::IODebugContext* debug) override {
    const auto status = target()->CreateDirIfMissing(path, options, debug);
    const std::string parent = std::filesystem::path(path).parent_path();
    return status.ok() && !parent.empty() ? sync(parent, options, debug) : status;
  }

 private:
  rocksdb::IOStatus sync(const std::string& folder, const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) {
    std::unique_ptr<rocksdb::FSDirectory> directory;
    rocksdb::IOStatus status = target()->NewDirectory(folder, options, &directory, debug);
    return status.ok() ? directory->Fsync(options, debug) : status;
  }
};

}  // namespace

rocksdb::Env* ordered_env() {
  // Never destroyed: RocksDB's threads may outlive main()'s statics.
  static rocksdb::Env* const env = rocksdb::NewCompositeEnv(std::make_shared<OrderedFiles>()).release();
  return env;
}

}  // namespace landfall::rocks
