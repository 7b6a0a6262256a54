// Small files, whole. Blocking; not for the loops.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall::cloudfront {

Result<> write_all(int fd, std::string_view bytes);
Result<> make_folder(const std::string& path);  // owner-only, also if it is there
Result<> put_in_place(const std::string& fresh,
                      const std::string& path);  // renames; makes the folder if missing
// Fills the buffer from `offset` on. A file that ends before is an Error.
Result<> read_exactly(int fd, uint64_t offset, char* buffer, size_t size);

}  // namespace landfall::cloudfront
