#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

TEST(KeyPair, IsMadeForRsaAndEd25519AndKnownByItsName) {
  TestPlane t;
  t.call([](Call& call) {
    for (const char* type : {"rsa", "ed25519"}) {
      CreateKeyPairRequest in;
      in.KeyName = type;
      in.KeyType = type;
      const KeyPair made = CreateKeyPair(call, in);
      EXPECT_TRUE(made.KeyMaterial->starts_with("-----BEGIN")) << type;
      EXPECT_EQ(code_of([&] { CreateKeyPair(call, in); }), "InvalidKeyPair.Duplicate");
    }
    DescribeKeyPairsRequest all;
    all.IncludePublicKey = true;
    const auto keys = DescribeKeyPairs(call, all).KeyPairs;
    ASSERT_EQ(keys.size(), 2u);
    ImportKeyPairRequest import;
    import.KeyName = "imported";
    import.PublicKeyMaterial = keys[1].PublicKey;
    ImportKeyPair(call, import);
    import.KeyName = "bad";
    import.PublicKeyMaterial = "ssh-rsa zzz";
    EXPECT_EQ(code_of([&] { ImportKeyPair(call, import); }), "InvalidKey.Format");
  });
}

}  // namespace landfall::ec2
