#include "host/desired_state.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "codec/fields.h"
#include "host/compute/console.h"
#include "host/compute/rootfs.h"

namespace landfall::host {
namespace {

class TempDir {
 public:
  TempDir() { path = mkdtemp(buffer_); }
  ~TempDir() { std::filesystem::remove_all(path); }
  std::string path;

 private:
  char buffer_[32] = "/tmp/lf-desired-XXXXXX";
};

Put workload(const std::string& id, int64_t version) {
  Workload document{.memory_bytes = 1 << 20, .user_data = Secret("#!/bin/sh")};
  document.env["A"] = Secret("b");
  return {.kind = "Workload", .id = id, .version = version, .document = to_json(document)};
}

}  // namespace

TEST(DesiredState, IsTheSameAfterARestart) {
  TempDir dir;
  {
    DesiredState state = DesiredState::load(dir.path).value();
    ASSERT_TRUE(state.put(workload("i-1", 7)));
    ASSERT_TRUE(state.put(workload("i-2", 8)));
    ASSERT_TRUE(state.put(
        {.kind = "Network", .id = "vpc-1", .version = 9, .document = R"({"cidrs":["10.0.0.0/16"]})"}));
    ASSERT_TRUE(state.remove("Workload", "i-2"));
  }
  const DesiredState again = DesiredState::load(dir.path).value();
  ASSERT_EQ(again.workloads().size(), 1u);
  EXPECT_EQ(again.workloads().at("i-1").env.at("A").reveal(), "b");
  EXPECT_EQ(again.workloads().at("i-1").user_data.reveal(), "#!/bin/sh");
  EXPECT_EQ(again.networks().networks.at("vpc-1").vpc_id, "vpc-1");
  struct stat info;
  ASSERT_EQ(stat((dir.path + "/Workload/i-1.json").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u) << "it holds secrets";
}

TEST(DesiredState, AsksForWhatItLacksAndNamesWhatThePeerDoesNotList) {
  TempDir dir;
  DesiredState state = DesiredState::load(dir.path).value();
  ASSERT_TRUE(state.put(workload("i-same", 1)));
  ASSERT_TRUE(state.put(workload("i-old", 1)));
  ASSERT_TRUE(state.put(workload("i-gone", 1)));
  const auto difference =
      state.compare({{"Workload", "i-same", 1}, {"Workload", "i-old", 2}, {"Workload", "i-new", 1}});
  ASSERT_EQ(difference.wanted.size(), 2u);
  EXPECT_EQ(difference.wanted[0].id, "i-old");
  EXPECT_EQ(difference.wanted[1].id, "i-new");
  ASSERT_EQ(difference.unlisted.size(), 1u);
  EXPECT_EQ(difference.unlisted[0].id, "i-gone");
}

TEST(DesiredState, RefusesIdsThatAreNoFileNamesAndDocumentsOfAnotherKind) {
  TempDir dir;
  DesiredState state = DesiredState::load(dir.path).value();
  for (const char* id : {"", ".", "..", "../x", "a/b", ".hidden", "a b", "a\nb"})
    EXPECT_FALSE(state.put(workload(id, 1)).has_value()) << id;
  EXPECT_FALSE(state.put({.kind = "Passwd", .id = "x", .version = 1, .document = "{}"}).has_value());
  EXPECT_FALSE(state.put({.kind = "Workload", .id = "x", .version = 1, .document = "[]"}).has_value() &&
               state.workloads().contains("x") && state.workloads().at("x").memory_bytes != 0);
  EXPECT_FALSE(
      state.put({.kind = "Workload", .id = "y", .version = 1, .document = R"({"memory_bytes":"many"})"})
          .has_value());
  EXPECT_FALSE(state.workloads().contains("y"));
}

TEST(Console, KeepsTheLatestAndGivesTheTailAcrossARotation) {
  TempDir dir;
  const std::string path = dir.path + "/console.log";
  EXPECT_EQ(read_console_tail(path, 100).value(), "");
  std::ofstream(path) << std::string(kConsoleBytes, 'a') << "END";
  ASSERT_TRUE(rotate_console(path));
  EXPECT_EQ(std::filesystem::file_size(path), 0u);
  EXPECT_EQ(std::filesystem::file_size(path + ".1"), static_cast<uintmax_t>(kConsoleBytes));
  std::ofstream(path, std::ios::app) << "new";
  EXPECT_EQ(read_console_tail(path, 8).value(), "aaENDnew");
  EXPECT_EQ(read_console_tail(path, 1 << 30).value().size(), static_cast<size_t>(kMaxConsoleTail));
}

TEST(Tree, StaysInsideWhateverLinksTheTreeHolds) {
  TempDir dir;
  const std::string root = dir.path + "/root", outside = dir.path + "/outside";
  std::filesystem::create_directories(root + "/etc");
  std::filesystem::create_directories(outside);
  std::filesystem::create_symlink(outside, root + "/absolute");
  std::filesystem::create_symlink("../../../.." + outside, root + "/etc/relative");
  std::ofstream(outside + "/victim") << "untouched";
  std::filesystem::create_symlink(outside + "/victim", root + "/etc/link");
  const Tree tree = Tree::open(root).value();
  (void)tree.write_file({.path = "/absolute/new", .content = Secret("x")});
  (void)tree.write_file({.path = "/etc/relative/new", .content = Secret("x")});
  ASSERT_TRUE(tree.write_file({.path = "/etc/link", .mode = "0640", .content = Secret("mine")}));
  EXPECT_FALSE(std::filesystem::exists(outside + "/new"));
  std::ifstream victim(outside + "/victim");
  std::string text;
  victim >> text;
  EXPECT_EQ(text, "untouched");
  EXPECT_EQ(tree.read_file("/etc/link").value(), "mine") << "the link was replaced, not followed";
  EXPECT_FALSE(tree.read_file("/../outside/victim").has_value());
  ASSERT_TRUE(tree.write_file({.path = "/made/on/the/way", .content = Secret("y")}));
  EXPECT_EQ(tree.read_file("/made/on/the/way").value(), "y");
}

TEST(Protocol, EveryDocumentComesBackAsItWent) {
  Workload workload{
      .id = "i-1", .kind = "engine", .interface_id = "eni-1", .argv = {"a", "b \" \n"}, .uid = 5};
  workload.files = {{.path = "/x", .mode = "0600", .uid = 1, .gid = 2, .content = Secret("s")}};
  workload.mounts = {{.source = "v", .target = "/t", .read_only = true}};
  EXPECT_EQ(to_json(from_json<Workload>(to_json(workload)).value()), to_json(workload));
  const OpenSockets request{
      .id = "1",
      .vpc_id = "vpc-1",
      .requests = {{.purpose = "udp_bound", .address = "10.0.0.2", .port = 53, .count = 4}}};
  EXPECT_EQ(to_json(from_json<OpenSockets>(to_json(request)).value()), to_json(request));
  EXPECT_EQ(from_json<Envelope>(to_json(request)).value().type, "OpenSockets");
}

}  // namespace landfall::host
