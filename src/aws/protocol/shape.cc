#include "aws/protocol/shape.h"

#include <algorithm>

#include "aws/empty.h"
#include "aws/protocol/shape_ops.h"

namespace landfall::aws {

constinit const Shape empty_shape = {
    .kind = Kind::structure, .name = "Empty", .struct_ops = &struct_ops<Empty, as_root>};

const Shape& shape_of(const Empty*) { return empty_shape; }

std::string_view name_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::query:
      return "query";
    case Protocol::ec2:
      return "ec2";
    case Protocol::rest_xml:
      return "rest-xml";
    case Protocol::json_1_0:
      return "json 1.0";
    case Protocol::json_1_1:
      return "json 1.1";
    case Protocol::rpc_v2_cbor:
      return "rpc-v2-cbor";
  }
  return "unknown";
}

const Member* Shape::member(std::string_view wanted) const {
  for (const Member& m : members)
    if (m.name == wanted) return &m;
  return nullptr;
}

const OperationModel* ServiceModel::operation(std::string_view wanted) const {
  const auto it = std::ranges::lower_bound(operations, wanted, {}, &OperationModel::name);
  return it != operations.end() && it->name == wanted ? &*it : nullptr;
}

bool ServiceModel::speaks(Protocol protocol) const {
  return std::ranges::find(protocols, protocol) != protocols.end();
}

}  // namespace landfall::aws
