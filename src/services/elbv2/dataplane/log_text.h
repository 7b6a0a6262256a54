// Of what the lines of access and connection logs are made. A line is written for each request: everything
// here appends, and formats no number twice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace landfall::elbv2::dataplane {

void append_number(std::string& line, int64_t number);
void append_padded(std::string& line, int64_t number, size_t width);  // with zeros
void append_hex(std::string& line, uint64_t number, size_t digits);   // its last ones, lower case
void append_time(std::string& line, Timestamp time);                  // "2026-11-23T01:02:03.004000Z"
void append_duration(std::string& line, int64_t ns);                  // seconds, three digits after the point
inline std::string_view or_dash(std::string_view text) { return text.empty() ? "-" : text; }

}  // namespace landfall::elbv2::dataplane
