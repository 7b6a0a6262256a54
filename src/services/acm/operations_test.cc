#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "acm/errors.h"
#include "acm/operations.h"
#include "gateway/testing.h"
#include "route53/operations.h"
#include "services/acm/acm.h"
#include "services/acm/certificates.h"

namespace landfall::acm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class AcmTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/landfall-acm-XXXXXX";
    t_.config.data_dir = mkdtemp(name);
    service_ = make_service(t_.plane);
    service_->start();
  }
  void TearDown() override {
    service_.reset();
    std::filesystem::remove_all(t_.config.data_dir);
  }

  std::string request(RequestCertificateRequest in) {
    if (!in.KeyAlgorithm) in.KeyAlgorithm = "EC_prime256v1";
    return *t_.call([&](Call& call) { return RequestCertificate(call, in); }).CertificateArn;
  }
  CertificateDetail describe(const std::string& arn) {
    return *t_.call([&](Call& call) {
                return DescribeCertificate(call, {.CertificateArn = arn});
              }).Certificate;
  }
  std::string zone(const std::string& name) {
    return *t_.call([&](Call& call) {
                return route53::CreateHostedZone(call, {.Name = name, .CallerReference = name});
              }).HostedZone->Id;
  }
  void put(const std::string& zone, const ResourceRecord& record, const char* action = "UPSERT") {
    route53::ResourceRecordSet set{.Name = record.Name, .Type = record.Type, .TTL = 60};
    set.ResourceRecords.push_back({record.Value});
    t_.call([&](Call& call) {
      return route53::ChangeResourceRecordSets(
          call, {.HostedZoneId = zone, .ChangeBatch = route53::ChangeBatch{.Changes = {{action, set}}}});
    });
  }
  // Until the certificate's status is `status`; the key is made on another thread, so the loop waits for its
  // word.
  bool becomes(const std::string& arn, std::string_view status) {
    for (int i = 0; i < 200 && describe(arn).Status != status; ++i) t_.loop->run_once(50);
    return describe(arn).Status == status;
  }
  std::string issued(std::string domain) {
    const std::string arn = request({.DomainName = domain, .ValidationMethod = "DNS"});
    put(zone(domain), *describe(arn).DomainValidationOptions[0].ResourceRecord);
    EXPECT_TRUE(becomes(arn, kIssued));
    return arn;
  }

  testing_support::TestPlane t_;
  std::unique_ptr<Service> service_;
};

TEST_F(AcmTest, IssuesWhenTheValidationRecordOfEachNameIsInAZone) {
  const std::string arn = request({.DomainName = "MyApp.com",
                                   .ValidationMethod = "DNS",
                                   .SubjectAlternativeNames = {"*.myapp.com", "other.org"}});
  CertificateDetail detail = describe(arn);
  EXPECT_EQ(detail.Status, kPending);
  EXPECT_THAT(detail.SubjectAlternativeNames, ElementsAre("myapp.com", "*.myapp.com", "other.org"));
  ASSERT_EQ(detail.DomainValidationOptions.size(), 3u);
  const auto& record = detail.DomainValidationOptions[0].ResourceRecord;
  EXPECT_TRUE(record->Name->ends_with(".myapp.com."));
  EXPECT_TRUE(record->Value->ends_with(".acm-validations.aws."));
  EXPECT_EQ(detail.DomainValidationOptions[1].ResourceRecord->Name,
            record->Name);  // AWS: the wildcard shares it

  const std::string mine = zone("myapp.com"), other = zone("other.org");
  put(mine, *record);
  t_.settle();
  EXPECT_EQ(describe(arn).Status, kPending);
  EXPECT_EQ(describe(arn).DomainValidationOptions[0].ValidationStatus, "SUCCESS");
  EXPECT_EQ(describe(arn).DomainValidationOptions[2].ValidationStatus, kPending);
  EXPECT_THROW(t_.call([&](Call& call) { return GetCertificate(call, {.CertificateArn = arn}); }),
               RequestInProgressException);

  ResourceRecord wrong = *detail.DomainValidationOptions[2].ResourceRecord;
  wrong.Value = "_someone.else.acm-validations.aws.";
  put(other, wrong);
  t_.settle();
  EXPECT_EQ(describe(arn).Status, kPending);
  put(other, *detail.DomainValidationOptions[2].ResourceRecord);
  ASSERT_TRUE(becomes(arn, kIssued));

  detail = describe(arn);
  EXPECT_EQ(detail.Subject, "CN=myapp.com");
  EXPECT_EQ(detail.KeyAlgorithm, "EC_prime256v1");
  EXPECT_EQ(detail.RenewalEligibility, "ELIGIBLE");
  auto got = t_.call([&](Call& call) { return GetCertificate(call, {.CertificateArn = arn}); });
  EXPECT_TRUE(check_chain(*got.Certificate, *got.CertificateChain));
  auto material = t_.call([&](Call& call) { return certificate_material(call.plane.config, call.txn, arn); });
  ASSERT_TRUE(material);
  EXPECT_EQ(material->chain_pem, *got.Certificate + *got.CertificateChain);
  EXPECT_TRUE(check_key_matches(*got.Certificate, material->key_pem));
  EXPECT_EQ(got.CertificateChain, ca_certificate_pem(t_.plane).value());
}

