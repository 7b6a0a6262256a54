#include "services/cloudformation/failures.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "services/cloudformation/signals.h"

namespace landfall::cloudformation {

bool passes(const ServiceError& error) {
  for (std::string_view code : {"InvalidReplicationGroupState", "InvalidDBInstanceState", "InvalidUserState",
                                "InvalidUserGroupState", "ServiceUnavailable"})
    if (error.code() == code) return true;
  return false;
}
std::string reason_of(const ServiceError& error) {
  if (error.message().starts_with("Properties validation failed") || error.code() == kNotSignalled)
    return error.message();
  return error.message() + " (" + error.code() + ")";
}

void with_checked_values(const std::string& id, const std::function<void()>& body) {
  const auto refuse = [&](const std::exception& error) {
    throw ServiceError("ValidationError", 400,
                       "Properties validation failed for resource " + id +
                           " with message:\n#: a value is missing or not of the type expected (" +
                           error.what() + ")");
  };
  try {
    body();
  } catch (const boost::system::system_error& error) {
    refuse(error);
  } catch (const std::out_of_range& error) {
    refuse(error);
  } catch (const std::invalid_argument& error) {
    refuse(error);
  }
}

}  // namespace landfall::cloudformation
