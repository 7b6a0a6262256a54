#include "services/cloudformation/engine.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "base/log.h"
#include "services/cloudformation/cloudformation.h"
#include "services/cloudformation/failures.h"
#include "services/cloudformation/signals.h"
#include "services/cloudformation/template/evaluate.h"
#include "services/cloudformation/template/template.h"
#include "services/cloudformation/values.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using reconcile::Outcome;

bool complete(const ResourceRecord& resource) {
  return resource.status == "CREATE_COMPLETE" || resource.status == "UPDATE_COMPLETE";
}

json::object parse_object(const std::string& text) {
  const json::value value = json::parse(text);
  return value.is_object() ? value.as_object() : json::object();
}

std::vector<std::string> zones_of(const std::string& region) {
  return {region + "a", region + "b", region + "c"};
}

constexpr int64_t kAskAgainSeconds = 600;  // from the beginning of the stack's operation

// One stack being stepped. Each change of the world is one transaction (commit_step), so the record in the
// store and what the operations did always agree.
class Stepper {
 public:
  Stepper(ControlPlane& plane, S3Requests& s3, std::string_view key)
      : plane_(plane), s3_(s3), key_(key), where_(parse_resource_key(key)) {}

  Outcome run() {
    store::Txn txn(plane_.store);
    auto stored = txn.get(kStacks, key_);
    if (!stored) return Outcome::done();
    stack_ = *stored;
    if (!in_progress(stack_.status) || stack_.status == "REVIEW_IN_PROGRESS") return Outcome::done();
    try {
      if (stack_.status == "CREATE_IN_PROGRESS" || stack_.status == "UPDATE_IN_PROGRESS" ||
          stack_.status == "UPDATE_ROLLBACK_IN_PROGRESS")
        return forward();
      if (stack_.status.ends_with("CLEANUP_IN_PROGRESS")) return clean_up();
      return remove_all();                 // ROLLBACK_IN_PROGRESS, DELETE_IN_PROGRESS
    } catch (const ServiceError& error) {  // the template itself cannot be evaluated
      return fail_stack(error.message());
    }
  }

 private:
  // --- making and changing

  Outcome forward() {
    body_ = Template::parse(stack_.source.body);
    prepare_environment();
    std::set<std::string> wanted;
    for (const auto& [id, resource] : body_.resources)
      if (resource.condition.empty() || evaluate_condition(environment_, resource.condition))
        wanted.insert(id);
    if (stack_.status == "CREATE_IN_PROGRESS" && stack_.timeout_minutes > 0 &&
        plane_.clock.now().unix_ms > stack_.created.plus_seconds(stack_.timeout_minutes * 60).unix_ms)
      return fail_stack("Stack creation time exceeded the specified timeout");

    bool waiting = false;
    std::string failed;
    for (const std::string& id : creation_order(body_, wanted)) {
      switch (advance(id, wanted)) {
        case Advance::settled:
          break;
        case Advance::waiting:
          waiting = true;
          break;
        case Advance::failed:
          failed += (failed.empty() ? "" : ", ") + id;
          break;
      }
    }
    if (!failed.empty())
      return fail_stack("The following resource(s) failed to " + verb() + ": [" + failed + "]. ");
    if (waiting) return Outcome::after(kPollMs);
    finish_forward(wanted);
    return Outcome::after(0);
  }

  std::string verb() const { return stack_.status.starts_with("CREATE") ? "create" : "update"; }

  enum class Advance { settled, waiting, failed };

  Advance advance(const std::string& id, const std::set<std::string>& wanted) {
    auto it = stack_.resources.find(id);
    const bool current = it != stack_.resources.end() && it->second.generation == stack_.generation;
    if (current && complete(it->second)) return Advance::settled;
    if (current && it->second.status.ends_with("_FAILED")) return Advance::failed;
    if (current && in_progress(it->second.status)) return poll(id);
    for (const std::string& dependency : dependencies_of(body_, id)) {
      if (!wanted.contains(dependency)) continue;
      auto d = stack_.resources.find(dependency);
      if (d == stack_.resources.end() || d->second.generation != stack_.generation || !complete(d->second))
        return Advance::waiting;
    }
    return begin(id);
  }

