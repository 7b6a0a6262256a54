// Image ids that are names of Systems Manager's parameters: "resolve:ssm:/golden/ami", with ":3" or ":label"
// behind it.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-systems-manager-parameter-to-find-AMI.html
#pragma once

#include <string>

#include "gateway/call.h"

namespace landfall::ec2 {

// The image's id, which is `image` itself unless it names a parameter. That is read with the caller's right
// (ssm:GetParameters). Throws InvalidParameterValue.
std::string resolved_image(const Call& call, const std::string& image);

}  // namespace landfall::ec2
