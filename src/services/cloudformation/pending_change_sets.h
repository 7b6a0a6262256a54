// Change sets whose template is in S3: CREATE_PENDING until it has been read, with the caller's rights.
//
//   CREATE_PENDING -> CREATE_COMPLETE | FAILED (S3's refusal, or what is wrong with the template)
#pragma once

#include <string>
#include <string_view>

#include "gateway/call.h"
#include "reconcile/queue.h"
#include "services/cloudformation/resource_type.h"
#include "services/cloudformation/store.h"

namespace landfall::cloudformation {

inline constexpr char kChangeSetReconciler[] = "cloudformation.changeset";

class PendingChangeSets {
 public:
  explicit PendingChangeSets(ControlPlane& plane);
  void start();  // those that were pending when control ended

 private:
  reconcile::Outcome step(std::string_view key);

  ControlPlane& plane_;
  S3Requests requests_;
};

}  // namespace landfall::cloudformation