  Advance begin(const std::string& id) {
    const DeclaredResource& declared = body_.resources.at(id);
    ResourceRecord fresh{.logical_id = id,
                         .type = declared.type,
                         .deletion_policy = declared.deletion_policy,
                         .update_replace_policy = declared.update_replace_policy,
                         .generation = stack_.generation};
    for (const std::string& dependency : dependencies_of(body_, id)) fresh.dependencies.push_back(dependency);
    auto old = stack_.resources.find(id);
    const bool exists = old != stack_.resources.end() && !old->second.physical_id.empty();
    const std::string doing = exists ? "UPDATE" : "CREATE";
    const ResourceType* type = find_type(declared.type);
    return attempt(id, fresh, doing, [&](Call& call) {
      if (type == nullptr)
        throw ServiceError("ValidationError", 400, "Unrecognized resource types: [" + declared.type + "]");
      const json::value evaluated = evaluate(environment_, declared.properties);
      const json::object given = evaluated.is_object() ? evaluated.as_object() : json::object();
      fresh.properties = json::serialize(shown_properties(declared));
      if (exists && old->second.type == declared.type && given_of(old->second) == given) {
        keep(old->second, fresh);
        return;
      }
      const json::object properties = real_properties(call, declared, given);
      if (json::serialize(properties) != fresh.properties)
        fresh.sealed = seal_properties(call, context_of(id), {{"given", given}, {"real", properties}});
      type->check(id, properties);
      Work work = work_of(call, id);
      Model model;
      if (!exists) {
        announce(call, fresh, "CREATE_IN_PROGRESS", "");
        model = type->create(work, properties);
        fresh.awaits_signals = creation_policy(declared).has_value();
        store_model(fresh, model);
        announce(call, fresh, "CREATE_IN_PROGRESS", "Resource creation Initiated");
      } else {
        const json::object before = real_of(old->second);
        if (old->second.type != declared.type || type->needs_replacement(before, properties)) {
          announce(call, fresh, "UPDATE_IN_PROGRESS",
                   "Requested update requires the creation of a new physical resource; hence creating one.");
          stack_.cleanup.push_back(old->second);
          model = type->create(work, properties);
          fresh.awaits_signals = creation_policy(declared).has_value();
        } else {
          fresh.physical_id = old->second.physical_id;
          announce(call, fresh, "UPDATE_IN_PROGRESS", "");
          model = {.physical_id = old->second.physical_id,
                   .attributes = parse_object(old->second.attributes)};
          type->update(work, before, properties, model);
        }
        store_model(fresh, model);
      }
      fresh.status = doing + "_IN_PROGRESS";
      settle(call, work, *type, properties, model, fresh);
      stack_.resources[id] = fresh;
    });
  }

  std::optional<CreationPolicy> creation_policy(const DeclaredResource& declared) const {
    if (declared.creation_policy.is_null()) return std::nullopt;
    if (!takes_signals(declared.type))
      throw ServiceError("ValidationError", 400,
                         "CreationPolicy is not supported for resource type " + declared.type);
    return creation_policy_of(evaluate(environment_, declared.creation_policy));
  }

  // Nothing to do; no event, as CloudFormation has it.
  void keep(const ResourceRecord& old, const ResourceRecord& fresh) {
    ResourceRecord same = old;
    same.generation = stack_.generation;
    same.dependencies = fresh.dependencies;
    same.deletion_policy = fresh.deletion_policy;
    same.update_replace_policy = fresh.update_replace_policy;
    if (!complete(same)) same.status = "UPDATE_COMPLETE";
    stack_.resources[same.logical_id] = same;
  }

  // The properties as anybody may see them: NoEcho parameters masked, references as they are written.
  json::object shown_properties(const DeclaredResource& declared) const {
    json::object shown;
    Environment masked = environment_;
    masked.mask_no_echo = true;
    for (const auto& member : declared.properties) {
      try {
        const json::array one = evaluate(masked, json::array{member.value()}).as_array();
        if (!one.empty()) shown[member.key()] = one[0];  // else it is AWS::NoValue
      } catch (const ServiceError&) {  // a mask is no list, no number: nothing of it can be shown
        shown[member.key()] = kMaskedValue;
      }
    }
    return shown;
  }

