// The engine: brings stacks to what their templates say, one step at a time, as the reconciler
// "cloudformation.stack".
//
//   CREATE_IN_PROGRESS -> CREATE_COMPLETE
//                      -> ROLLBACK_IN_PROGRESS -> ROLLBACK_COMPLETE | ROLLBACK_FAILED      (or CREATE_FAILED,
//                      DO_NOTHING)
//   UPDATE_IN_PROGRESS -> UPDATE_COMPLETE_CLEANUP_IN_PROGRESS -> UPDATE_COMPLETE
//                      -> UPDATE_ROLLBACK_IN_PROGRESS -> UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS ->
//                      UPDATE_ROLLBACK_COMPLETE
//                                                     -> UPDATE_ROLLBACK_FAILED
//   DELETE_IN_PROGRESS -> DELETE_COMPLETE | DELETE_FAILED
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/call.h"
#include "reconcile/queue.h"
#include "services/cloudformation/events.h"
#include "services/cloudformation/pending_change_sets.h"
#include "services/cloudformation/resource_type.h"
#include "services/cloudformation/store.h"
#include "services/service.h"

namespace landfall::cloudformation {

inline constexpr char kReconciler[] = "cloudformation.stack";
inline constexpr int64_t kPollMs = 200;  // how often a resource that is being made is looked at

class Engine final : public Service {
 public:
  explicit Engine(ControlPlane& plane);
  void start() override;
  std::vector<Problem> problems() const override;

 private:
  reconcile::Outcome step(std::string_view key);
  ControlPlane& plane_;
  S3Requests s3_;
  PendingChangeSets pending_change_sets_;
};

}  // namespace landfall::cloudformation
