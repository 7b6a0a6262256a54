// Brings environments to what was asked: their resources in one transaction, then their instances one by one;
// keeps their health as the target group sees it; judges application versions by whether S3 has the bundle.
#include <fmt/format.h>

#include <set>

#include "autoscaling/operations.h"
#include "codec/uri.h"
#include "gateway/observations.h"
#include "reconcile/queue.h"
#include "runtime/event_loop.h"
#include "services/elasticbeanstalk/elasticbeanstalk.h"
#include "services/elasticbeanstalk/environments.h"
#include "services/elasticbeanstalk/health.h"
#include "services/elasticbeanstalk/options.h"
#include "services/elasticbeanstalk/resources.h"
#include "services/elbv2/snapshot.h"

namespace landfall::elasticbeanstalk {
namespace {

using reconcile::Outcome;

constexpr char kEnvironmentReconciler[] = "elasticbeanstalk.environment";
constexpr char kVersionReconciler[] = "elasticbeanstalk.version";
constexpr char kAutoScalingGroups[] = "autoscaling.group/";
constexpr int64_t kPollMs = 1'000;      // while an operation is under way: its timeout, interfaces that go
constexpr int64_t kAskAgainMs = 1'000;  // S3 could not be asked

class ElasticBeanstalk final : public Service {
 public:
  explicit ElasticBeanstalk(ControlPlane& plane) : plane_(plane) {
    plane_.queue.add(kEnvironmentReconciler, [this](std::string_view key) { return step(key); });
    plane_.queue.add(kVersionReconciler, [this](std::string_view key) { return step_version(key); });
    plane_.store.watch(kEnvironments, [this](const store::Change& change) {
      if (change.document != nullptr) plane_.queue.enqueue(kEnvironmentReconciler, change.id);
    });
    plane_.store.watch(kVersions, [this](const store::Change& change) {
      if (change.document != nullptr) plane_.queue.enqueue(kVersionReconciler, change.id);
    });
    plane_.store.watch(kAutoScalingGroups, [this](const store::Change&) {
      enqueue_all(kEnvironments.name, kEnvironmentReconciler);
    });
    plane_.observations.watch(elbv2::kTargetGroupHealthKind, [this](std::string_view, std::string_view) {
      enqueue_all(kEnvironments.name, kEnvironmentReconciler);
    });
  }

  void start() override {
    enqueue_all(kEnvironments.name, kEnvironmentReconciler);
    enqueue_all(kVersions.name, kVersionReconciler);
  }

  std::vector<Problem> problems() const override {
    std::vector<Problem> list;
    store::Txn txn(plane_.store);
    txn.each<EnvironmentRecord>(kEnvironments, "", [&](std::string_view, const EnvironmentRecord& record) {
      if (!is_live(record) || (record.shown.Health != "Red" && record.shown.Health != "Yellow")) return;
      std::string why;
      for (const std::string& cause : record.causes) why += (why.empty() ? "" : " ") + cause;
      list.push_back({"environment " + *record.shown.EnvironmentName + " is " + *record.shown.Health, why});
    });
    return list;
  }

 private:
  void enqueue_all(const char* table, const char* reconciler) {
    const size_t skip = std::string_view(table).size() + 1;
    plane_.store.each(std::string(table) + "/", [&](std::string_view key, const store::Document&) {
      plane_.queue.enqueue(reconciler, key.substr(skip));
    });
  }

  void transact(std::string_view key, const std::function<void(Call&, EnvironmentRecord&)>& change) {
    const ResourceKey where = parse_resource_key(key);
    plane_.transact(kPrincipal, where.account, where.region, [&](Call& call) {
      const auto stored = call.rows(kEnvironments).get(where.id);
      if (!stored) return;
      EnvironmentRecord record = *stored;
      change(call, record);
      if (to_json(record) != to_json(*stored)) put_environment(call, record);
    });
  }

  // --- environments

  Outcome step(std::string_view key) {
    store::Txn txn(plane_.store);
    const auto stored = txn.get(kEnvironments, key);
    if (!stored) return Outcome::done();
    const std::string status = *stored->shown.Status;
    if (status == "Terminated") return forget(key, *stored);
    if (status == "Terminating") return take_down(key, *stored);
    if ((status == "Launching" || status == "Updating") && !stored->applied) return apply(key, *stored);
    return observe(key);
  }

