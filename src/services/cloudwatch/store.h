// What CloudWatch keeps: the metrics there are, their data in chunks of an hour, alarms and their history.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cloudwatch/shapes.h"
#include "store/store.h"

namespace landfall::cloudwatch {

struct MetricRecord {
  std::string metric_namespace, name;
  std::map<std::string, std::string> dimensions;
  Timestamp last;  // newest datum
  template <class V>
  void fields(V& v) {
    v("namespace", metric_namespace);
    v("name", name);
    v("dimensions", dimensions);
    v("last", last);
  }
};

// The summary of one minute (finer data is summed up into its minute: "stored without effect" for
// StorageResolution 1).
struct Point {
  int64_t minute = 0;  // Unix time / 60
  double count = 0, sum = 0, minimum = 0, maximum = 0;
  template <class V>
  void fields(V& v) {
    v("m", minute);
    v("n", count);
    v("s", sum);
    v("l", minimum);
    v("h", maximum);
  }
};

struct ChunkRecord {
  std::string unit;
  std::vector<Point> points;  // by minute, at most 60
  template <class V>
  void fields(V& v) {
    v("unit", unit);
    v("points", points);
  }
};

struct AlarmRecord {
  MetricAlarm alarm;  // as DescribeAlarms shows it
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("alarm", alarm);
    v("tags", tags);
  }
};

struct HistoryRecord {
  std::string alarm, type, summary, data;  // type: StateUpdate, ConfigurationUpdate, Action
  Timestamp at;
  template <class V>
  void fields(V& v) {
    v("alarm", alarm);
    v("type", type);
    v("summary", summary);
    v("data", data);
    v("at", at);
  }
};

struct DashboardRecord {
  std::string body;
  Timestamp modified;
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("body", body);
    v("modified", modified);
    v("tags", tags);
  }
};

inline constexpr store::Table<MetricRecord> kMetrics{"cloudwatch.metric"};  // id: metric_id()
inline constexpr store::Table<ChunkRecord> kChunks{"cloudwatch.chunk"};  // id: metric_id()/<hour, 10 digits>
inline constexpr store::Table<AlarmRecord> kAlarms{"cloudwatch.alarm"};  // id: name
inline constexpr store::Table<HistoryRecord> kHistory{
    "cloudwatch.history"};  // id: <alarm>/<ms, 15 digits>-<n>
inline constexpr store::Table<DashboardRecord> kDashboards{
    "cloudwatch.dashboard"};  // of all regions; id: name

inline constexpr int64_t kKeepHours = 72;       // AWS keeps one-minute data for 15 days; Landfall for three
inline constexpr size_t kMaxMetrics = 100'000;  // of one account and region: beyond, new ones are refused
inline constexpr size_t kHistoryPerAlarm = 200;

std::string metric_id(const std::string& metric_namespace, const std::string& name,
                      const std::map<std::string, std::string>& dimensions);

}  // namespace landfall::cloudwatch
