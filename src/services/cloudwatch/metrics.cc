#include "services/cloudwatch/metrics.h"

#include <openssl/sha.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "cloudwatch/errors.h"
#include "services/cloudwatch/cloudwatch.h"

namespace landfall::cloudwatch {
namespace {

std::string hour_key(const std::string& id, int64_t hour) {
  char text[16];
  std::snprintf(text, sizeof text, "%010lld", static_cast<long long>(hour));
  return id + "/" + text;
}

void merge(std::vector<Point>& points, const Sample& sample, int64_t minute) {
  auto it = std::ranges::lower_bound(points, minute, {}, &Point::minute);
  if (it == points.end() || it->minute != minute) {
    points.insert(it, {minute, sample.count, sample.sum, sample.minimum, sample.maximum});
    return;
  }
  it->count += sample.count;
  it->sum += sample.sum;
  it->minimum = std::min(it->minimum, sample.minimum);
  it->maximum = std::max(it->maximum, sample.maximum);
}

}  // namespace

std::string metric_id(const std::string& metric_namespace, const std::string& name,
                      const std::map<std::string, std::string>& dimensions) {
  std::string text = metric_namespace + '\0' + name;
  for (const auto& [key, value] : dimensions) text += '\0' + key + '\0' + value;
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return to_hex({reinterpret_cast<const char*>(digest), 16});
}

void record(Call& call, const std::vector<Sample>& samples) {
  auto metrics = call.rows(kMetrics);
  auto chunks = call.rows(kChunks);
  for (const Sample& sample : samples) {
    const std::string id = metric_id(sample.metric_namespace, sample.name, sample.dimensions);
    const int64_t minute = sample.at.unix_seconds() / 60;
    const auto known = metrics.get(id);
    if (!known || known->last.unix_seconds() / 3600 !=
                      sample.at.unix_seconds() / 3600)  // the hour is fine enough, and seldom written
      metrics.put(id, {sample.metric_namespace, sample.name, sample.dimensions, sample.at});
    const std::string key = hour_key(id, minute / 60);
    const auto stored = chunks.get(key);
    ChunkRecord chunk = stored ? *stored : ChunkRecord{.unit = sample.unit};
    merge(chunk.points, sample, minute);
    chunks.put(key, std::move(chunk));
  }
}

double Aggregate::value(std::string_view statistic) const {
  if (statistic == "Sum") return sum;
  if (statistic == "Minimum") return minimum;
  if (statistic == "Maximum") return maximum;
  if (statistic == "SampleCount") return count;
  return count == 0 ? 0 : sum / count;
}

bool is_statistic(std::string_view statistic) {
  return statistic == "Average" || statistic == "Sum" || statistic == "Minimum" || statistic == "Maximum" ||
         statistic == "SampleCount";
}

std::vector<Aggregate> aggregate(const std::vector<Point>& points, const Window& window) {
  std::vector<Aggregate> periods;
  for (const Point& point : points) {
    const int64_t at = point.minute * 60;
    if (at < window.start_s || at >= window.end_s) continue;
    const int64_t start = window.start_s + (at - window.start_s) / window.period_s * window.period_s;
    if (periods.empty() || periods.back().start_s != start) {
      periods.push_back({start, point.count, point.sum, point.minimum, point.maximum});
      continue;
    }
    Aggregate& period = periods.back();
    period.count += point.count;
    period.sum += point.sum;
    period.minimum = std::min(period.minimum, point.minimum);
    period.maximum = std::max(period.maximum, point.maximum);
  }
  return periods;
}

namespace {

struct RawSeries {
  std::string unit;
  std::vector<Point> points;
};

RawSeries read_points(const Call& call, const std::string& id, const Window& window) {
  const auto chunks = call.rows(kChunks);
  RawSeries series;
  const int64_t newest = call.now.unix_seconds() / 3600 + 1;
  const int64_t first = std::max(window.start_s / 3600, newest - kKeepHours - 1);
  const int64_t last = std::min(window.end_s / 3600, newest);
  for (int64_t hour = first; hour <= last; ++hour)
    if (auto chunk = chunks.get(hour_key(id, hour))) {
      series.unit = chunk->unit;
      series.points.insert(series.points.end(), chunk->points.begin(), chunk->points.end());
    }
  return series;
}

// How many of a minute's samples are at most `value`.
double count_below(const Point& point, double value) {
  if (value >= point.maximum) return point.count;
  if (value < point.minimum) return 0;
  const double mean = std::clamp(point.sum / point.count, point.minimum, point.maximum);
  // So many below the average that the average is what it is.
  const double lower = (point.maximum - mean) / (point.maximum - point.minimum);
  if (value < mean) return point.count * lower * (value - point.minimum) / (mean - point.minimum);
  return point.count * (lower + (1 - lower) * (value - mean) / (point.maximum - mean));
}

}  // namespace

Series read_series(const Call& call, const std::string& id, const Window& window) {
  RawSeries raw = read_points(call, id, window);
  return {.unit = std::move(raw.unit), .periods = aggregate(raw.points, window)};
}

std::optional<double> percentile_of(std::string_view statistic) {
  if (statistic.size() < 2 || (statistic[0] != 'p' && statistic[0] != 'P')) return std::nullopt;
  double percent = 0;
  const char* end = statistic.data() + statistic.size();
  const auto [stopped, error] = std::from_chars(statistic.data() + 1, end, percent);
  if (error != std::errc{} || stopped != end || percent < 0 || percent > 100) return std::nullopt;
  return percent;
}

double percentile(const std::vector<Point>& points, double percent) {
  double total = 0, low = points.front().minimum, high = points.front().maximum;
  for (const Point& point : points) {
    total += point.count;
    low = std::min(low, point.minimum);
    high = std::max(high, point.maximum);
  }
  const double wanted = total * percent / 100;
  constexpr int kHalvings = 60;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = low + (high - low) / 2;
    double below = 0;
    for (const Point& point : points) below += count_below(point, middle);
    (below >= wanted ? high : low) = middle;
  }
  return high;
}

std::vector<std::optional<double>> read_values(const Call& call, const std::string& id, const Window& window,
                                               const std::string& statistic) {
  std::vector<std::optional<double>> values(
      static_cast<size_t>((window.end_s - window.start_s + window.period_s - 1) / window.period_s));
  const auto index = [&](int64_t at_s) {
    return static_cast<size_t>((at_s - window.start_s) / window.period_s);
  };
  const std::optional<double> percent = percentile_of(statistic);
  if (!percent) {
    for (const Aggregate& a : read_series(call, id, window).periods)
      values[index(a.start_s)] = a.value(statistic);
    return values;
  }
  std::map<size_t, std::vector<Point>> periods;
  for (const Point& point : read_points(call, id, window).points)
    if (point.minute * 60 >= window.start_s && point.minute * 60 < window.end_s && point.count > 0)
      periods[index(point.minute * 60)].push_back(point);
  for (const auto& [period, points] : periods) values[period] = percentile(points, *percent);
  return values;
}

std::map<std::string, std::string> dimensions_of(const std::vector<Dimension>& dimensions) {
  std::map<std::string, std::string> map;
  for (const Dimension& dimension : dimensions)
    map[dimension.Name.value_or("")] = dimension.Value.value_or("");
  return map;
}

std::vector<Dimension> shown(const std::map<std::string, std::string>& dimensions) {
  std::vector<Dimension> list;
  for (const auto& [name, value] : dimensions) list.push_back({.Name = name, .Value = value});
  return list;
}

}  // namespace landfall::cloudwatch
