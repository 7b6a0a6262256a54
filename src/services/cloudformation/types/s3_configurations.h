// A bucket's properties as the documents of its sub-resources: what PUT /bucket?cors and the like take.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {

// One configuration of a bucket. Without a body it is taken away.
struct BucketPart {
  std::string query, body;
};

std::vector<BucketPart> bucket_parts(const Work& work, const boost::json::object& properties);

// The sub-resource of each property that can be taken away again; null for others.
const char* removable_part(std::string_view property);

}  // namespace landfall::cloudformation
