// Records <-> bytes of the index. The first byte is the layout's version; integers are LEB128, strings
// length-prefixed. A value that does not decode is a StoreErrc::corrupt to the caller, never a guess.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/s3/dataplane/records.h"

namespace landfall::s3 {

std::string encode(const ObjectRecord& record);
std::string encode(const BucketRecord& record);
std::string encode(const UploadRecord& record);
std::string encode(const PartRecord& record);
std::string encode(const FileRecord& record);

// T is one of the above. nullopt: not such a record.
template <class T>
std::optional<T> decode(std::string_view bytes);

}  // namespace landfall::s3
