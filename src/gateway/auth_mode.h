// How a Landfall judges credentials: a start's choice (`landfall up --auth`), the same for control and edge.
#pragma once

namespace landfall {

enum class AuthMode {
  enforce,  // SigV4 is verified and policies decide
  any,      // any credentials (or none) are the account's root; for other people's test suites
};

}  // namespace landfall