  json::object real_properties(Call& call, const DeclaredResource& declared,
                               const json::object& given) const {
    if (stack_.source.body.find("{{resolve:") == std::string::npos) return given;
    const auto resolve = [&](const json::value& value) {
      return resolved(call, stack_.caller, declared.type, value);
    };
    Environment real = environment_;
    real.resolve = resolve;
    const json::value value = resolve(evaluate(real, declared.properties));
    return value.is_object() ? value.as_object() : json::object();
  }

  std::string context_of(const std::string& id) const { return stack_.stack_id + "/" + id; }
  json::object sealed_part(const ResourceRecord& record, const char* part) const {
    if (record.sealed.empty()) return parse_object(record.properties);
    return unseal_properties(plane_, context_of(record.logical_id), record.sealed).at(part).as_object();
  }
  json::object given_of(const ResourceRecord& record) const { return sealed_part(record, "given"); }
  json::object real_of(const ResourceRecord& record) const { return sealed_part(record, "real"); }

  Advance poll(const std::string& id) {
    ResourceRecord record = stack_.resources.at(id);
    const ResourceType* type = find_type(record.type);
    const std::string doing = record.status.substr(0, record.status.find('_'));
    return attempt(id, record, doing, [&](Call& call) {
      Work work = work_of(call, id);
      const json::object properties = real_of(record);
      Model model{.physical_id = record.physical_id,
                  .attributes = parse_object(record.attributes),
                  .progress = record.progress};
      settle(call, work, *type, properties, model, record);
      stack_.resources[id] = record;
    });
  }

  void settle(Call& call, Work& work, const ResourceType& type, const json::object& properties, Model& model,
              ResourceRecord& record) {
    bool ready = type.settled(work, properties, model);
    store_model(record, model);
    if (record.awaits_signals) {
      const auto policy = creation_policy(body_.resources.at(record.logical_id));
      record.awaits_signals = policy && !signalled(*policy, record, call.now);
      ready = ready && !record.awaits_signals;
    }
    if (ready) announce(call, record, record.status.substr(0, record.status.find('_')) + "_COMPLETE", "");
  }

  // Runs `body` in a transaction with the stack's record. If it throws, nothing of it is kept but the
  // failure.
  Advance attempt(const std::string& id, ResourceRecord record, const std::string& doing,
                  const std::function<void(Call&)>& body) {
    const StackRecord before = stack_;
    try {
      commit_step([&](Call& call) { with_checked_values(id, [&] { body(call); }); });
    } catch (const ServiceError& error) {
      stack_ = before;
      if (may_ask_again(error)) return Advance::waiting;
      commit_step([&](Call& call) {
        if (auto it = stack_.resources.find(id); it != stack_.resources.end()) {
          record.physical_id = it->second.physical_id;
          record.attributes = it->second.attributes;
          if (doing == "UPDATE") {
            record.properties = it->second.properties;
            record.sealed = it->second.sealed;
          }
        }
        record.generation = stack_.generation;
        announce(call, record, doing + "_FAILED", reason_of(error));
        stack_.resources[id] = record;
      });
      return Advance::failed;
    }
    const ResourceRecord& now = stack_.resources.at(id);
    return complete(now) ? Advance::settled : Advance::waiting;
  }

