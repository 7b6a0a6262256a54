// What CloudFormation keeps: stacks with their resources, their events, change sets.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/store.h"

namespace landfall::cloudformation {

// One resource of a stack, as it is.
//   (none) -> CREATE_IN_PROGRESS -> CREATE_COMPLETE | CREATE_FAILED
//   *_COMPLETE -> UPDATE_IN_PROGRESS -> UPDATE_COMPLETE | UPDATE_FAILED
//   any -> DELETE_IN_PROGRESS -> DELETE_COMPLETE | DELETE_FAILED | DELETE_SKIPPED (retained)
struct ResourceRecord {
  std::string logical_id, type, physical_id;
  std::string status, status_reason;
  std::string properties =
      "{}";  // evaluated, JSON, as it may be shown: "****" of NoEcho, references unresolved
  std::string
      sealed;  // where that is not all: {"given": as evaluated, "real": references resolved} (values.h)
  std::string attributes = "{}";  // what Fn::GetAtt answers, JSON
  std::string progress;           // the type's own note of how far it is, while *_IN_PROGRESS
  std::string deletion_policy = "Delete", update_replace_policy = "Delete";
  std::vector<std::string> dependencies;  // logical ids, for the order of deletion
  // It was made anew and its CreationPolicy is yet to be satisfied, by what was said so far: UniqueId ->
  // SUCCESS, FAILURE (signals.h).
  bool awaits_signals = false;
  std::map<std::string, std::string> signals;
  int64_t generation = 0;  // the stack's operation that settled it last
  Timestamp updated;
  template <class V>
  void fields(V& v) {
    v("logical_id", logical_id);
    v("type", type);
    v("physical_id", physical_id);
    v("status", status);
    v("status_reason", status_reason);
    v("properties", properties);
    v("sealed", sealed);
    v("attributes", attributes);
    v("progress", progress);
    v("deletion_policy", deletion_policy);
    v("update_replace_policy", update_replace_policy);
    v("dependencies", dependencies);
    v("awaits_signals", awaits_signals);
    v("signals", signals);
    v("generation", generation);
    v("updated", updated);
  }
};

struct StackTag {
  std::string key, value;
  template <class V>
  void fields(V& v) {
    v("key", key);
    v("value", value);
  }
};

struct StackOutput {
  std::string key, value, description, export_name;
  template <class V>
  void fields(V& v) {
    v("key", key);
    v("value", value);
    v("description", description);
    v("export_name", export_name);
  }
};

// A template with the values it is to be made with.
struct Source {
  std::string body;
  std::map<std::string, std::string> parameters;  // as given; defaults are in the template
  std::map<std::string, std::string> stored;  // what those of type AWS::SSM::Parameter::Value<...> were then
  template <class V>
  void fields(V& v) {
    v("body", body);
    v("parameters", parameters);
    v("stored", stored);
  }
};

// On whose behalf the stack's operations are called.
struct StackCaller {
  int kind = 0;  // CallerKind
  std::string arn, user_id, role_arn, session_name, access_key_id;
  template <class V>
  void fields(V& v) {
    v("kind", kind);
    v("arn", arn);
    v("user_id", user_id);
    v("role_arn", role_arn);
    v("session_name", session_name);
    v("access_key_id", access_key_id);
  }
};

struct StackRecord {
  std::string stack_id;  // arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID
  std::string name, description;
  std::string status, status_reason;
  Source source;                   // what it is, or is becoming
  std::optional<Source> previous;  // while updating: what to go back to
  std::vector<StackTag> tags;
  std::vector<std::string> capabilities, notification_arns;
  std::string role_arn, on_failure = "ROLLBACK";  // ROLLBACK, DELETE, DO_NOTHING
  std::string client_request_token;
  bool termination_protection = false;
  StackCaller caller;
  std::map<std::string, ResourceRecord> resources;  // by logical id
  std::vector<ResourceRecord> cleanup;  // replaced or dropped, to be deleted when the update has succeeded
  std::vector<StackOutput> outputs;
  int64_t generation = 0;
  int64_t last_event = 0;
  int64_t timeout_minutes = 0;
  Timestamp created;
  Timestamp began;  // the operation that it is in, or was in last
  std::optional<Timestamp> updated, deleted;
  template <class V>
  void fields(V& v) {
    v("stack_id", stack_id);
    v("name", name);
    v("description", description);
    v("status", status);
    v("status_reason", status_reason);
    v("source", source);
    v("previous", previous);
    v("tags", tags);
    v("capabilities", capabilities);
    v("notification_arns", notification_arns);
    v("role_arn", role_arn);
    v("on_failure", on_failure);
    v("client_request_token", client_request_token);
    v("termination_protection", termination_protection);
    v("caller", caller);
    v("resources", resources);
    v("cleanup", cleanup);
    v("outputs", outputs);
    v("generation", generation);
    v("last_event", last_event);
    v("timeout_minutes", timeout_minutes);
    v("created", created);
    v("began", began);
    v("updated", updated);
    v("deleted", deleted);
  }
};

struct EventRecord {
  std::string stack_id, stack_name, event_id;
  std::string logical_id, physical_id, type, status, reason, properties, client_request_token;
  Timestamp at;
  template <class V>
  void fields(V& v) {
    v("stack_id", stack_id);
    v("stack_name", stack_name);
    v("event_id", event_id);
    v("logical_id", logical_id);
    v("physical_id", physical_id);
    v("type", type);
    v("status", status);
    v("reason", reason);
    v("properties", properties);
    v("client_request_token", client_request_token);
    v("at", at);
  }
};

struct ChangeSetRecord {
  std::string change_set_id, name, stack_id, stack_name, description;
  std::string status, status_reason,
      execution_status;         // CREATE_COMPLETE, FAILED / AVAILABLE, UNAVAILABLE, EXECUTE_COMPLETE
  std::string change_set_type;  // CREATE, UPDATE
  Source source;
  std::string template_url;  // where the source's body is read from, while CREATE_PENDING
  StackCaller caller;        // with whose rights
  std::vector<StackTag> tags;
  std::vector<std::string> capabilities;
  std::string role_arn, on_failure;
  struct Change {
    std::string action, logical_id, physical_id, type,
        replacement;  // Add, Modify, Remove / True, False, Conditional
    template <class V>
    void fields(V& v) {
      v("action", action);
      v("logical_id", logical_id);
      v("physical_id", physical_id);
      v("type", type);
      v("replacement", replacement);
    }
  };
  std::vector<Change> changes;
  Timestamp created;
  template <class V>
  void fields(V& v) {
    v("change_set_id", change_set_id);
    v("name", name);
    v("stack_id", stack_id);
    v("stack_name", stack_name);
    v("description", description);
    v("status", status);
    v("status_reason", status_reason);
    v("execution_status", execution_status);
    v("change_set_type", change_set_type);
    v("source", source);
    v("template_url", template_url);
    v("caller", caller);
    v("tags", tags);
    v("capabilities", capabilities);
    v("role_arn", role_arn);
    v("on_failure", on_failure);
    v("changes", changes);
    v("created", created);
  }
};

// Rows by account and region. A stack's id is its uuid: a deleted stack's name may be used again.
inline constexpr store::Table<StackRecord> kStacks{"cloudformation.stack"};
inline constexpr store::Table<EventRecord> kEvents{
    "cloudformation.event"};  // "<stack uuid>/<sequence, 10 digits>"
inline constexpr store::Table<ChangeSetRecord> kChangeSets{"cloudformation.changeset"};  // its uuid

inline constexpr size_t kMaxEventsPerStack = 2000;  // older ones are dropped
inline constexpr int64_t kDeletedStackDays = 90;    // a deleted stack stays describable by id

}  // namespace landfall::cloudformation
