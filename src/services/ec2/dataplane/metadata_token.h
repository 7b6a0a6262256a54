// IMDSv2's session tokens: stateless, bound to the instance and to an expiry by a MAC (HMAC-SHA-256).
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html
//
//   base64( expiry, Unix ms, 8 bytes big-endian | HMAC-SHA-256(key, expiry | instance id) )
//
// The instance id is not in the token: of another instance it does not verify.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/secret.h"

namespace landfall::ec2 {

inline constexpr int64_t kMinTokenSeconds = 1, kMaxTokenSeconds = 21600;

enum class TokenCheck { valid, expired, forged };

std::string make_metadata_token(const Secret& key, std::string_view instance_id, Timestamp expires);
TokenCheck check_metadata_token(const Secret& key, std::string_view token, std::string_view instance_id,
                                Timestamp now);

}  // namespace landfall::ec2
