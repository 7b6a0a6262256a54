// A signer's public key, for tests of key groups; signed_content_test.cc says how what it verifies was made.
#pragma once

namespace landfall::cloudfront::testing {

inline constexpr char kRsaPublicKey[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAjsEVWKJWxpCwUGz9NBkn\n"
    "qjQ2ZmN9MwjCvTmrINQab9/x5hi1kl2Wu9DndT15iJ7lMasgGKZ0YBIE2JB0v3HS\n"
    "OvbBvqCFk65K5Z6LOaAfKkZCxv1i9OFrjO1luRgkfKcAEn/fLuC19qvHze4N72p5\n"
    "B6yAC9P1ei8N3mratxgZhCMTzTC2NtPJSpJQvssX5Vk/auoPw7DRZQ//A25j3m7V\n"
    "2F72vMWIXa5QLxUKHdTohEat+4bn8T8sbVgCBxmK0vW21RcMydYjTU/ZxZY3x+Eh\n"
    "ZtJoM/tvQQgc0HewC7YDdGs+psLSLYx+dorCcPX8qGlTOCiKLWEjfW9+F4zHBggS\n"
    "XwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

}  // namespace landfall::cloudfront::testing
