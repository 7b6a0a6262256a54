#include "services/elbv2/dataplane/answers.h"

#include "http/message.h"

namespace landfall::elbv2::dataplane {

// Where ALB says it otherwise than RFC 9110.
std::string_view alb_reason(int status) {
  switch (status) {
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 405:
      return "Not Allowed";
    case 408:
      return "Request Time-out";
    case 413:
      return "Request Entity Too Large";
    case 414:
      return "Request-URI Too Large";
    case 463:
      return "Bad Request";
    case 464:
      return "Bad Request";
    case 503:
      return "Service Temporarily Unavailable";
    case 504:
      return "Gateway Time-out";
    default:
      return http::reason_phrase(status);
  }
}

std::string alb_page(int status) {
  const std::string title = std::to_string(status) + " " + std::string(alb_reason(status));
  return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
         "</h1></center>\r\n</body>\r\n</html>\r\n";
}

}  // namespace landfall::elbv2::dataplane
