// A file is read whole, whatever size it says it has.
#include "base/files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace landfall {
namespace {

class ReadFileTest : public ::testing::Test {
 protected:
  ~ReadFileTest() override { unlink(path_.c_str()); }
  std::string path_ = ::testing::TempDir() + "landfall-read-file-" + std::to_string(getpid());
};

TEST_F(ReadFileTest, GivesAllBytesOfFilesOfAllSizes) {
  for (const size_t size : {0, 1, 8191, 8192, 8193, 300'000}) {
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7);
    std::ofstream(path_, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(size));
    EXPECT_EQ(read_file(path_).value(), bytes) << size;
  }
}

TEST_F(ReadFileTest, GivesWhatAFileHasThatSaysNoSize) {
  EXPECT_TRUE(read_file("/proc/self/status").value().starts_with("Name:"));
  EXPECT_GT(read_file("/proc/self/smaps").value().size(), 8192U);
}

TEST_F(ReadFileTest, TellsOfAFileThatIsNotThere) {
  EXPECT_EQ(read_file(path_).error().error_number, ENOENT);
  EXPECT_EQ(read_file("/proc/self").error().error_number, EISDIR);
}

}  // namespace
}  // namespace landfall