  void finish_forward(const std::set<std::string>& wanted) {
    commit_step([&](Call& call) {
      for (auto it = stack_.resources.begin(); it != stack_.resources.end();) {
        if (wanted.contains(it->first)) {
          ++it;
          continue;
        }
        if (!it->second.physical_id.empty()) stack_.cleanup.push_back(it->second);
        it = stack_.resources.erase(it);
      }
      stack_.outputs.clear();
      for (const auto& [name, declared] : body_.outputs) {
        if (!declared.condition.empty() && !evaluate_condition(environment_, declared.condition)) continue;
        const json::value value = evaluate(environment_, declared.value);
        StackOutput output{
            .key = name,
            .value = value.is_string() ? std::string(value.as_string()) : json::serialize(value),
            .description = declared.description};
        if (!declared.export_name.is_null())
          output.export_name = std::string(evaluate(environment_, declared.export_name).as_string());
        stack_.outputs.push_back(std::move(output));
      }
      stack_.description = body_.description;
      if (stack_.status == "CREATE_IN_PROGRESS") {
        set_stack_status(call, stack_, "CREATE_COMPLETE");
      } else if (stack_.status == "UPDATE_IN_PROGRESS") {
        set_stack_status(call, stack_, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
      } else {
        set_stack_status(call, stack_, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
      }
    });
  }

  Outcome fail_stack(const std::string& why) {
    commit_step([&](Call& call) {
      if (stack_.status == "CREATE_IN_PROGRESS") {
        if (stack_.on_failure == "DO_NOTHING") {
          set_stack_status(call, stack_, "CREATE_FAILED", why);
        } else if (stack_.on_failure == "DELETE") {
          set_stack_status(call, stack_, "DELETE_IN_PROGRESS", why + "Delete requested by user.");
        } else {
          set_stack_status(call, stack_, "ROLLBACK_IN_PROGRESS", why + "Rollback requested by user.");
        }
      } else if (stack_.status == "UPDATE_IN_PROGRESS" && stack_.previous) {
        // What the failed update made anew goes away in the clean-up; what it replaced is still there and
        // comes back.
        for (ResourceRecord& replaced : stack_.cleanup) {
          auto it = stack_.resources.find(replaced.logical_id);
          if (it != stack_.resources.end() && it->second.physical_id != replaced.physical_id)
            std::swap(it->second, replaced);
        }
        stack_.source = *stack_.previous;
        ++stack_.generation;
        set_stack_status(call, stack_, "UPDATE_ROLLBACK_IN_PROGRESS", why);
      } else if (stack_.status == "UPDATE_ROLLBACK_IN_PROGRESS") {
        set_stack_status(call, stack_, "UPDATE_ROLLBACK_FAILED", why);
      } else {
        set_stack_status(call, stack_,
                         stack_.status == "DELETE_IN_PROGRESS" ? "DELETE_FAILED" : "ROLLBACK_FAILED", why);
      }
    });
    return in_progress(stack_.status) ? Outcome::after(0) : Outcome::done();
  }

  // --- deleting

  // One look at a resource that is to go; true when it is gone (or kept on purpose).
  enum class Removal { gone, waiting, failed };
  Removal take_away(ResourceRecord& record, const std::string& policy) {
    if (record.status == "DELETE_COMPLETE" || record.status == "DELETE_SKIPPED") return Removal::gone;
    const ResourceType* type = find_type(record.type);
    if (record.physical_id.empty() || type == nullptr) {
      record.status = "DELETE_COMPLETE";
      return Removal::gone;
    }
    const StackRecord before = stack_;
    const ResourceRecord record_before = record;
    try {
      bool gone = false;
      commit_step([&](Call& call) {
        if (policy == "Retain") {
          announce(call, record, "DELETE_SKIPPED", "");
          gone = true;
          return;
        }
        if (record.status != "DELETE_IN_PROGRESS") announce(call, record, "DELETE_IN_PROGRESS", "");
        Work work = work_of(call, record.logical_id);
        work.keep_snapshot = policy == "Snapshot";
        const Model model{.physical_id = record.physical_id,
                          .attributes = parse_object(record.attributes),
                          .progress = record.progress};
        with_checked_values(record.logical_id, [&] { gone = type->remove(work, real_of(record), model); });
        if (gone) announce(call, record, "DELETE_COMPLETE", "");
      });
      return gone ? Removal::gone : Removal::waiting;
    } catch (const ServiceError& error) {
      // The record is a part of stack_ or of its cleanup list: put back exactly those, by value.
      const std::string why = reason_of(error);
      stack_.last_event = before.last_event;
      record = record_before;
      if (may_ask_again(error)) return Removal::waiting;
      commit_step([&](Call& call) { announce(call, record, "DELETE_FAILED", why); });
      return Removal::failed;
    }
  }

  Outcome remove_all() {
    bool waiting = false;
    std::string failed;
    for (auto& [id, record] : stack_.resources) {
      if (record.status == "DELETE_FAILED") {
        failed += (failed.empty() ? "" : ", ") + id;
        continue;
      }
      if (needed_by_another(id)) {
        waiting = true;
        continue;
      }
      const bool retain =
          record.deletion_policy == "Retain" ||
          (record.deletion_policy == "RetainExceptOnCreate" && stack_.status == "DELETE_IN_PROGRESS");
      const bool snapshot = record.deletion_policy == "Snapshot" && stack_.status == "DELETE_IN_PROGRESS";
      switch (take_away(record, retain ? "Retain" : snapshot ? "Snapshot" : "Delete")) {
        case Removal::gone:
          break;
        case Removal::waiting:
          waiting = true;
          break;
        case Removal::failed:
          failed += (failed.empty() ? "" : ", ") + id;
          break;
      }
    }
    for (ResourceRecord& record : stack_.cleanup)
      waiting = take_away(record, record.update_replace_policy) == Removal::waiting || waiting;
    if (!failed.empty() && !anything_moving())
      return fail_stack("The following resource(s) failed to delete: [" + failed + "]. ");
    if (waiting) return Outcome::after(kPollMs);
    commit_step([&](Call& call) {
      stack_.cleanup.clear();
      stack_.outputs.clear();
      if (stack_.status == "DELETE_IN_PROGRESS") {
        stack_.deleted = call.now;
        set_stack_status(call, stack_, "DELETE_COMPLETE");
      } else {
        set_stack_status(call, stack_, "ROLLBACK_COMPLETE");
      }
    });
    return Outcome::done();
  }

  bool anything_moving() const {
    return std::ranges::any_of(stack_.resources,
                               [](const auto& entry) { return entry.second.status == "DELETE_IN_PROGRESS"; });
  }

  // A resource goes only when all that refer to it have gone.
  bool needed_by_another(const std::string& id) const {
    for (const auto& [other, record] : stack_.resources) {
      if (record.status == "DELETE_COMPLETE" || record.status == "DELETE_SKIPPED" ||
          record.physical_id.empty())
        continue;
      if (std::ranges::find(record.dependencies, id) != record.dependencies.end()) return true;
    }
    return false;
  }

  Outcome clean_up() {
    bool waiting = false;
    // The last made goes first: replaced resources may refer to each other.
    for (auto it = stack_.cleanup.rbegin(); it != stack_.cleanup.rend(); ++it) {
      if (it->status == "DELETE_FAILED") continue;  // reported by its event; the update itself has succeeded
      const auto current = stack_.resources.find(it->logical_id);
      if (current != stack_.resources.end() && current->second.physical_id == it->physical_id) continue;
      const bool needed = std::ranges::any_of(stack_.cleanup, [&](const ResourceRecord& other) {
        return &other != &*it && other.status != "DELETE_COMPLETE" && other.status != "DELETE_SKIPPED" &&
               other.status != "DELETE_FAILED" &&
               std::ranges::find(other.dependencies, it->logical_id) != other.dependencies.end();
      });
      if (needed) {
        waiting = true;
        continue;
      }
      waiting = take_away(*it, it->update_replace_policy) == Removal::waiting || waiting;
    }
    if (waiting) return Outcome::after(kPollMs);
    commit_step([&](Call& call) {
      stack_.cleanup.clear();
      stack_.previous.reset();
      set_stack_status(
          call, stack_,
          stack_.status.starts_with("UPDATE_ROLLBACK") ? "UPDATE_ROLLBACK_COMPLETE" : "UPDATE_COMPLETE");
    });
    return Outcome::done();
  }

  // --- shared

  bool may_ask_again(const ServiceError& error) const {
    return passes(error) && plane_.clock.now().unix_ms < stack_.began.plus_seconds(kAskAgainSeconds).unix_ms;
  }

  Work work_of(Call& call, const std::string& id) {
    Work work{
        .call = call, .stack = stack_, .logical_id = id, .stack_key = std::string(key_), .s3_requests = s3_};
    if (const auto declared = body_.resources.find(id);
        declared != body_.resources.end() && declared->second.update_policy.is_object())
      work.update_policy = evaluate(environment_, declared->second.update_policy).as_object();
    return work;
  }

  static void store_model(ResourceRecord& record, const Model& model) {
    record.physical_id = model.physical_id;
    record.attributes = json::serialize(model.attributes);
    record.progress = model.progress;
  }

  void announce(Call& call, ResourceRecord& record, const std::string& status, const std::string& reason) {
    record.status = status;
    record.status_reason = reason;
    record.updated = call.now;
    add_resource_event(call, stack_, record, status, reason);
  }

  void commit_step(const std::function<void(Call&)>& body) {
    plane_.transact("cloudformation.amazonaws.com", where_.account, where_.region, [&](Call& call) {
      body(call);
      // A poll that finds nothing new writes nothing, or the watch would step the stack again at once.
      const store::Document* now = call.txn.find(store::Txn::key_of(kStacks.name, key_));
      if (now == nullptr || now->text != to_json(stack_)) call.txn.put(kStacks, key_, stack_);
    });
  }

  void prepare_environment() {
    environment_.body = &body_;
    environment_.parameters = resolve_parameters(body_, stack_.source.parameters, stack_.source.stored);
    environment_.account = where_.account;
    environment_.region = where_.region;
    environment_.stack_id = stack_.stack_id;
    environment_.stack_name = stack_.name;
    environment_.notification_arns = stack_.notification_arns;
    environment_.availability_zones = zones_of(where_.region);
    environment_.ref = [this](const std::string& id) -> std::optional<std::string> {
      auto it = stack_.resources.find(id);
      if (it == stack_.resources.end() || it->second.physical_id.empty()) return std::nullopt;
      return it->second.physical_id;
    };
    environment_.get_att = [this](const std::string& id, const std::string& attribute) -> json::value {
      auto it = stack_.resources.find(id);
      if (it != stack_.resources.end()) {
        const json::object attributes = parse_object(it->second.attributes);
        if (const auto* value = attributes.if_contains(attribute)) return *value;
      }
      throw ServiceError("ValidationError", 400,
                         "Template error: resource " + id + " does not support attribute type " + attribute +
                             " in Fn::GetAtt");
    };
    environment_.import_value = [this](const std::string& name) -> std::string {
      store::Txn txn(plane_.store);
      std::string found;
      bool exists = false;
      txn.each<StackRecord>(kStacks, where_.account + "/" + where_.region + "/",
                            [&](std::string_view, const StackRecord& other) {
                              for (const StackOutput& output : other.outputs)
                                if (output.export_name == name) {
                                  found = output.value;
                                  exists = true;
                                }
                            });
      if (!exists) throw ServiceError("ValidationError", 400, "No export named " + name + " found.");
      return found;
    };
  }

  ControlPlane& plane_;
  S3Requests& s3_;
  std::string_view key_;
  ResourceKey where_;
  StackRecord stack_;
  Template body_;
  Environment environment_;
};

}  // namespace

Engine::Engine(ControlPlane& plane)
    : plane_(plane),
      s3_(plane.s3, [&plane](std::string key) { plane.queue.enqueue(kReconciler, key); }),
      pending_change_sets_(plane) {
  plane_.queue.add(kReconciler, [this](std::string_view key) { return step(key); });
  plane_.store.watch(kStacks, [this](const store::Change& change) {
    if (change.document != nullptr) plane_.queue.enqueue(kReconciler, change.id);
  });
}

void Engine::start() {
  pending_change_sets_.start();
  plane_.store.each(std::string(kStacks.name) + "/", [this](std::string_view key, const store::Document&) {
    plane_.queue.enqueue(kReconciler, key.substr(std::string_view(kStacks.name).size() + 1));
  });
}

Outcome Engine::step(std::string_view key) { return Stepper(plane_, s3_, key).run(); }

std::vector<Problem> Engine::problems() const {
  std::vector<Problem> list;
  store::Txn txn(plane_.store);
  txn.each<StackRecord>(kStacks, "", [&](std::string_view, const StackRecord& stack) {
    if (stack.status.ends_with("FAILED") || stack.status == "ROLLBACK_COMPLETE")
      list.push_back({"CloudFormation stack " + stack.name + " is " + stack.status, stack.status_reason});
  });
  return list;
}

std::unique_ptr<Service> make_service(ControlPlane& plane) { return std::make_unique<Engine>(plane); }

}  // namespace landfall::cloudformation
