// CreationPolicy: a resource is complete only once what runs on it has said so, as often as its policy wants,
// with SignalResource (which cfn-signal calls).
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-creationpolicy.html
//
// Invariants: a signal is kept by its UniqueId, once; one that said SUCCESS may still become FAILURE and not
// back.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "services/cloudformation/store.h"

namespace landfall::cloudformation {

struct CreationPolicy {
  int64_t count = 1;              // signals that are waited for
  int64_t timeout_seconds = 300;  // from when the resource has been asked for
  int64_t needed_percent = 100;   // of them must say SUCCESS
  int64_t needed() const;         // successes
};

// Whether a resource of that type can have one.
bool takes_signals(std::string_view type);

// Of the attribute, evaluated; nothing if it waits for no signal. Throws ValidationError for what cannot be.
std::optional<CreationPolicy> creation_policy_of(const boost::json::value& attribute);

// "PT1H30M", in seconds, of at most 12 hours; throws ValidationError.
int64_t seconds_of_duration(std::string_view text);

// True once there are enough. Throws, with kNotSignalled for its code, when there can no longer be enough.
inline constexpr char kNotSignalled[] = "NotSignalled";
bool signalled(const CreationPolicy& policy, const ResourceRecord& resource, Timestamp now);

inline constexpr size_t kMaxSignals = 1'000;  // kept of a resource, in its stack's record

// Throws ValidationError for a signal that cannot be taken.
void take_signal(ResourceRecord& resource, const std::string& unique_id, const std::string& status);

}  // namespace landfall::cloudformation
