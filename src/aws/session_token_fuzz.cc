// Any text as a session token is refused without a crash; a sealed one with one byte changed is too.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "aws/session_token.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace landfall;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  aws::TokenKeyring keyring;
  keyring.keys.push_back({"k", Secret(std::string(aws::kTokenKeyBytes, 'k'))});
  if (aws::open_session(input, keyring)) std::abort();  // forged

  SeededRandom random(1);
  aws::SessionClaims claims;
  claims.session_name = std::string(input.substr(0, 200));
  auto token = aws::seal_session(claims, keyring, random);
  if (!token) std::abort();
  auto opened = aws::open_session(*token, keyring);
  if (!opened || opened->session_name != claims.session_name) std::abort();
  if (size >= 3) {
    char& changed = (*token)[(data[0] << 8 | data[1]) % token->size()];
    if (changed != static_cast<char>(data[2])) {
      changed = static_cast<char>(data[2]);
      if (auto other = aws::open_session(*token, keyring)) std::abort();
    }
  }
  return 0;
}
