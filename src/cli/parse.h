// Options that several subcommands share.
#pragma once

#include <map>
#include <string>

#include "roles/options.h"

namespace CLI {
class App;
}

namespace landfall::cli {

// --data-dir, else $LANDFALL_DATA_DIR, else /var/lib/landfall for root and $XDG_DATA_HOME/landfall for
// others.
void add_data_dir(CLI::App& command, std::string& data_dir);
void add_auth(CLI::App& command, AuthMode& auth);
void add_json(CLI::App& command, bool& json);
const std::map<std::string, log::Level>& log_levels();

}  // namespace landfall::cli