TEST_F(AcmTest, TheRecordMayBeThereBeforeTheRequest) {
  const auto cname = validation_cname("123456789012", "early.com");
  put(zone("early.com"), {cname.name, "CNAME", cname.value});
  EXPECT_TRUE(becomes(request({.DomainName = "early.com", .ValidationMethod = "DNS"}), kIssued));
}

TEST_F(AcmTest, APrivateZoneProvesNothing) {
  t_.call([](Call& call) { call.txn.put_text("ec2.vpc/123456789012/us-east-1/vpc-1", "{}"); });
  const std::string arn = request({.DomainName = "corp.internal", .ValidationMethod = "DNS"});
  const std::string id =
      *t_.call([&](Call& call) {
           return route53::CreateHostedZone(
               call,
               {.Name = "corp.internal", .VPC = route53::VPC{"us-east-1", "vpc-1"}, .CallerReference = "1"});
         }).HostedZone->Id;
  put(id, *describe(arn).DomainValidationOptions[0].ResourceRecord);
  t_.settle();
  EXPECT_EQ(describe(arn).Status, kPending);
}

TEST_F(AcmTest, TimesOutAfter72Hours) {
  const std::string dns = request({.DomainName = "slow.com", .ValidationMethod = "DNS"});
  const std::string mail = request({.DomainName = "mail.com"});
  EXPECT_THAT(describe(mail).DomainValidationOptions[0].ValidationEmails,
              testing::Contains("admin@mail.com"));
  t_.settle(71 * 3'600'000);
  EXPECT_EQ(describe(dns).Status, kPending);
  t_.settle(2 * 3'600'000);
  EXPECT_EQ(describe(dns).Status, kTimedOut);
  EXPECT_EQ(describe(mail).Status, kTimedOut);
  EXPECT_THROW(t_.call([&](Call& call) { return GetCertificate(call, {.CertificateArn = dns}); }),
               ResourceNotFoundException);
}

TEST_F(AcmTest, RenewsBeforeTheEndAndKeepsTheArn) {
  const std::string arn = issued("myapp.com");
  const CertificateDetail before = describe(arn);
  t_.settle((kLeafDays - 70) * int64_t{86'400'000});
  EXPECT_EQ(describe(arn).Serial, before.Serial);
  t_.settle(15 * int64_t{86'400'000});
  for (int i = 0; i < 100 && describe(arn).Serial == before.Serial; ++i) t_.loop->run_once(50);
  EXPECT_NE(describe(arn).Serial, before.Serial);
  EXPECT_GT(*describe(arn).NotAfter, *before.NotAfter);
  EXPECT_EQ(describe(arn).Status, kIssued);
}

TEST_F(AcmTest, AnswersTheSameRequestWithTheSameCertificateForAnHour) {
  RequestCertificateRequest in{.DomainName = "a.com", .ValidationMethod = "DNS", .IdempotencyToken = "t"};
  const std::string first = request(in);
  EXPECT_EQ(request(in), first);
  in.SubjectAlternativeNames = {"b.com"};
  EXPECT_NE(request(in), first);
  in.SubjectAlternativeNames = {};
  t_.settle(2 * 3'600'000);
  EXPECT_NE(request(in), first);
}

