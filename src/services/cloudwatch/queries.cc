#include "services/cloudwatch/queries.h"

#include <algorithm>

#include "aws/service_error.h"

namespace landfall::cloudwatch {

void throw_validation(const std::string& why) { throw ServiceError("ValidationError", 400, why); }

namespace {

bool is_id(const std::string& id) {
  const auto part = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !id.empty() && id[0] >= 'a' && id[0] <= 'z' && std::ranges::all_of(id, part);
}

void check_one(const Call& call, const MetricDataQuery& query) {
  const std::string id = query.Id.value_or("");
  if (!is_id(id))
    throw_validation(
        "The value for parameter Id must begin with a small letter, and have letters, digits and "
        "underscores: " +
        id);
  if (query.AccountId.value_or(call.account) != call.account)
    throw_validation("Landfall watches metrics of the own account only: AccountId of query " + id);
  if (query.MetricStat.has_value() == query.Expression.has_value())
    throw_validation("Query " + id + " must have exactly one of MetricStat and Expression.");
  if (!query.MetricStat) {
    if (query.Expression->find("SELECT") != std::string::npos)
      throw_validation("Metrics Insights queries (SELECT) are not supported by Landfall: query " + id);
    return;
  }
  const std::string statistic = query.MetricStat->Stat.value_or("");
  if (!is_statistic(statistic) && !percentile_of(statistic))
    throw_validation(
        "The statistic " + statistic +
        " is not supported by Landfall: Average, Sum, Minimum, Maximum, SampleCount and percentiles "
        "(p99) are");
  if (query.MetricStat->Period.value_or(60) % 60 != 0)
    throw_validation("The Period of query " + id +
                     " must be a multiple of 60: Landfall keeps data by the minute.");
}

ExpressionInput input_for(const std::vector<MetricDataQuery>& queries,
                          const std::map<std::string, Values>& series, size_t periods, int64_t period_s) {
  ExpressionInput input{.series = series, .periods = periods, .period_s = period_s};
  for (const MetricDataQuery& query : queries)
    if (query.MetricStat) input.metrics.insert(*query.Id);
  return input;
}

// Expressions may read one another, in any order: those whose ids are all there, until all are.
void run_expressions(const std::vector<MetricDataQuery>& queries, std::map<std::string, Values>& series,
                     size_t periods, int64_t period_s) {
  for (bool progress = true; progress;) {
    progress = false;
    for (const MetricDataQuery& query : queries) {
      if (!query.Expression || series.contains(*query.Id)) continue;
      const auto ids = ids_in(*query.Expression);
      if (!std::ranges::all_of(ids, [&](const std::string& id) { return series.contains(id); })) continue;
      auto values = evaluate(*query.Expression, input_for(queries, series, periods, period_s));
      if (!values) throw_validation("Error in expression '" + *query.Id + "': " + values.error().message);
      series[*query.Id] = std::move(*values);
      progress = true;
    }
  }
  for (const MetricDataQuery& query : queries)
    if (!series.contains(*query.Id))
      throw_validation("Error in expression '" + *query.Id + "': it reads ids that there are not, or itself");
}

}  // namespace

void check_queries(const Call& call, const std::vector<MetricDataQuery>& queries) {
  std::map<std::string, Values> series;
  for (const MetricDataQuery& query : queries) {
    check_one(call, query);
    if (query.MetricStat && !series.emplace(*query.Id, Values{1.0}).second)
      throw_validation("The values for parameter Id are not unique: " + *query.Id);
  }
  for (const MetricDataQuery& query : queries)
    if (std::ranges::count(queries, query.Id, &MetricDataQuery::Id) > 1)
      throw_validation("The values for parameter Id are not unique: " + *query.Id);
  const bool has_expression =
      std::ranges::any_of(queries, [](const auto& q) { return q.Expression.has_value(); });
  if (!has_expression) return;
  for (const MetricDataQuery& query : queries)
    if (query.MetricStat &&
        std::max<int64_t>(60, query.MetricStat->Period.value_or(60)) != period_of(queries))
      throw_validation("Landfall evaluates expressions over metrics of one Period: query " + *query.Id +
                       " has another.");
  run_expressions(queries, series, 1, period_of(queries));
}

void check_alarm_queries(const Call& call, const std::vector<MetricDataQuery>& queries) {
  check_queries(call, queries);
  const auto returned = [](const MetricDataQuery& query) { return query.ReturnData.value_or(true); };
  if (std::ranges::count_if(queries, returned) != 1)
    throw_validation("Exactly one element of the metrics list should return data.");
}

const MetricDataQuery& watched(const std::vector<MetricDataQuery>& queries) {
  return *std::ranges::find_if(queries, [](const auto& query) { return query.ReturnData.value_or(true); });
}

int64_t period_of(const std::vector<MetricDataQuery>& queries) {
  for (const MetricDataQuery& query : queries)
    if (query.MetricStat) return std::max<int64_t>(60, query.MetricStat->Period.value_or(60));
  for (const MetricDataQuery& query : queries)
    if (query.Period) return std::max<int64_t>(60, *query.Period);
  return 300;  // AWS's, of an expression that reads no metric
}

std::map<std::string, Values> run_queries(const Call& call, const std::vector<MetricDataQuery>& queries,
                                          const Window& window) {
  std::map<std::string, Values> series;
  for (const MetricDataQuery& query : queries) {
    if (!query.MetricStat) continue;
    const MetricStat& stat = *query.MetricStat;
    const std::string id =
        metric_id(stat.Metric->Namespace.value_or(""), stat.Metric->MetricName.value_or(""),
                  dimensions_of(stat.Metric->Dimensions));
    series[*query.Id] = read_values(call, id, window, *stat.Stat);
  }
  const auto periods =
      static_cast<size_t>((window.end_s - window.start_s + window.period_s - 1) / window.period_s);
  run_expressions(queries, series, periods, window.period_s);
  return series;
}

}  // namespace landfall::cloudwatch
