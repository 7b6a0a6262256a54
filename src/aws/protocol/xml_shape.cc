// Structs as XML, both ways: the part that query, ec2 and rest-xml share.
// https://smithy.io/2.0/spec/protocol-traits.html#xml-bindings
#include "aws/protocol/codec_internal.h"
#include "aws/protocol/value.h"

namespace landfall::aws {

namespace {

// What an element of a list is called. ec2 lists say "item" in the model; the default is "member".
std::string_view element_name_of(const Shape& list) {
  return list.element_name.empty() ? std::string_view("member") : list.element_name;
}

// A list that stands instead of its structure's other members (CustomizedMetricSpecification, MetricAlarm):
// clients take its presence, even empty, for the choice.
bool is_alternative(const Member& m) { return m.name == "Metrics"; }

class XmlWriter {
 public:
  XmlWriter(codec::XmlWriter& out, const XmlStyle& style) : out_(out), style_(style) {}

  void members(const Shape& shape, const void* object, EmptyLists empty_lists) {
    for (const Member& m : shape.members) {
      if (m.location != Location::body || m.xml_attribute) continue;
      const bool container = m.shape->kind == Kind::list || m.shape->kind == Kind::map;
      if (has_content(m, object)) {
        member(m, value_of(m, object));
      } else if (container && !m.flattened && empty_lists == EmptyLists::written &&
                 !(nested_ && is_alternative(m))) {
        out_.element(m.wire_name, "");
      }
    }
  }

 private:
  void member(const Member& m, const void* value) {
    const Shape& shape = *m.shape;
    if (shape.kind == Kind::list && (m.flattened || shape.flattened)) {
      // The element's own name goes first in a flattened list, where the model gives one.
      const std::string_view name =
          !shape.element_name.empty() && shape.element_name != "member" ? shape.element_name : m.wire_name;
      const size_t count = shape.list_ops->size(value);
      for (size_t i = 0; i < count; ++i) element(name, *shape.element, shape.list_ops->at(value, i), m);
      return;
    }
    if (shape.kind == Kind::map && (m.flattened || shape.flattened)) {
      entries(shape, value, m.wire_name);
      return;
    }
    element(m.wire_name, shape, value, m);
  }

  void element(std::string_view name, const Shape& shape, const void* value, const Member& m) {
    out_.open(name);
    switch (shape.kind) {
      case Kind::structure:
        write_attributes(out_, shape, value);
        ++nested_;
        members(shape, value, style_.nested_empty_lists);
        --nested_;
        break;
      case Kind::list: {
        const size_t count = shape.list_ops->size(value);
        for (size_t i = 0; i < count; ++i)
          element(element_name_of(shape), *shape.element, shape.list_ops->at(value, i), m);
        break;
      }
      case Kind::map:
        entries(shape, value, "entry");
        break;
      default:
        out_.text(scalar_to_text(shape, format_of(m, format_of(shape, TimestampFormat::iso8601)), value));
    }
    out_.close(name);
  }

  void entries(const Shape& shape, const void* value, std::string_view name) {
    struct Context {
      XmlWriter* writer;
      const Shape* shape;
      std::string_view name;
    } context{this, &shape, name};
    shape.map_ops->each(value, &context, [](void* c, const std::string& key, const void* entry) {
      const auto& [writer, map, entry_name] = *static_cast<Context*>(c);
      static constexpr Member plain{};
      writer->out_.open(entry_name);
      writer->out_.element(map->key_name.empty() ? "key" : map->key_name, key);
      writer->element(map->element_name.empty() ? "value" : map->element_name, *map->element, entry, plain);
      writer->out_.close(entry_name);
    });
  }

  codec::XmlWriter& out_;
  const XmlStyle& style_;
  int nested_ = 0;  // structures entered
};

class XmlReader {
 public:
  XmlReader(ElementBudget& budget, std::string& where) : budget_(budget), where_(where) {}

