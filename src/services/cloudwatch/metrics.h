// Reading metric data: points of minutes brought together into periods. Pure but for the rows read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/call.h"
#include "services/cloudwatch/store.h"

namespace landfall::cloudwatch {

struct Window {
  int64_t start_s, end_s;  // [start, end), Unix seconds
  int64_t period_s;        // a multiple of 60
};

struct Aggregate {
  int64_t start_s;
  double count = 0, sum = 0, minimum = 0, maximum = 0;
  double value(std::string_view statistic) const;  // Average, Sum, Minimum, Maximum, SampleCount
};
bool is_statistic(std::string_view statistic);

// Periods that have data, by start. Pure.
std::vector<Aggregate> aggregate(const std::vector<Point>& points, const Window& window);

struct Series {
  std::string unit;
  std::vector<Aggregate> periods;
};
Series read_series(const Call& call, const std::string& id, const Window& window);

// "p99.9" -> 99.9.
std::optional<double> percentile_of(std::string_view statistic);
// The value below which that percentage of the samples lies. A minute is kept as a summary: its samples are
// taken to lie evenly from the minimum to the average and from the average to the maximum, which is exact for
// one sample, and for samples that are all the same. Pure; `points` is not empty.
double percentile(const std::vector<Point>& points, double percent);

// One value a period of the window, oldest first, by statistic or percentile.
std::vector<std::optional<double>> read_values(const Call& call, const std::string& id, const Window& window,
                                               const std::string& statistic);

std::map<std::string, std::string> dimensions_of(const std::vector<Dimension>& dimensions);
std::vector<Dimension> shown(const std::map<std::string, std::string>& dimensions);

}  // namespace landfall::cloudwatch
