#include "host/compute/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "host/compute/masks.h"
#include "host/compute/process_identity.h"
#include "host/user_data.h"

namespace landfall::host {
namespace {

namespace json = boost::json;

json::value config_of(const Workload& workload) {
  return json::parse(bundle_config({.workload = workload,
                                    .hostname = "h",
                                    .rootfs = "/m",
                                    .netns_path = "/n",
                                    .cgroup_path = "/landfall-1/i-1",
                                    .volumes = "/v",
                                    .binary = "/b"})
                         .reveal());
}

bool lists(const json::value& array, std::string_view text) {
  return std::ranges::any_of(array.as_array(), [&](const json::value& v) { return v.as_string() == text; });
}

}  // namespace

TEST(Bundle, AnInstanceRunsLandfallsInitWithTheCapabilitiesOfAMachineAndNoMore) {
  const json::value config = config_of({.id = "i-1", .memory_bytes = 1 << 30, .cpu_millis = 500});
  EXPECT_EQ(json::serialize(config.at_pointer("/process/args")),
            R"(["/opt/landfall/landfall","instance-init"])");
  const json::value& bounding = config.at_pointer("/process/capabilities/bounding");
  EXPECT_TRUE(lists(bounding, "CAP_NET_BIND_SERVICE"));
  for (const char* dangerous : {"CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_SYS_MODULE", "CAP_SYS_PTRACE",
                                "CAP_MKNOD", "CAP_SYS_RAWIO", "CAP_DAC_READ_SEARCH", "CAP_BPF"})
    EXPECT_FALSE(lists(bounding, dangerous)) << dangerous;
  EXPECT_FALSE(config.at_pointer("/process/noNewPrivileges").as_bool());
  EXPECT_EQ(config.at_pointer("/linux/resources/memory/limit").as_int64(), 1 << 30);
  EXPECT_EQ(config.at_pointer("/linux/resources/cpu/quota").as_int64(), 50'000);
  EXPECT_EQ(config.at_pointer("/linux/resources/pids/limit").as_int64(), kDefaultPidsLimit);
  EXPECT_EQ(config.at_pointer("/linux/namespaces/5/path").as_string(), "/n");
}

TEST(Bundle, AnEngineRunsItsArgvAsItsUserWithoutCapabilities) {
  const json::value config =
      config_of({.id = "db-1",
                 .kind = "engine",
                 .argv = {"/opt/landfall/landfall", "engine", "postgres"},
                 .env = {{"PASSWORD", Secret("x")}},
                 .mounts = {{.source = "db-1-data", .target = "/data", .read_only = true}},
                 .uid = 64702,
                 .gid = 64702});
  EXPECT_TRUE(config.at_pointer("/process/capabilities/bounding").as_array().empty());
  EXPECT_TRUE(config.at_pointer("/process/noNewPrivileges").as_bool());
  EXPECT_EQ(config.at_pointer("/process/user/uid").as_int64(), 64702);
  EXPECT_TRUE(lists(config.at_pointer("/process/env"), "PASSWORD=x"));
  const json::object& mount = config.at("mounts").as_array().back().as_object();
  EXPECT_EQ(mount.at("source").as_string(), "/v/db-1-data");
  EXPECT_TRUE(lists(mount.at("options"), "ro"));
  EXPECT_EQ(config.as_object().at("linux").as_object().at("resources").as_object().count("memory"), 0u);
}

TEST(Bundle, SeccompKeepsTheArgumentsOfItsFilters) {
  const json::value config = config_of({.id = "i-1"});
  bool new_user = false, clone3 = false;
  for (const json::value& rule : config.at_pointer("/linux/seccomp/syscalls").as_array()) {
    const auto& name = rule.at("names").as_array()[0].as_string();
    if (name == "clone3") clone3 = rule.at("errnoRet").as_int64() == ENOSYS;
    if (name == "clone" && rule.at("args").as_array()[0].at("value").as_int64() == 0x10000000)
      new_user = true;
    if (name == "socket") {
      EXPECT_TRUE(rule.as_object().contains("args")) << "networking would break";
    }
  }
  EXPECT_TRUE(new_user);
  EXPECT_TRUE(clone3);
}

TEST(Masks, EachHasAReasonAndNoneIsAboveAnother) {
  for (const auto* list : {&emptied_directories(), &hidden_files()})
    for (const MaskedPath& masked : *list) {
      EXPECT_NE(masked.path[0], '/') << masked.path;
      EXPECT_FALSE(std::string(masked.reason).empty()) << masked.path;
    }
  for (const MaskedPath& a : emptied_directories())
    for (const MaskedPath& b : emptied_directories())
      EXPECT_FALSE(std::string(b.path).starts_with(std::string(a.path) + "/")) << b.path;
  for (const char* secret : {"etc/ssh", "etc/ssl/private", "var/lib/docker"})
    EXPECT_TRUE(std::ranges::any_of(emptied_directories(),
                                    [&](const MaskedPath& m) { return std::string(m.path) == secret; }));
  for (const std::string& kept : kept_top_level()) {
    EXPECT_NE(kept, "root");
    EXPECT_NE(kept, "home");
  }
}

TEST(Masks, NoAccountOfTheShadowHasAPassword) {
  EXPECT_EQ(locked_shadow("root:x:0:0:root:/root:/bin/bash\nbad line\nwww-data:x:33:33::/:/x\n"),
            "root:*:19000:0:99999:7:::\nwww-data:*:19000:0:99999:7:::\n");
}

TEST(ProcessIdentity, TellsAProcessFromALaterOneOfTheSameNumber) {
  const ProcessIdentity self = identify(getpid()).value();
  EXPECT_TRUE(open_process(self).has_value());
  EXPECT_FALSE(open_process({self.pid, self.start_ticks - 1}).has_value());
  EXPECT_FALSE(open_process({0, 0}).has_value());
}

TEST(UserData, IsReadAsCloudInitReadsIt) {
  EXPECT_EQ(classify_user_data(""), UserDataKind::none);
  EXPECT_EQ(classify_user_data(" \n"), UserDataKind::none);
  EXPECT_EQ(classify_user_data("#!/bin/sh\ntrue"), UserDataKind::script);
  EXPECT_EQ(classify_user_data("#cloud-config\nruncmd: []"), UserDataKind::cloud_config);
  EXPECT_EQ(classify_user_data("echo hello"), UserDataKind::unknown);
}

}  // namespace landfall::host
