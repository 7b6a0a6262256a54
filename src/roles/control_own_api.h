// What the paths under /_landfall/ have in common: Landfall's own operations, for the root of the first
// account (or anybody, with --auth any), answered in JSON.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace landfall {
struct ControlPlane;
namespace http {
class Exchange;
}
namespace iam {
class IamSnapshot;
}
}  // namespace landfall

namespace landfall::roles {

inline constexpr size_t kMaxOwnBodyBytes = 4096;

using Identities = std::function<std::shared_ptr<const iam::IamSnapshot>()>;

void answer_json(http::Exchange& exchange, int status, std::string json);
// {"code": ..., "message": ...}
void refuse(http::Exchange& exchange, int status, std::string_view code, std::string_view message);
// False if it is not the first account's root who asks; then the exchange is answered.
bool is_managed(const ControlPlane& plane, const iam::IamSnapshot& identities, http::Exchange& exchange,
                const std::string& body);

}  // namespace landfall::roles
