#include "services/acm/ca.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "gateway/vault.h"
#include "services/acm/x509.h"

namespace landfall::acm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CaTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/landfall-acm-XXXXXX";
    folder_ = mkdtemp(name);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::shared_ptr<const CertificateAuthority> open() {
    return CertificateAuthority::open(folder_, clock_, Random::system()).value();
  }
  std::string run(const std::string& command) {
    std::string out;
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    char buffer[4096];
    while (size_t n = fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, n);
    pclose(pipe);
    return out;
  }

  std::string folder_;
  ManualClock clock_{{1'795'000'000'000}};  // near the machine's, for openssl verify looks at that
};

mode_t mode_of(const std::string& path) {
  struct stat info{};
  stat(path.c_str(), &info);
  return info.st_mode & 0777;
}

TEST_F(CaTest, IsMadeOnceWithAKeyThatOnlyItsOwnerReads) {
  const std::string first = open()->certificate_pem();
  EXPECT_EQ(mode_of(folder_ + "/ca.key"), 0600u);
  EXPECT_EQ(open()->certificate_pem(), first);
  auto facts = inspect_certificate(first).value();
  EXPECT_EQ(facts.not_after.unix_ms - facts.not_before.unix_ms, int64_t{kCaYears} * 365 * 86400 * 1000);
  EXPECT_EQ(facts.key_algorithm, "EC_prime256v1");
  EXPECT_TRUE(facts.self_signed);
}

TEST_F(CaTest, IssuesCertificatesThatOpensslVerifiesForTheirNamesOnly) {
  auto ca = open();
  auto issued = ca->issue({.names = {"example.com", "*.example.com", "127.0.0.1"},
                           .key_algorithm = KeyAlgorithm::ec_prime256v1,
                           .not_before = {1'794'960'000'000}});
  ASSERT_TRUE(issued) << issued.error().message;
  ASSERT_TRUE(write_file(folder_ + "/leaf.pem", issued->certificate_pem, 0644));
  const std::string verify =
      "openssl verify -no_check_time -x509_strict -purpose sslserver -CAfile " + folder_ + "/ca.pem ";
  const std::string leaf = folder_ + "/leaf.pem";
  EXPECT_THAT(run(verify + "-verify_hostname example.com " + leaf), HasSubstr(": OK"));
  EXPECT_THAT(run(verify + "-verify_hostname www.example.com " + leaf), HasSubstr(": OK"));
  EXPECT_THAT(run(verify + "-verify_ip 127.0.0.1 " + leaf), HasSubstr(": OK"));
  EXPECT_THAT(run(verify + "-verify_hostname a.b.example.com " + leaf), HasSubstr("hostname mismatch"));
  EXPECT_THAT(run("openssl verify -no_check_time " + leaf),
              HasSubstr("unable to get local issuer certificate"));
  auto facts = inspect_certificate(issued->certificate_pem).value();
  EXPECT_THAT(facts.names, ElementsAre("example.com", "*.example.com", "127.0.0.1"));
  EXPECT_EQ(facts.subject, "CN=example.com");
  EXPECT_EQ(facts.signature_algorithm, "SHA256WITHECDSA");
  EXPECT_EQ((facts.not_after.unix_ms - facts.not_before.unix_ms) / 86'400'000,
            kLeafDays - 1);  // less a second
  EXPECT_TRUE(check_key_matches(issued->certificate_pem, issued->key_pem));
  EXPECT_TRUE(check_chain(issued->certificate_pem, issued->chain_pem));
}

TEST_F(CaTest, MakesTheKeyThatIsAskedFor) {
  auto ca = open();
  for (const char* name : {"RSA_2048", "EC_prime256v1", "EC_secp384r1"}) {
    auto issued = ca->issue({.names = {"example.com"}, .key_algorithm = key_algorithm_from(name).value()});
    ASSERT_TRUE(issued);
    EXPECT_EQ(inspect_certificate(issued->certificate_pem)->key_algorithm, name);
  }
  EXPECT_FALSE(key_algorithm_from("DSA_1024"));
}

TEST_F(CaTest, RefusesNamesThatWouldSayMoreThanAName) {
  auto ca = open();
  for (const char* name : {"", "a.com,DNS:evil.com", "a.com\nCA:TRUE", "email:copy", "a b", "@section"}) {
    EXPECT_FALSE(ca->issue({.names = {name}, .key_algorithm = KeyAlgorithm::ec_prime256v1})) << name;
  }
  // A name longer than a common name may be goes into the alternative names only.
  const std::string longest = std::string(60, 'a') + "." + std::string(60, 'b') + ".com";
  auto issued = ca->issue({.names = {longest}, .key_algorithm = KeyAlgorithm::ec_prime256v1});
  ASSERT_TRUE(issued);
  EXPECT_THAT(inspect_certificate(issued->certificate_pem)->names, ElementsAre(longest));
  EXPECT_EQ(inspect_certificate(issued->certificate_pem)->common_name, "");
}

TEST_F(CaTest, KeysAndChainsOfOthersDoNotMatch) {
  auto ca = open();
  auto a = ca->issue({.names = {"a.com"}, .key_algorithm = KeyAlgorithm::ec_prime256v1}).value();
  auto b = ca->issue({.names = {"b.com"}, .key_algorithm = KeyAlgorithm::ec_prime256v1}).value();
  EXPECT_FALSE(check_key_matches(a.certificate_pem, b.key_pem));
  EXPECT_FALSE(check_key_matches(a.certificate_pem, Secret("nonsense")));
  EXPECT_FALSE(check_chain(a.certificate_pem, b.certificate_pem));
  EXPECT_FALSE(inspect_certificate("nonsense"));
  EXPECT_FALSE(inspect_certificate(a.certificate_pem + b.certificate_pem));
  EXPECT_FALSE(inspect_certificate(a.certificate_pem.substr(0, 200)));
  auto encrypted = encrypt_key(a.key_pem, Secret("passphrase")).value();
  EXPECT_THAT(encrypted, HasSubstr("BEGIN ENCRYPTED PRIVATE KEY"));
  EXPECT_FALSE(check_key_matches(a.certificate_pem, Secret(encrypted)));  // and asks nobody for a passphrase
}

TEST_F(CaTest, TheVaultOpensWhatItSealedForTheSameCertificateOnly) {
  Vault vault = Vault::open(folder_ + "/acm.key").value();
  EXPECT_EQ(mode_of(folder_ + "/acm.key"), 0600u);
  const std::string sealed = vault.seal("arn:1", Secret("the key"), Random::system());
  EXPECT_EQ(sealed.find("the key"), std::string::npos);
  EXPECT_EQ(Vault::open(folder_ + "/acm.key")->unseal("arn:1", sealed)->reveal(), "the key");
  EXPECT_FALSE(vault.unseal("arn:2", sealed));
  EXPECT_FALSE(vault.unseal("arn:1", sealed.substr(4)));
  EXPECT_FALSE(vault.unseal("arn:1", ""));
  std::filesystem::remove(folder_ + "/acm.key");
  EXPECT_FALSE(Vault::open(folder_ + "/acm.key")->unseal("arn:1", sealed));
}

}  // namespace
}  // namespace landfall::acm