  Outcome apply(std::string_view key, const EnvironmentRecord& stored) {
    if (stored.shown.VersionLabel) {  // its bundle is judged first
      const ResourceKey where = parse_resource_key(key);
      store::Txn txn(plane_.store);
      const auto version =
          txn.get(kVersions, where.account + "/" + where.region + "/" +
                                 version_key(*stored.shown.ApplicationName, *stored.shown.VersionLabel));
      if (version && version->shown.Status == "Processing") return Outcome::after(kPollMs);
    }
    try {
      transact(key, [](Call& call, EnvironmentRecord& record) {
        const Plan plan = plan_of(call, record.settings);
        std::optional<VersionRecord> version;
        if (record.shown.VersionLabel)
          version = find_version(call, *record.shown.ApplicationName, *record.shown.VersionLabel);
        if (version && version->shown.Status == "Failed")
          invalid_value("Application version " + *record.shown.VersionLabel +
                        " failed: its source bundle could not be read");
        apply_plan(call, record, plan, version ? &*version : nullptr);
        record.applied = true;
        record.progress_at = call.now;
      });
    } catch (const ServiceError& error) {
      if (!error.sender_fault()) throw;
      const std::string why = error.message();
      transact(key, [&](Call& call, EnvironmentRecord& record) { fail_operation(call, record, why); });
      return Outcome::done();
    }
    return Outcome::after(0);
  }

  static void fail_operation(Call& call, EnvironmentRecord& record, const std::string& why) {
    const bool launching = record.shown.Status == "Launching";
    put_event(call, record, "ERROR", why);
    put_event(call, record, "ERROR",
              launching ? "Failed to launch environment." : "Failed to deploy application.");
    record.shown.Status = "Ready";
    record.shown.AbortableOperationInProgress = false;
    record.shown.DateUpdated = call.now;
    record.applied = true;  // what there is stays as it is until the next update
    if (record.resources.group_name.empty()) set_health(call, record, {"Red", "Severe", {why}});
  }

  static void set_health(Call& call, EnvironmentRecord& record, const Verdict& verdict) {
    record.causes = verdict.causes;
    const std::string before = record.shown.HealthStatus.value_or("");
    if (before == verdict.status) return;
    std::string message =
        before.empty() || before == "Unknown"
            ? "Environment health has transitioned to " + verdict.status + "."
            : "Environment health has transitioned from " + before + " to " + verdict.status + ".";
    for (const std::string& cause : verdict.causes) message += " " + cause;
    record.shown.Health = verdict.color;
    record.shown.HealthStatus = verdict.status;
    put_event(call, record, verdict.color == "Red" || verdict.color == "Yellow" ? "WARN" : "INFO", message);
  }

  // The instances as they are, and the next one of a rolling update.
  Outcome observe(std::string_view key) {
    bool under_way = false;
    transact(key, [&](Call& call, EnvironmentRecord& record) {
      if (record.resources.group_name.empty()) return;
      const Assessment assessment = assess(call, record);
      set_health(call, record,
                 judge(assessment, record.shown.Status == "Launching" ? Phase::launching : Phase::running));
      if (record.shown.Status == "Ready") return;
      if (assessment.settled()) return complete(call, record, assessment);
      if (const std::string id = next_to_replace(assessment); !id.empty()) {
        Call service = call.as_service(kPrincipal);
        autoscaling::TerminateInstanceInAutoScalingGroup(
            service, {.InstanceId = id, .ShouldDecrementDesiredCapacity = false});
        put_event(call, record, "INFO",
                  "Batch: replacing instance [" + id + "] with one that runs the new configuration.");
        record.progress_at = call.now;
      } else if (record.progress_at.plus_seconds(timeout_seconds(record)) <= call.now) {
        return time_out(call, record, assessment);
      }
      under_way = true;
    });
    return under_way ? Outcome::after(kPollMs) : Outcome::done();
  }

  static int64_t timeout_seconds(const EnvironmentRecord& record) {
    return std::max<int64_t>(60,
                             Options(record.settings).number("aws:elasticbeanstalk:command", "Timeout", 600));
  }

  static void time_out(Call& call, EnvironmentRecord& record, const Assessment& assessment) {
    fail_operation(call, record,
                   fmt::format("The operation timed out after {} seconds: {} of {} instances are healthy and "
                               "run what is wanted. See `landfall logs` of the others.",
                               timeout_seconds(record), assessment.current_healthy(), assessment.desired));
    set_health(call, record, judge(assessment, Phase::running));
  }

  static void complete(Call& call, EnvironmentRecord& record, const Assessment& assessment) {
    std::string ids;
    for (const InstanceFacts& one : assessment.instances)
      if (one.counts()) ids += (ids.empty() ? "" : ", ") + one.id;
    if (record.shown.Status == "Launching") {
      put_event(call, record, "INFO", "Added instances [" + ids + "] to your environment.");
      put_event(call, record, "INFO", "Instance deployment completed successfully.");
      put_event(call, record, "INFO", "Application available at " + *record.shown.CNAME + ".");
      put_event(call, record, "INFO", "Successfully launched environment: " + *record.shown.EnvironmentName);
    } else {
      put_event(call, record, "INFO",
                record.new_version ? "New application version was deployed to running EC2 instances."
                                   : "Successfully deployed new configuration to environment.");
      put_event(call, record, "INFO", "Environment update completed successfully.");
    }
    record.new_version = false;
    record.shown.Status = "Ready";
    record.shown.AbortableOperationInProgress = false;
    record.shown.DateUpdated = call.now;
  }

