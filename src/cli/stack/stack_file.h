// StackFile: a template and what landfall.yaml beside it says to do around it (README.md, "Stacks").
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace landfall::cli {

struct StackAsset {
  std::string file;       // absolute
  std::string key;        // in the deployment bucket; {sha256} stands for the file's digest
  std::string parameter;  // of the template, gets the key; may be empty
};

struct StackSite {
  std::string folder;               // absolute
  std::string prefix;               // of the keys
  std::string bucket_output;        // output that names the bucket
  std::string distribution_output;  // output that names the distribution to invalidate; may be empty
};

struct StackParameter {
  std::string value;
  unsigned generate = 0;  // instead of a value: that many random letters and digits, made once
};

struct StackFile {
  std::string template_body;
  std::string name;
  std::string deployment_bucket;  // may be empty
  std::vector<StackAsset> assets;
  std::map<std::string, StackParameter> parameters;
  std::vector<StackSite> sites;
  std::vector<std::string> healthy;  // URLs that answer 200 when the stack is up
};

struct StackVariables {  // {account} and {region} in landfall.yaml
  std::string account;
  std::string region;
};

Result<StackFile> load_stack_file(const std::string& template_path, const StackVariables& variables);

// Of the parsed file, for tests.
Result<StackFile> parse_landfall_yaml(const std::string& text, const std::string& folder,
                                      const StackVariables& variables);

// {name} -> value; an unknown {name} stays as it is.
std::string substitute(std::string text, const std::map<std::string, std::string>& values);

}  // namespace landfall::cli
