// The query protocol (form parameters "Filters.member.1.Name") and ec2's dialect of it ("Filter.1.Name"):
// decoding. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html and aws-ec2-query-protocol.html
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "aws/protocol/codec_internal.h"
#include "aws/protocol/value.h"

namespace landfall::aws {

namespace {

// The parameters as a tree along the dots of their names.
struct Node {
  std::optional<std::string> value;
  std::map<std::string, Node, std::less<>> children;

  const Node* child(std::string_view name) const {
    const auto it = children.find(name);
    return it == children.end() ? nullptr : &it->second;
  }
};

constexpr size_t max_name_parts = 2 * DecodeLimits::max_depth;

[[noreturn]] void malformed(std::string message) {
  throw ServiceError("MalformedInput", 400, std::move(message));
}

Node build_tree(const codec::Pairs& parameters) {
  Node root;
  for (const auto& [name, value] : parameters) {
    Node* node = &root;
    size_t parts = 0;
    for (std::string_view rest = name; !rest.empty();) {
      if (++parts > max_name_parts) malformed("A parameter's name has too many parts");
      const size_t dot = std::min(rest.find('.'), rest.size());
      node = &node->children[std::string(rest.substr(0, dot))];
      rest.remove_prefix(std::min(dot + 1, rest.size()));
    }
    node->value = value;
  }
  return root;
}

// The children named by numbers, in their order; numbers may be sparse.
std::vector<const Node*> numbered_children(const Node& node) {
  std::vector<std::pair<uint64_t, const Node*>> found;
  for (const auto& [name, child] : node.children) {
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size()) found.emplace_back(number, &child);
  }
  std::ranges::sort(found, {}, &std::pair<uint64_t, const Node*>::first);
  std::vector<const Node*> nodes;
  for (const auto& [number, child] : found) nodes.push_back(child);
  return nodes;
}

class QueryDecoder {
 public:
  explicit QueryDecoder(Protocol protocol) : protocol_(protocol) {}

  void structure(const Shape& shape, const Node& node, void* object, size_t depth) {
    if (depth > DecodeLimits::max_depth) malformed("The parameters are nested too deeply");
    for (const Member& m : shape.members)
      if (const Node* child = node_of(m, node)) member(m, *child, object, depth);
  }

 private:
  const Node* node_of(const Member& m, const Node& parent) const {
    if (protocol_ == Protocol::ec2) return parent.child(m.query_name);
    // A flattened list's elements bear the element's name, where it has one, in place of the member's.
    if (m.flattened && m.shape->kind == Kind::list && !m.shape->element_name.empty())
      if (const Node* child = parent.child(m.shape->element_name)) return child;
    return parent.child(m.wire_name);
  }

  void member(const Member& m, const Node& node, void* object, size_t depth) {
    const Shape& shape = *m.shape;
    switch (shape.kind) {
      case Kind::structure:
        structure(shape, node, make_value(m, object), depth + 1);
        return;
      case Kind::list:
        list(shape, node, make_value(m, object), depth + 1);
        return;
      case Kind::map:
        map(shape, node, make_value(m, object), depth + 1);
        return;
      default:
        if (node.value) scalar(shape, m.name, *node.value, make_value(m, object));
    }
  }

  void element(const Shape& shape, std::string_view name, const Node& node, void* value, size_t depth) {
    switch (shape.kind) {
      case Kind::structure:
        structure(shape, node, value, depth + 1);
        return;
      case Kind::list:
        list(shape, node, value, depth + 1);
        return;
      case Kind::map:
        map(shape, node, value, depth + 1);
        return;
      default:
        scalar(shape, name, node.value.value_or(std::string()), value);
    }
  }

  // The SDKs differ in whether a list has a level of its own ("member", or the element's name): both are
  // read.
  static std::vector<const Node*> items_of(const Shape& shape, const Node& node) {
    for (const std::string_view level :
         {shape.element_name, std::string_view("member"), std::string_view("entry")})
      if (const Node* inner = level.empty() ? nullptr : node.child(level)) return numbered_children(*inner);
    return numbered_children(node);
  }

  void list(const Shape& shape, const Node& node, void* value, size_t depth) {
    if (depth > DecodeLimits::max_depth) malformed("The parameters are nested too deeply");
    const auto items = items_of(shape, node);
    if (!budget_.take(items.size())) malformed("A list has too many elements");
    shape.list_ops->resize(value, items.size());
    for (size_t i = 0; i < items.size(); ++i)
      element(*shape.element, shape.name, *items[i], shape.list_ops->mutable_at(value, i), depth);
  }

  void map(const Shape& shape, const Node& node, void* value, size_t depth) {
    const auto items = items_of(shape, node);
    if (!budget_.take(items.size())) malformed("A map has too many entries");
    for (const Node* item : items) {
      const Node* key = item->child(shape.key_name.empty() ? "key" : shape.key_name);
      const Node* entry = item->child(shape.element_name.empty() ? "value" : shape.element_name);
      if (key == nullptr || !key->value) malformed("A map's entry has no key");
      void* slot = shape.map_ops->insert(value, *key->value);
      if (entry != nullptr) element(*shape.element, shape.name, *entry, slot, depth);
    }
  }

  void scalar(const Shape& shape, std::string_view name, const std::string& text, void* value) {
    if (scalar_from_text(shape, text, value)) return;
    if (protocol_ == Protocol::ec2)
      throw ServiceError("InvalidParameterValue", 400,
                         "Value (" + text + ") for parameter " + std::string(name) + " is invalid.");
    malformed("The value '" + text + "' of the parameter " + std::string(name) + " is not a valid " +
              (shape.kind == Kind::boolean     ? "Boolean"
               : shape.kind == Kind::timestamp ? "Timestamp"
                                               : "value"));
  }

  Protocol protocol_;
  ElementBudget budget_;
};

}  // namespace

bool ElementBudget::take(size_t count) {
  if (count > DecodeLimits::max_list_elements || count > DecodeLimits::max_elements - used_) return false;
  used_ += count;
  return true;
}

void decode_query(const OperationModel& operation, const codec::Pairs& parameters, void* in) {
  QueryDecoder(Protocol::query).structure(*operation.input, build_tree(parameters), in, 0);
}

void decode_ec2(const OperationModel& operation, const codec::Pairs& parameters, void* in) {
  QueryDecoder(Protocol::ec2).structure(*operation.input, build_tree(parameters), in, 0);
}

}  // namespace landfall::aws
