// Structs as JSON by their Shape: on the wire of the json protocols, and in the store (codec/fields.h, which
// declares append_shape_json and read_shape_json; they are defined here).
#pragma once

#include <string>
#include <string_view>

#include "aws/protocol/shape.h"
#include "base/result.h"
#include "codec/fields.h"

namespace landfall::aws {

enum class JsonStyle : uint8_t {
  wire,    // timestamps as epoch seconds, empty lists and maps written
  stored,  // timestamps as ISO 8601, what is empty left out
};

void append_json(const Shape& shape, const void* value, JsonStyle style, std::string& out);
// Reads both styles. Blobs are base64 in both.
Result<> read_json(const Shape& shape, const fields::Node* node, void* value);

// Whole documents.
std::string shape_to_json(const Shape& shape, const void* value, JsonStyle style = JsonStyle::stored);
Result<> shape_from_json(const Shape& shape, std::string_view text, void* value);

}  // namespace landfall::aws
