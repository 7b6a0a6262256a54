#include <algorithm>
#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
namespace get_random_password {

std::string without(std::string characters, const std::string& excluded) {
  std::erase_if(characters, [&](char c) { return excluded.find(c) != std::string::npos; });
  return characters;
}

std::vector<std::string> kinds(const GetRandomPasswordRequest& in) {
  const std::string excluded = in.ExcludeCharacters.value_or("");
  std::vector<std::string> out;
  const auto add = [&](const std::optional<bool>& leave_out, const char* characters) {
    if (leave_out.value_or(false)) return;
    if (std::string kept = without(characters, excluded); !kept.empty()) out.push_back(std::move(kept));
  };
  add(in.ExcludeLowercase, "abcdefghijklmnopqrstuvwxyz");
  add(in.ExcludeUppercase, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  add(in.ExcludeNumbers, "0123456789");
  add(in.ExcludePunctuation, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
  if (in.IncludeSpace.value_or(false)) add(std::nullopt, " ");
  return out;
}

}  // namespace get_random_password

GetRandomPasswordResponse GetRandomPassword(Call& call, const GetRandomPasswordRequest& in) {
  const auto length = static_cast<size_t>(in.PasswordLength.value_or(32));
  const auto kinds = get_random_password::kinds(in);
  std::string all;
  for (const std::string& kind : kinds) all += kind;
  if (all.empty()) throw InvalidParameterException("All characters are excluded.");
  const bool each = in.RequireEachIncludedType.value_or(true);
  if (each && length < kinds.size())
    throw InvalidParameterException("The password length is too short based on the required types.");
  Random& random = call.random();
  std::string password;
  if (each)
    for (const std::string& kind : kinds) password += random.from(kind.c_str(), 1);
  password += random.from(all.c_str(), length - password.size());
  for (size_t i = password.size(); i > 1; --i)  // so that the first characters tell nothing
    std::swap(password[i - 1], password[static_cast<size_t>(random.below(i))]);
  return {.RandomPassword = password};
}

}  // namespace landfall::secretsmanager
