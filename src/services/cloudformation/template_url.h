// Where a TemplateURL leads: an object in Landfall's own S3, as `aws cloudformation deploy --s3-bucket`
// writes it.
#pragma once

#include <string>
#include <string_view>

namespace landfall::cloudformation {

struct TemplatePlace {
  std::string path;   // "/bucket/key", percent-encoded as in the URL
  std::string query;  // "versionId=...", or empty
};
// "https://bucket.s3.us-east-1.amazonaws.com/key", "https://s3.amazonaws.com/bucket/key",
// "http://127.0.0.1:4566/bucket/key"; throws ValidationError "TemplateURL must be a supported URL.".
TemplatePlace place_of(std::string_view url);

}  // namespace landfall::cloudformation
