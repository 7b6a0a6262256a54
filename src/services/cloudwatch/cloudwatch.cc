#include "services/cloudwatch/cloudwatch.h"

#include <algorithm>

#include "base/log.h"
#include "reconcile/queue.h"
#include "services/cloudwatch/alarms.h"
#include "services/cloudwatch/queries.h"

namespace landfall::cloudwatch {
namespace {

using reconcile::Outcome;

constexpr char kAlarmReconciler[] = "cloudwatch.alarm";
constexpr char kRetentionReconciler[] = "cloudwatch.retention";
constexpr int64_t kRetentionMs = 3600 * 1000;
// Data counts when its minute is over. Looked at then, and now and again in between for what was put late.
constexpr int64_t kEvaluationMs = 10'000;

int64_t ms_to_next_evaluation(Timestamp now) {
  return std::min(kEvaluationMs, 60'000 - now.unix_ms % 60'000);
}

std::map<std::string, ActionHandler>& handlers() {
  static std::map<std::string, ActionHandler> map;
  return map;
}

class CloudWatch final : public Service {
 public:
  explicit CloudWatch(ControlPlane& plane) : plane_(plane) {
    plane_.queue.add(kAlarmReconciler, [this](std::string_view key) { return evaluate(key); });
    plane_.queue.add(kRetentionReconciler, [this](std::string_view) { return drop_old_data(); });
    plane_.store.watch(kAlarms, [this](const store::Change& change) {
      if (change.document != nullptr) plane_.queue.enqueue(kAlarmReconciler, change.id);
    });
  }

  void start() override {
    const size_t skip = std::string_view(kAlarms.name).size() + 1;
    plane_.store.each(std::string(kAlarms.name) + "/", [&](std::string_view key, const store::Document&) {
      plane_.queue.enqueue(kAlarmReconciler, key.substr(skip));
    });
    plane_.queue.enqueue(kRetentionReconciler, "all");
  }

 private:
  Outcome evaluate(std::string_view key) {
    const ResourceKey where = parse_resource_key(key);
    bool exists = false;
    plane_.transact("monitoring.amazonaws.com", where.account, where.region, [&](Call& call) {
      const auto stored = call.rows(kAlarms).get(where.id);
      if (!stored) return;
      exists = true;
      AlarmRecord record = *stored;
      const std::string before = record.alarm.StateValue.value_or("");
      const Verdict verdict = judge(record.alarm, recent(call, record.alarm));
      if (!verdict.state.empty() && verdict.state != before) {
        set_state(call, record, verdict.state, verdict.reason, "");
        call.rows(kAlarms).put(where.id, record);
      }
    });
    if (!exists) {
      acted_.erase(std::string(key));
      return Outcome::done();
    }
    act(key, where);
    return Outcome::after(ms_to_next_evaluation(plane_.clock.now()));
  }

  // The last EvaluationPeriods whole periods, oldest first.
  static std::vector<std::optional<double>> recent(const Call& call, const MetricAlarm& alarm) {
    const bool queries = !alarm.Metrics.empty();
    const int64_t period =
        queries ? period_of(alarm.Metrics) : std::max<int64_t>(60, alarm.Period.value_or(60));
    const int64_t end = call.now.unix_seconds() / 60 * 60;
    const Window window{end - period * alarm.EvaluationPeriods.value_or(1), end, period};
    if (queries) return run_queries(call, alarm.Metrics, window).at(*watched(alarm.Metrics).Id);
    return read_values(call,
                       metric_id(alarm.Namespace.value_or(""), alarm.MetricName.value_or(""),
                                 dimensions_of(alarm.Dimensions)),
                       window, alarm.Statistic.value_or(alarm.ExtendedStatistic.value_or("Average")));
  }

  // Runs the state's actions once a change, and scaling actions again each minute while the alarm stays in
  // ALARM.
  void act(std::string_view key, const ResourceKey& where) {
    store::Txn txn(plane_.store);
    const auto record = txn.get(kAlarms, key);
    if (!record || !record->alarm.ActionsEnabled.value_or(true)) return;
    const std::string state = record->alarm.StateValue.value_or("");
    Acted& acted = acted_[std::string(key)];
    const Timestamp now = plane_.clock.now();
    const Timestamp changed = record->alarm.StateTransitionedTimestamp.value_or(Timestamp{});
    const bool fresh = acted.transition != changed;
    const bool again = state == "ALARM" && now.unix_ms - acted.at.unix_ms >= 60'000;
    if (!fresh && !again) return;
    const bool first_look =
        acted.at.unix_ms == 0 && state != "ALARM";  // after a restart of control, OK is no news
    acted = {changed, now};
    if (first_look) return;
    for (const std::string& arn : actions_of(record->alarm)) run_action(where, arn, fresh);
  }

  void run_action(const ResourceKey& where, const std::string& arn, bool fresh) {
    const auto handler =
        std::ranges::find_if(handlers(), [&](const auto& entry) { return arn.starts_with(entry.first); });
    std::string outcome = "Successfully executed action " + arn;
    try {
      if (handler == handlers().end()) {
        outcome = "Failed to execute action " + arn + ": Landfall knows no such kind of action";
      } else {
        plane_.transact("monitoring.amazonaws.com", where.account, where.region,
                        [&](Call& call) { handler->second(call, arn, where.id); });
      }
    } catch (const ServiceError& error) {
      outcome = "Failed to execute action " + arn + ". Received error: \"" + error.message() + "\"";
    }
    if (!fresh) return;  // one line a change is enough
    plane_.transact("monitoring.amazonaws.com", where.account, where.region,
                    [&](Call& call) { add_history(call, where.id, "Action", outcome, ""); });
  }

  Outcome drop_old_data() {
    const int64_t oldest = plane_.clock.now().unix_seconds() / 3600 - kKeepHours;
    store::Txn txn(plane_.store);
    std::vector<std::string> old;
    txn.each<ChunkRecord>(kChunks, "", [&](std::string_view id, const ChunkRecord&) {
      if (std::atoll(std::string(id.substr(id.rfind('/') + 1)).c_str()) < oldest) old.emplace_back(id);
    });
    for (const std::string& id : old) txn.erase(kChunks, id);
    std::vector<std::string> silent;
    txn.each<MetricRecord>(kMetrics, "", [&](std::string_view id, const MetricRecord& metric) {
      if (metric.last.unix_seconds() / 3600 < oldest) silent.emplace_back(id);
    });
    for (const std::string& id : silent) txn.erase(kMetrics, id);
    if (auto committed = txn.commit(); !committed) return Outcome::failed(committed.error().message);
    return Outcome::after(kRetentionMs);
  }

  struct Acted {
    Timestamp transition, at;
  };
  ControlPlane& plane_;
  std::map<std::string, Acted> acted_;  // by alarm
};

}  // namespace

void handle_actions(std::string arn_prefix, ActionHandler handler) {
  handlers()[std::move(arn_prefix)] = std::move(handler);
}

std::unique_ptr<Service> make_service(ControlPlane& plane) { return std::make_unique<CloudWatch>(plane); }

}  // namespace landfall::cloudwatch
