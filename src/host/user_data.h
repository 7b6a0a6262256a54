// What an instance's user data asks for, as cloud-init reads it. Pure.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
#pragma once

#include <string>
#include <string_view>

namespace landfall::host {

enum class UserDataKind {
  none,          // empty, or only white space
  script,        // "#!": run as root
  cloud_config,  // "#cloud-config": not supported (said on the console)
  unknown,  // anything else: ignored, as EC2 does (said on the console); gzip and MIME multipart are of this
            // kind
};

UserDataKind classify_user_data(std::string_view text);

}  // namespace landfall::host