  bool members(codec::XmlNode parent, const Shape& shape, void* object, size_t depth) {
    if (depth > DecodeLimits::max_depth) return false;
    for (const Member& m : shape.members) {
      if (m.location != Location::body) continue;
      if (m.xml_attribute) {
        if (parent.has_attribute(m.wire_name) &&
            !scalar_from_text(*m.shape, parent.attribute(m.wire_name), make_value(m, object)))
          return failed(m.name);
        continue;
      }
      const bool flattened = m.flattened || m.shape->flattened;
      if (flattened && m.shape->kind == Kind::list) {
        if (!flattened_list(parent, m, object, depth)) return false;
      } else if (flattened && m.shape->kind == Kind::map) {
        for (codec::XmlNode entry = parent.child(m.wire_name); entry; entry = next_named(entry, m.wire_name))
          if (!map_entry(entry, *m.shape, make_value(m, object), depth)) return false;
      } else if (codec::XmlNode child = parent.child(m.wire_name)) {
        if (!value(child, *m.shape, m.name, make_value(m, object), depth)) return false;
      }
    }
    return true;
  }

 private:
  bool failed(std::string_view where) {
    if (where_.empty()) where_ = where;
    return false;
  }

  static codec::XmlNode next_named(codec::XmlNode node, std::string_view name) {
    do node = node.next_sibling();
    while (node && node.name() != name);
    return node;
  }

  // All children of that name, or all children where the name is empty.
  bool elements(codec::XmlNode first, std::string_view name, const Shape& list, void* out, size_t depth) {
    size_t count = 0;
    const auto next = [&](codec::XmlNode n) { return name.empty() ? n.next_sibling() : next_named(n, name); };
    for (codec::XmlNode n = first; n; n = next(n)) ++count;
    if (!budget_.take(count)) return failed(list.name);
    list.list_ops->resize(out, count);
    size_t i = 0;
    for (codec::XmlNode n = first; n; n = next(n))
      if (!value(n, *list.element, list.name, list.list_ops->mutable_at(out, i++), depth)) return false;
    return true;
  }

  bool flattened_list(codec::XmlNode parent, const Member& m, void* object, size_t depth) {
    const bool own = !m.shape->element_name.empty() && m.shape->element_name != "member";
    const std::string_view name = own ? m.shape->element_name : m.wire_name;
    return elements(parent.child(name), name, *m.shape, make_value(m, object), depth + 1);
  }

  bool map_entry(codec::XmlNode entry, const Shape& map, void* out, size_t depth) {
    const codec::XmlNode key = entry.child(map.key_name.empty() ? "key" : map.key_name);
    const codec::XmlNode item = entry.child(map.element_name.empty() ? "value" : map.element_name);
    if (!key || !item || !budget_.take(1)) return failed(map.name);
    return value(item, *map.element, map.name, map.map_ops->insert(out, key.text()), depth + 1);
  }

  bool value(codec::XmlNode node, const Shape& shape, std::string_view name, void* out, size_t depth) {
    switch (shape.kind) {
      case Kind::structure:
        return members(node, shape, out, depth + 1);
      case Kind::list:
        return elements(node.first_child(), {}, shape, out, depth + 1);
      case Kind::map:
        for (codec::XmlNode entry = node.first_child(); entry; entry = entry.next_sibling())
          if (!map_entry(entry, shape, out, depth)) return false;
        return true;
      default:
        return scalar_from_text(shape, node.text(), out) || failed(name);
    }
  }

  ElementBudget& budget_;
  std::string& where_;
};

}  // namespace

void write_attributes(codec::XmlWriter& writer, const Shape& shape, const void* value) {
  for (const Member& m : shape.members) {
    if (!m.xml_attribute || !has_content(m, value)) continue;
    if (!shape.xml_namespace.uri.empty())
      writer.attribute("xmlns:" + std::string(shape.xml_namespace.prefix), shape.xml_namespace.uri);
    writer.attribute(m.wire_name, scalar_to_text(*m.shape, TimestampFormat::iso8601, value_of(m, value)));
  }
}

void write_members(codec::XmlWriter& writer, const Shape& shape, const void* value, const XmlStyle& style,
                   EmptyLists empty_lists) {
  XmlWriter(writer, style).members(shape, value, empty_lists);
}

bool read_members(codec::XmlNode element, const Shape& shape, void* value, ElementBudget& budget,
                  std::string& where) {
  return XmlReader(budget, where).members(element, shape, value, 0);
}

}  // namespace landfall::aws
