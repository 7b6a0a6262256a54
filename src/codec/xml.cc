#include "codec/xml.h"

#include <pugixml.hpp>

namespace landfall::codec {

namespace {

pugi::xml_node as_pugi(void* node) { return pugi::xml_node(static_cast<pugi::xml_node_struct*>(node)); }

std::string_view local_name(std::string_view name) {
  const size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node next_element(pugi::xml_node node) {
  while (node && node.type() != pugi::node_element) node = node.next_sibling();
  return node;
}

// Walks without recursion: the depth is not known to be small yet.
Result<> check_shape(pugi::xml_node root, const XmlLimits& limits) {
  size_t depth = 0;
  size_t nodes = 0;
  for (pugi::xml_node node = root; node;) {
    if (++nodes > limits.max_nodes) return fail("too many elements");
    if (node.type() == pugi::node_doctype) return fail("a DOCTYPE is not allowed");
    if (pugi::xml_node child = node.first_child()) {
      if (++depth > limits.max_depth) return fail("elements are nested too deeply");
      node = child;
      continue;
    }
    while (node && node != root && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    node = node == root ? pugi::xml_node() : node.next_sibling();
  }
  return {};
}

}  // namespace

struct XmlDocument::Impl {
  pugi::xml_document document;
};

XmlDocument::XmlDocument() : impl_(std::make_unique<Impl>()) {}
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument::~XmlDocument() = default;

Result<XmlDocument> XmlDocument::parse(std::string_view text, const XmlLimits& limits) {
  if (text.size() > limits.max_bytes) return fail("the document is too large");
  XmlDocument result;
  const unsigned flags = pugi::parse_default | pugi::parse_doctype | pugi::parse_ws_pcdata_single;
  const auto status =
      result.impl_->document.load_buffer(text.data(), text.size(), flags, pugi::encoding_utf8);
  if (!status) return fail(std::string("not well-formed: ") + status.description());
  LF_CHECK(check_shape(result.impl_->document, limits));
  const pugi::xml_node root = result.impl_->document.document_element();
  if (!root) return fail("there is no root element");
  for (pugi::xml_node node : result.impl_->document.children())
    if (node.type() == pugi::node_element && node != root) return fail("more than one root element");
  return result;
}

XmlNode XmlDocument::root() const { return XmlNode(impl_->document.document_element().internal_object()); }

std::string_view XmlNode::name() const { return local_name(as_pugi(node_).name()); }

std::string XmlNode::text() const {
  std::string all;
  for (pugi::xml_node child : as_pugi(node_).children())
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) all += child.value();
  return all;
}

std::string_view XmlNode::attribute(std::string_view name) const {
  for (pugi::xml_attribute a : as_pugi(node_).attributes())
    if (a.name() == name || local_name(a.name()) == local_name(name)) return a.value();
  return {};
}

bool XmlNode::has_attribute(std::string_view name) const {
  for (pugi::xml_attribute a : as_pugi(node_).attributes())
    if (a.name() == name || local_name(a.name()) == local_name(name)) return true;
  return false;
}

XmlNode XmlNode::first_child() const {
  return XmlNode(next_element(as_pugi(node_).first_child()).internal_object());
}
XmlNode XmlNode::next_sibling() const {
  return XmlNode(next_element(as_pugi(node_).next_sibling()).internal_object());
}

XmlNode XmlNode::child(std::string_view wanted) const {
  for (XmlNode c = first_child(); c; c = c.next_sibling())
    if (c.name() == wanted) return c;
  return {};
}

void XmlWriter::open(std::string_view name) {
  out_ += '<';
  out_ += name;
  out_ += '>';
}

void XmlWriter::close(std::string_view name) {
  out_ += "</";
  out_ += name;
  out_ += '>';
}

void XmlWriter::attribute(std::string_view name, std::string_view value) {
  out_.pop_back();  // the '>' of open()
  out_ += ' ';
  out_ += name;
  out_ += "=\"";
  text(value);
  out_ += "\">";
}

// XML 1.0 section 2.2 has no way to write most control characters: they become U+FFFD. A carriage return is
// written as a reference, or a reader would take it for a line end (section 2.11).
void XmlWriter::text(std::string_view value) {
  for (const char c : value) {
    switch (c) {
      case '&':
        out_ += "&amp;";
        break;
      case '<':
        out_ += "&lt;";
        break;
      case '>':
        out_ += "&gt;";
        break;
      case '"':
        out_ += "&quot;";
        break;
      case '\r':
        out_ += "&#xD;";
        break;
      case '\t':
      case '\n':
        out_ += c;
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out_ += "\xef\xbf\xbd";
        } else {
          out_ += c;
        }
    }
  }
}

}  // namespace landfall::codec