TEST_F(AcmTest, IsNotDeletedWhileItServes) {
  const std::string arn = request({.DomainName = "a.com", .ValidationMethod = "DNS"});
  auto erase = [&] { t_.call([&](Call& call) { return DeleteCertificate(call, {.CertificateArn = arn}); }); };
  t_.call([&](Call& call) {
    attach(call, arn, "listener-1", "lb-1");
    attach(call, arn, "listener-2", "lb-1");
  });
  EXPECT_THAT(describe(arn).InUseBy, ElementsAre("lb-1"));
  EXPECT_THROW(erase(), ResourceInUseException);
  t_.call([&](Call& call) { detach(call, arn, "listener-1"); });
  EXPECT_THROW(erase(), ResourceInUseException);
  t_.call([&](Call& call) { detach(call, arn, "listener-2"); });
  erase();
  EXPECT_THROW(describe(arn), ResourceNotFoundException);
  EXPECT_THROW(describe("arn:aws:s3:::bucket"), InvalidArnException);
}

class ImportTest : public AcmTest {
 protected:
  ImportCertificateRequest fresh(std::string name, KeyAlgorithm algorithm = KeyAlgorithm::ec_prime256v1) {
    auto ca = CertificateAuthority::open(t_.config.data_dir + "/ca", t_.clock, t_.random).value();
    auto made =
        ca->issue({.names = {name}, .key_algorithm = algorithm, .not_before = t_.clock.now()}).value();
    return {.Certificate = made.certificate_pem,
            .PrivateKey = made.key_pem.reveal(),
            .CertificateChain = made.chain_pem};
  }
  std::string refusal(const ImportCertificateRequest& in) {
    try {
      t_.call([&](Call& call) { return ImportCertificate(call, in); });
    } catch (const ServiceError& e) {
      return e.code() + ": " + e.message();
    }
    return "";
  }
};

TEST_F(ImportTest, TakesACertificateWithItsKeyAndChainAndKeepsTheKeySealed) {
  ImportCertificateRequest in = fresh("imported.com");
  const std::string arn = *t_.call([&](Call& call) { return ImportCertificate(call, in); }).CertificateArn;
  EXPECT_EQ(describe(arn).Type, kImported);
  EXPECT_EQ(describe(arn).Status, kIssued);
  t_.store->each("", [&](std::string_view, const store::Document& document) {
    EXPECT_THAT(document.text, Not(HasSubstr("PRIVATE KEY")));
    EXPECT_THAT(document.text, Not(HasSubstr(in.PrivateKey->substr(40, 40))));
  });
  auto material = [&] {
    return t_.call([&](Call& call) { return certificate_material(call.plane.config, call.txn, arn); });
  };
  EXPECT_EQ(material()->key_pem.reveal(), *in.PrivateKey);
  ImportCertificateRequest again = fresh("imported.com");
  again.CertificateArn = arn;
  t_.call([&](Call& call) { return ImportCertificate(call, again); });
  EXPECT_EQ(material()->key_pem.reveal(), *again.PrivateKey);
}

TEST_F(ImportTest, ASuccessorHasAKeyOfTheSameType) {
  const std::string arn =
      *t_.call([&](Call& call) { return ImportCertificate(call, fresh("a.com")); }).CertificateArn;
  ImportCertificateRequest other = fresh("b.com", KeyAlgorithm::rsa_2048), same = fresh("b.com");
  other.CertificateArn = same.CertificateArn = arn;
  EXPECT_THAT(refusal(other), HasSubstr("ValidationException: The key type and size"));
  EXPECT_EQ(describe(arn).DomainName, "a.com");
  EXPECT_EQ(refusal(same), "");
  EXPECT_EQ(describe(arn).DomainName, "b.com");  // the names may change
}

