#include "services/cloudwatch/metrics.h"

#include <openssl/sha.h>

#include <algorithm>

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

Series read_series(const Call& call, const std::string& id, const Window& window) {
  const auto chunks = call.rows(kChunks);
  Series series;
  std::vector<Point> points;
  const int64_t newest = call.now.unix_seconds() / 3600 + 1;
  const int64_t first = std::max(window.start_s / 3600, newest - kKeepHours - 1);
  const int64_t last = std::min(window.end_s / 3600, newest);
  for (int64_t hour = first; hour <= last; ++hour)
    if (auto chunk = chunks.get(hour_key(id, hour))) {
      series.unit = chunk->unit;
      points.insert(points.end(), chunk->points.begin(), chunk->points.end());
    }
  series.periods = aggregate(points, window);
  return series;
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