  // --- their end

  Outcome take_down(std::string_view key, const EnvironmentRecord& stored) {
    if (!stored.taking_down) {
      transact(key, [](Call& call, EnvironmentRecord& record) {
        take_down_group(call, record);
        record.taking_down = true;
      });
      return Outcome::after(0);
    }
    bool finished = false;
    try {
      transact(key, [&](Call& call, EnvironmentRecord& record) {
        if (!group_is_gone(call, record)) return;
        take_down_rest(call, record);
        put_event(call, record, "INFO", "terminateEnvironment completed successfully.");
        record.shown.Status = "Terminated";
        record.shown.Health = "Grey";
        record.shown.HealthStatus = "NoData";
        record.shown.DateUpdated = call.now;
        record.settings.clear();  // secrets among them
        finished = true;
      });
    } catch (const ServiceError& error) {
      if (error.code() != "DependencyViolation") throw;  // interfaces of the last instances go in a moment
      if (plane_.clock.now() >= stored.progress_at.plus_seconds(timeout_seconds(stored)))
        return Outcome::failed("environment " + *stored.shown.EnvironmentName +
                               " cannot be removed: " + error.message());
    }
    return finished ? Outcome::after(kTerminatedShownSeconds * 1000) : Outcome::after(kPollMs);
  }

  Outcome forget(std::string_view key, const EnvironmentRecord& stored) {
    const int64_t left =
        stored.shown.DateUpdated->plus_seconds(kTerminatedShownSeconds).unix_ms - plane_.clock.now().unix_ms;
    if (left > 0) return Outcome::after(left);
    const ResourceKey where = parse_resource_key(key);
    plane_.transact(kPrincipal, where.account, where.region,
                    [&](Call& call) { call.rows(kEnvironments).erase(where.id); });
    return Outcome::done();
  }

  // --- application versions

  Outcome step_version(std::string_view key) {
    store::Txn txn(plane_.store);
    const auto stored = txn.get(kVersions, key);
    if (!stored || stored->shown.Status != "Processing") return Outcome::done();
    if (!asking_.insert(std::string(key)).second) return Outcome::wait();
    const S3Location& bundle = *stored->shown.SourceBundle;
    S3Client::Request request{.method = "HEAD",
                              .path = "/" + codec::percent_encode(bundle.S3Bucket.value_or("")) + "/" +
                                      codec::percent_encode(bundle.S3Key.value_or(""), codec::Slash::kept)};
    request.principal = R"({"service":"elasticbeanstalk.amazonaws.com","account":")" +
                        parse_resource_key(key).account + R"("})";
    plane_.s3.send(std::move(request), [this, key = std::string(key)](Result<S3Reply> reply) {
      // Not in the answer's callback: a test's S3 answers within send().
      plane_.loop.post([this, key, reply = std::move(reply)] { judge_version(key, reply); });
    });
    return Outcome::wait();
  }

  void judge_version(const std::string& key, const Result<S3Reply>& reply) {
    asking_.erase(key);
    if (!reply || reply->status >= 500) {  // edge is not there yet
      plane_.queue.enqueue_after(kVersionReconciler, key, kAskAgainMs);
      return;
    }
    const ResourceKey where = parse_resource_key(key);
    plane_.transact(kPrincipal, where.account, where.region, [&](Call& call) {
      const auto stored = call.rows(kVersions).get(where.id);
      if (!stored || stored->shown.Status != "Processing") return;
      VersionRecord record = *stored;
      record.shown.Status = reply->status == 200 ? "Processed" : "Failed";
      record.shown.DateUpdated = call.now;
      if (reply->status != 200)
        put_application_event(call, *record.shown.ApplicationName, *record.shown.VersionLabel, "ERROR",
                              "Failed to process application version " + *record.shown.VersionLabel +
                                  ": S3 answered " + std::to_string(reply->status) + " for s3://" +
                                  record.shown.SourceBundle->S3Bucket.value_or("") + "/" +
                                  record.shown.SourceBundle->S3Key.value_or(""));
      call.rows(kVersions).put(where.id, record);
    });
  }

  ControlPlane& plane_;
  std::set<std::string> asking_;
};

}  // namespace

std::unique_ptr<Service> make_service(ControlPlane& plane) {
  return std::make_unique<ElasticBeanstalk>(plane);
}

}  // namespace landfall::elasticbeanstalk