TEST_F(ImportTest, RefusesWhatDoesNotBelongTogether) {
  ImportCertificateRequest a = fresh("a.com"), b = fresh("b.com");
  ImportCertificateRequest mixed = a;
  mixed.PrivateKey = b.PrivateKey;
  EXPECT_THAT(refusal(mixed), HasSubstr("ValidationException: The private key is not valid"));
  mixed = a;
  mixed.CertificateChain = b.Certificate;
  EXPECT_THAT(refusal(mixed), HasSubstr("ValidationException: The certificate chain is not valid"));
  mixed = a;
  mixed.CertificateChain.reset();
  EXPECT_THAT(refusal(mixed), HasSubstr("is not a valid self signed"));
  mixed = a;
  mixed.Certificate = "nonsense";
  EXPECT_THAT(refusal(mixed), HasSubstr("ValidationException: The certificate field is not valid"));
  t_.settle((kLeafDays + 1) * int64_t{86'400'000});
  EXPECT_THAT(refusal(a), HasSubstr("expired"));
}

TEST_F(AcmTest, ListsRsaUnlessToldOtherwise) {
  request({.DomainName = "ec.com", .ValidationMethod = "DNS"});
  request({.DomainName = "rsa.com", .ValidationMethod = "DNS", .KeyAlgorithm = "RSA_2048"});
  auto list = [&](ListCertificatesRequest in) {
    std::vector<std::string> out;
    for (const auto& s :
         t_.call([&](Call& call) { return ListCertificates(call, in); }).CertificateSummaryList)
      out.push_back(*s.DomainName);
    return out;
  };
  EXPECT_THAT(list({}), ElementsAre("rsa.com"));
  EXPECT_THAT(list({.Includes = Filters{.keyTypes = {"EC_prime256v1"}}}), ElementsAre("ec.com"));
  EXPECT_THAT(list({.CertificateStatuses = {"ISSUED"}}), IsEmpty());
  auto page = t_.call([&](Call& call) {
    return ListCertificates(call,
                            {.Includes = Filters{.keyTypes = {"EC_prime256v1", "RSA_2048"}}, .MaxItems = 1});
  });
  ASSERT_TRUE(page.NextToken);
  EXPECT_EQ(page.CertificateSummaryList.size(), 1u);
}

TEST_F(AcmTest, ExportsOnlyWhatIsExportable) {
  const std::string arn = issued("a.com");
  auto take = [&] {
    return t_.call(
        [&](Call& call) { return ExportCertificate(call, {.CertificateArn = arn, .Passphrase = "secret"}); });
  };
  EXPECT_THROW(take(), ValidationException);
  t_.call([&](Call& call) {
    return UpdateCertificateOptions(
        call, {.CertificateArn = arn, .Options = CertificateOptions{.Export = "ENABLED"}});
  });
  EXPECT_THAT(*take().PrivateKey, HasSubstr("BEGIN ENCRYPTED PRIVATE KEY"));
}

TEST_F(AcmTest, KeepsTags) {
  const std::string arn = request({.DomainName = "a.com", .Tags = {{"k", "v"}, {"l", "w"}}});
  t_.call([&](Call& call) {
    AddTagsToCertificate(call, {.CertificateArn = arn, .Tags = {{"m", "x"}}});
    RemoveTagsFromCertificate(call, {.CertificateArn = arn, .Tags = {{"k", "other"}, {"l", "w"}}});
  });
  auto tags = t_.call([&](Call& call) { return ListTagsForCertificate(call, {.CertificateArn = arn}); }).Tags;
  ASSERT_EQ(tags.size(), 2u);
  EXPECT_EQ(tags[0].Key, "k");
  EXPECT_EQ(tags[1].Key, "m");
  EXPECT_THROW(t_.call([&](Call& call) {
    return AddTagsToCertificate(call, {.CertificateArn = arn, .Tags = {{"aws:x", "y"}}});
  }),
               InvalidTagException);
}

TEST_F(AcmTest, IssuesForLandfallItself) {
  auto material = issue_internal(t_.plane, {"*.us-east-1.amazonaws.com", "localhost", "127.0.0.1"});
  ASSERT_TRUE(material) << material.error().message;
  EXPECT_TRUE(check_key_matches(material->chain_pem, material->key_pem));
}

}  // namespace
}  // namespace landfall::acm
