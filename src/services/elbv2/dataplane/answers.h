// The load balancer's own answers: what ALB writes when no target does.
#pragma once

#include <string>
#include <string_view>

namespace landfall::elbv2::dataplane {

inline constexpr std::string_view kServerField = "awselb/2.0";

std::string_view alb_reason(int status);
std::string alb_page(int status);  // "<html>... <center><h1>502 Bad Gateway</h1></center> ..."

}  // namespace landfall::elbv2::dataplane
