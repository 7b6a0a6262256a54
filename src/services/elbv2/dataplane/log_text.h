// Of what the lines of access and connection logs are made. A line is written for each request: nothing here
// allocates, or formats a number twice.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "base/text_writer.h"

namespace landfall::elbv2::dataplane {

void put_time(TextWriter& line, Timestamp time);  // "2026-11-23T01:02:03.004000Z"
void put_duration(TextWriter& line, int64_t ns);  // seconds, three digits after the point
inline std::string_view or_dash(std::string_view text) { return text.empty() ? "-" : text; }

}  // namespace landfall::elbv2::dataplane
