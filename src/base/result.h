// Result<T>: a value or an Error, for everything outside the AWS handlers (which throw ServiceError).
// An Error carries a sentence for a person and, where one caused it, the errno.
#pragma once

#include <cerrno>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace landfall {

struct Error {
  std::string message;   // a full clause, e.g. "open /x/y: Permission denied"
  int error_number = 0;  // errno that caused it, 0 if none
};

template <class T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(std::string message, int error_number = 0) {
  return std::unexpected<Error>(Error{std::move(message), error_number});
}

// "what: strerror(errno)", keeping errno.
std::unexpected<Error> fail_errno(std::string_view what, int error_number = errno);

// A broken invariant: says where and why on stderr, then aborts. In release too.
[[noreturn]] void invariant_broken(const char* expression, const char* file, int line,
                                   std::string_view why = {});

}  // namespace landfall

#define LF_INVARIANT(expression, ...)                                                           \
  do {                                                                                          \
    if (!(expression)) [[unlikely]]                                                             \
      ::landfall::invariant_broken(#expression, __FILE__, __LINE__ __VA_OPT__(, ) __VA_ARGS__); \
  } while (0)

// LF_TRY(auto x, expression): x is the value, or this function returns the Error.
#define LF_CONCAT_(a, b) a##b
#define LF_CONCAT(a, b) LF_CONCAT_(a, b)
#define LF_TRY(declaration, ...) LF_TRY_(LF_CONCAT(lf_try_, __LINE__), declaration, __VA_ARGS__)
#define LF_TRY_(temporary, declaration, ...)                            \
  auto temporary = (__VA_ARGS__);                                       \
  if (!temporary) return std::unexpected(std::move(temporary).error()); \
  declaration = std::move(*temporary)
// LF_CHECK(expression): like LF_TRY for Result<void>.
#define LF_CHECK(...)                                                   \
  do {                                                                  \
    auto lf_check = (__VA_ARGS__);                                      \
    if (!lf_check) return std::unexpected(std::move(lf_check).error()); \
  } while (0)
