#include "roles/up/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "roles/up/data_dir.h"

namespace landfall::roles {
namespace {

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() {
    char name[] = "/tmp/landfall-settings-XXXXXX";
    layout_.root = ::mkdtemp(name);
  }
  ~SettingsTest() override { std::filesystem::remove_all(layout_.root); }

  unsigned mode_of(const std::string& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
  }

  Layout layout_;
};

TEST_F(SettingsTest, AreReadBackAsTheyWereStored) {
  if (::geteuid() != 0) GTEST_SKIP() << "files are given to root";
  EXPECT_FALSE(load_settings(layout_)->has_value());
  ASSERT_TRUE(store_settings(layout_, {"eu-west-1", "000000000001", "127.80.0.0/16", 4999, AuthMode::any}));
  const auto loaded = load_settings(layout_);
  ASSERT_TRUE(loaded && *loaded);
  EXPECT_EQ((*loaded)->region, "eu-west-1");
  EXPECT_EQ((*loaded)->account_id, "000000000001");
  EXPECT_EQ((*loaded)->public_cidr, "127.80.0.0/16");
  EXPECT_EQ((*loaded)->api_port, 4999);
  EXPECT_EQ((*loaded)->auth, AuthMode::any);
}

TEST_F(SettingsTest, RootCredentialsAreMadeOnceAndForTheirOwnersOnly) {
  if (::geteuid() != 0) GTEST_SKIP() << "files are given to other users";
  ASSERT_TRUE(prepare_data_dir(layout_, {}));
  ASSERT_TRUE(ensure_root_credentials(layout_, {}));
  const auto first = load_root_credentials(layout_.credentials());
  ASSERT_TRUE(first);
  EXPECT_THAT(first->access_key_id, testing::MatchesRegex("AKIA[A-Z2-7]+"));
  EXPECT_EQ(first->access_key_id.size(), 20u);
  EXPECT_EQ(first->secret_access_key.reveal().size(), 40u);
  ASSERT_TRUE(ensure_root_credentials(layout_, {}));
  EXPECT_EQ(load_root_credentials(layout_.credentials())->access_key_id, first->access_key_id);
  EXPECT_EQ(load_root_credentials(layout_.control_root_credentials())->access_key_id, first->access_key_id);
  EXPECT_EQ(mode_of(layout_.credentials()), 0600u);
  EXPECT_EQ(mode_of(layout_.control_root_credentials()), 0600u);
  EXPECT_EQ(mode_of(layout_.control()), 0700u);
  EXPECT_EQ(mode_of(layout_.run()), 03771u);
}

TEST_F(SettingsTest, ASecondLockIsRefusedAndSaysWhoHasTheFirst) {
  const auto first = lock_data_dir(layout_);
  ASSERT_TRUE(first);
  EXPECT_TRUE(is_locked(layout_));
  const auto second = lock_data_dir(layout_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, testing::HasSubstr("already runs"));
}

TEST_F(SettingsTest, ADirectoryThatOtherUsersCannotReachIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs the right to give folders away";
  std::filesystem::create_directory(layout_.root + "/private");
  std::filesystem::permissions(layout_.root, std::filesystem::perms::owner_all);
  std::filesystem::create_directory(layout_.root + "/private/data");
  const auto prepared = prepare_data_dir(Layout{layout_.root + "/private/data"}, {});
  ASSERT_FALSE(prepared);
  EXPECT_THAT(prepared.error().message, testing::HasSubstr("cannot pass through"));
}

TEST(PublicAddress, CountsFromTheRangesStart) {
  EXPECT_EQ(public_address("127.77.0.0/16", 1), "127.77.0.1");
  EXPECT_EQ(public_address("127.77.0.0/16", 256), "127.77.1.0");
  EXPECT_EQ(public_address("10.64.0.0/10", 65536 * 3 + 2), "10.67.0.2");
}

TEST(Validate, RefusesWhatIsNoAccountRegionOrRange) {
  EXPECT_TRUE(validate({}));
  EXPECT_FALSE(validate({.account_id = "12"}));
  EXPECT_FALSE(validate({.region = "US EAST"}));
  EXPECT_FALSE(validate({.public_cidr = "127.77.0.0"}));
  EXPECT_FALSE(validate({.public_cidr = "127.77.0.0/30"}));
  EXPECT_FALSE(validate({.public_cidr = "127.77.0.0/16x"}));
  EXPECT_FALSE(validate({.api_port = 0}));
}

}  // namespace
}  // namespace landfall::roles
