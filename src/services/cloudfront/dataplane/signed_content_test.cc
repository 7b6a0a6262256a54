// The vectors are botocore's: CloudFrontSigner over a key made for this test, until 2033-05-18.
#include "services/cloudfront/dataplane/signed_content.h"
#include "services/cloudfront/key_testing.h"

#include <gtest/gtest.h>

namespace landfall::cloudfront {
namespace {

constexpr char kEcKey[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE44MjfI1A9zq6g83dnadh0MaN600P\n"
    "c77N8AXGwiyYyS/R3IEDy44aylC8T3tsMZwtRzzT39OAk/6piZcxO0FUXA==\n"
    "-----END PUBLIC KEY-----\n";
constexpr char kCanned[] =
    "x=1&y=2&Expires=2000000000&Signature=FehRW4DiBF4jR3O1QQ8oKaIcMd1OtRE7rMVz5n7Feo2YfapFRqOnC-3"
    "SYqE9kjkyK7fH1QPx1tRHG4lb1rrie9hJZWuGoE48K2HpLMlnkKgZh-HHpaZMZgR~yi8nguczS7x9wpenuE209S8b33d"
    "XFW0CmNHESIuekBfGSgScb2dXzW~RsuUAJZBDs5zQgEiGwPXlSTS-5ZPi2UIu704U3GA4DJhmMN41YhHrOHBQ-iPyWT-"
    "a~BL0Xd8EzesHEkKmfmBmAtdQCiIgfGdPKNWA2mmfovTglOWKssyTDgH76oTF1fltgR5rYa5scAR2TiYaJNh8X7irUjG"
    "zxo-WLRUXWw__&Key-Pair-Id=KRSA";
constexpr char kCannedPlain[] =
    "Expires=2000000000&Signature=J~GgzCRSrmcN7nLUrTgsscKj9Lj7TS36qQ2bJDvATvMI00yVubi9QYk34g2Jy5q"
    "TdbSyE~eAEsZ55fqgk2DRx4bxBcwJtSIBNeSPfkJMGSmr44lsQzP9gn6vNEbEatLNk0~e2N~RtEgYqJW7~YP9-j-UOka"
    "Bm8ZT0V21H0ngx7Vzc4l1L6m4Cdl9xXKBn0MNqZZnYH2d5hpax7BjKNvmsVcjLf1xxx3TqPHCi6b9of0Ja-HtdWsx48j"
    "uelR333pa4h6Y8tAVCRI6PuLkwbDQgS04ibZA0bRHNkfr352uLLjdYI9La8GJdY1Ss-v-QlELY~GZ8bEuAaLm66GjTfI"
    "8Uw__&Key-Pair-Id=KRSA";
constexpr char kCannedEc[] =
    "Expires=2000000000&Signature=MEUCIDf06xNFzHGYJtGXQas1nofsd1NeiFQQXRNchrSc1tLTAiEAw1ic2XGId2X"
    "lfYjOqVNKle8CPzwxfHoIRzvzIZSsGNI_&Key-Pair-Id=KEC";
constexpr char kCustom[] =
    "Policy=eyJTdGF0ZW1lbnQiOlt7IlJlc291cmNlIjoiaHR0cHM6Ly9kMS5jbG91ZGZyb250Lm5ldC9hLyoiLCJDb25ka"
    "XRpb24iOnsiRGF0ZUxlc3NUaGFuIjp7IkFXUzpFcG9jaFRpbWUiOjIwMDAwMDAwMDB9LCJJcEFkZHJlc3MiOnsiQVdTO"
    "lNvdXJjZUlwIjoiMTkyLjAuMi4wLzI0In0sIkRhdGVHcmVhdGVyVGhhbiI6eyJBV1M6RXBvY2hUaW1lIjoxOTAwMDAwM"
    "DAwfX19XX0_&Signature=WlYNQg7A7kQfyUYnloSzNofJFRtmc7wdW0wahG79~TxwDqaJkd8Qy5HAysb5guWoc3F-OR"
    "2oyThEZkre2G-muSiRO6oiJKuiFq4f-8Y9aWy3mURbwMdmG3hDxp7KKl~AmCebVAS~3ducYKW1IkJxWc15icEsT-Z0u8"
    "~Z7bivY3QdhybISvrqXQ7BhtjQCHChyigkIZ2NKYQM2dSXuFgwUsRROKijtRXJo-Kp1fDWPhUF3oCkqm0vfwki10HnLB"
    "2TmXjKnxK5RhoABZoA-KTdewJBKC54a5WTMh6chMFn3MxNQ9BQpUXT2aUNuTdzY2EzbfMHBm3HfSerrupobPGZRA__&K"
    "ey-Pair-Id=KRSA";

constexpr Timestamp kSignedNow{1'950'000'000'000}, kExpired{2'000'000'000'000};

class SignedContentTest : public ::testing::Test {
 protected:
  Admission asked(std::string_view query, std::string_view path = "/a/b.txt", Timestamp now = kSignedNow,
                  std::string_view address = "192.0.2.7") {
    return admission({.tls = true,
                      .host = "d1.cloudfront.net",
                      .path = path,
                      .query = query,
                      .fields = headers_,
                      .address = address},
                     behavior_, keys_, now);
  }
  // "Expires=1&Signature=.." as "CloudFront-Expires=1; CloudFront-Signature=.."
  static std::string as_cookies(std::string_view query) {
    std::string out = "CloudFront-";
    for (const char c : query) out += c == '&' ? std::string("; CloudFront-") : std::string(1, c);
    return out;
  }
  static std::string changed(std::string text, std::string_view from, std::string_view to) {
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }

  http::Headers headers_;
  BehaviorSnapshot behavior_{.restricted = true, .signer_key_ids = {"KRSA", "KEC"}};
  SignerKeys keys_ =
      *signer_keys({{.id = "KRSA", .pem = testing::kRsaPublicKey}, {.id = "KEC", .pem = kEcKey}});
};

TEST_F(SignedContentTest, a_canned_policy_admits_to_its_url_until_it_expires) {
  EXPECT_EQ(asked(kCanned), Admission::admitted);
  EXPECT_EQ(asked(kCannedPlain), Admission::admitted);
  EXPECT_EQ(asked(kCannedPlain, "/a/b.txt", kExpired), Admission::denied);
  EXPECT_EQ(asked(kCannedPlain, "/a/c.txt"), Admission::denied) << "another resource";
  EXPECT_EQ(asked(changed(kCanned, "x=1", "x=2")), Admission::denied) << "the query string is the resource's";
  EXPECT_EQ(asked(changed(kCannedPlain, "Expires=2000000000", "Expires=2000000001")), Admission::denied);
  EXPECT_EQ(admission({.tls = false,
                       .host = "d1.cloudfront.net",
                       .path = "/a/b.txt",
                       .query = kCannedPlain,
                       .fields = headers_,
                       .address = ""},
                      behavior_, keys_, kSignedNow),
            Admission::denied)
      << "signed for https";
}

TEST_F(SignedContentTest, an_ecdsa_key_signs_as_well) {
  EXPECT_EQ(asked(kCannedEc), Admission::admitted);
  EXPECT_EQ(asked(changed(kCannedEc, "KEC", "KRSA")), Admission::denied) << "another key's signature";
}

TEST_F(SignedContentTest, a_custom_policy_speaks_of_resources_times_and_addresses) {
  EXPECT_EQ(asked(kCustom), Admission::admitted);
  EXPECT_EQ(asked(kCustom, "/a/deep/er.txt"), Admission::admitted);
  EXPECT_EQ(asked(kCustom, "/b/b.txt"), Admission::denied);
  EXPECT_EQ(asked(kCustom, "/a/b.txt", Timestamp{1'899'999'999'000}), Admission::denied) << "not yet";
  EXPECT_EQ(asked(kCustom, "/a/b.txt", kExpired), Admission::denied);
  EXPECT_EQ(asked(kCustom, "/a/b.txt", kSignedNow, "192.0.3.7"), Admission::denied);
  EXPECT_EQ(asked(kCustom, "/a/b.txt", kSignedNow, "2001:db8::1"), Admission::denied);
  EXPECT_EQ(asked(changed(kCustom, "eyJTdGF0", "eyJTdGF1")), Admission::denied) << "tampered with";
}

TEST_F(SignedContentTest, cookies_do_what_a_url_does_and_a_signed_url_goes_before_them) {
  headers_.add("Cookie", "theme=dark; " + as_cookies(kCustom));
  EXPECT_EQ(asked(""), Admission::admitted);
  EXPECT_EQ(asked("page=2"), Admission::admitted);
  EXPECT_EQ(asked("", "/b/b.txt"), Admission::denied);
  EXPECT_EQ(asked(changed(kCannedPlain, "Expires=2", "Expires=1")), Admission::denied)
      << "the URL decides alone";
  headers_.set("Cookie", as_cookies(kCannedPlain));
  EXPECT_EQ(asked(""), Admission::admitted);
}

TEST_F(SignedContentTest, says_what_is_missing_or_unreadable) {
  EXPECT_EQ(asked(""), Admission::missing_key);
  EXPECT_EQ(asked("Key-Pair-Id="), Admission::missing_key);
  EXPECT_EQ(asked(changed(kCannedPlain, "KRSA", "KOTHER")), Admission::unknown_key);
  behavior_.signer_key_ids = {"KEC"};
  EXPECT_EQ(asked(kCannedPlain), Admission::unknown_key) << "another behaviour's key";
  EXPECT_EQ(asked("Key-Pair-Id=KEC&Expires=2000000000"), Admission::missing_signature);
  EXPECT_EQ(asked("Key-Pair-Id=KEC&Signature=AAAA"), Admission::missing_policy);
  EXPECT_EQ(asked("Key-Pair-Id=KEC&Signature=%%%%&Expires=2000000000"), Admission::malformed_signature);
  EXPECT_EQ(asked("Key-Pair-Id=KEC&Signature=AA+=&Expires=2000000000"), Admission::malformed_signature);
  EXPECT_EQ(asked("Key-Pair-Id=KEC&Signature=AAAA&Expires=soon"), Admission::malformed_policy);
  EXPECT_EQ(asked("Key-Pair-Id=KEC&Signature=AAAA&Expires=2000000000"), Admission::denied);
  EXPECT_NE(admission_error(Admission::missing_key).find("<Code>MissingKey</Code>"), std::string::npos);
}

TEST(JudgePolicy, takes_one_statement_with_an_end_and_nothing_it_does_not_know) {
  const auto judged = [](std::string_view policy) {
    return judge_policy(policy, "https://d1.cloudfront.net/a?b=c", "10.1.2.3", kSignedNow);
  };
  const auto of = [&](const std::string& statement) { return judged("{\"Statement\":[" + statement + "]}"); };
  const std::string until = "\"DateLessThan\":{\"AWS:EpochTime\":2000000000}";
  EXPECT_EQ(of("{\"Condition\":{" + until + "}}"), Admission::admitted) << "without a resource: all";
  EXPECT_EQ(of("{\"Resource\":\"http*://*/a?b=*\",\"Condition\":{" + until + "}}"), Admission::admitted);
  EXPECT_EQ(of("{\"Resource\":\"https://d1.cloudfront.net/a\",\"Condition\":{" + until + "}}"),
            Admission::denied);
  EXPECT_EQ(of("{\"Condition\":{" + until + ",\"IpAddress\":{\"AWS:SourceIp\":\"10.0.0.0/8\"}}}"),
            Admission::admitted);
  EXPECT_EQ(of("{\"Condition\":{" + until + ",\"IpAddress\":{\"AWS:SourceIp\":\"0.0.0.0/0\"}}}"),
            Admission::admitted);
  EXPECT_EQ(of("{\"Condition\":{" + until + ",\"IpAddress\":{\"AWS:SourceIp\":\"10.1.2.4\"}}}"),
            Admission::denied);
  EXPECT_EQ(of("{\"Condition\":{" + until + ",\"IpAddress\":{\"AWS:SourceIp\":\"10.0.0.0/33\"}}}"),
            Admission::malformed_policy);
  EXPECT_EQ(of("{\"Condition\":{" + until + ",\"StringLike\":{}}}"), Admission::malformed_policy);
  EXPECT_EQ(of("{\"Condition\":{}}"), Admission::malformed_policy);
  EXPECT_EQ(of("{\"Condition\":{" + until + "}},{\"Condition\":{" + until + "}}"),
            Admission::malformed_policy);
  EXPECT_EQ(judged("[]"), Admission::malformed_policy);
  EXPECT_EQ(judged("{"), Admission::malformed_policy);
}

TEST(RemoveSigningParameters, leaves_everything_else) {
  EXPECT_EQ(without_signing_parameters("a=1&Expires=2&b=3&Signature=x&Policy=y&Key-Pair-Id=z&c"),
            "a=1&b=3&c");
  BehaviorSnapshot behavior{.key_cookies = {"allExcept", {"a"}},
                            .key_query = {"all", {}},
                            .forward_query = {"whitelist", {"Expires", "q"}}};
  remove_signing_parameters(behavior);
  EXPECT_TRUE(selects(behavior.key_query, "x"));
  EXPECT_FALSE(selects(behavior.key_query, "Signature"));
  EXPECT_FALSE(selects(behavior.key_cookies, "a"));
  EXPECT_FALSE(selects(behavior.key_cookies, "CloudFront-Policy"));
  EXPECT_TRUE(selects(behavior.key_cookies, "b"));
  EXPECT_EQ(behavior.forward_query.names, std::vector<std::string>{"q"});
  EXPECT_FALSE(selects(behavior.forward_cookies, "b"));
}

}  // namespace
}  // namespace landfall::cloudfront
