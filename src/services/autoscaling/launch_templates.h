// The launch template of a group: there, whole, and with a role that the caller may pass.
#pragma once

#include "services/autoscaling/store.h"

namespace landfall::autoscaling {

// With both id and name, and the version as it was given ($Default if it was not). Throws ValidationError for
// one that is not there; AccessDenied if the caller may not pass the role of its instance profile: who says
// what a group launches says what its instances may do.
LaunchTemplateSpecification checked_launch_template(Call& call, const LaunchTemplateSpecification& given);

// As its instances show it: with the number that $Latest or $Default stands for now.
LaunchTemplateSpecification resolved_launch_template(Call& call, const LaunchTemplateSpecification& given);

}  // namespace landfall::autoscaling
