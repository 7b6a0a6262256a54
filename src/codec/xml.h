// XML 1.0 as AWS speaks it: elements, attributes, text. No DOCTYPE and hence no entities but the five
// predefined ones. pugixml does the parsing; it does not show here.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall::codec {

struct XmlLimits {
  size_t max_bytes =
      8 << 20;  // the largest real document, a DeleteObjects or a 1,000-change batch, is under 2 MiB
  size_t max_depth = 64;  // CloudFront's distribution config is 9 deep
  size_t max_nodes = 500'000;
};

// An element of a document, or nothing. Valid as long as its XmlDocument.
class XmlNode {
 public:
  XmlNode() = default;
  explicit operator bool() const { return node_ != nullptr; }
  std::string_view name() const;  // without namespace prefix
  std::string text() const;       // of all its text and CDATA children, joined
  // The value of the attribute of that full name ("xsi:type"), or of that name under any prefix.
  std::string_view attribute(std::string_view name) const;
  bool has_attribute(std::string_view name) const;
  XmlNode first_child() const;  // element children only
  XmlNode next_sibling() const;
  XmlNode child(std::string_view name) const;  // the first so named

 private:
  friend class XmlDocument;
  explicit XmlNode(void* node) : node_(node) {}
  void* node_ = nullptr;  // pugi::xml_node_struct
};

class XmlDocument {
 public:
  static Result<XmlDocument> parse(std::string_view text, const XmlLimits& limits = {});
  XmlNode root() const;
  XmlDocument(XmlDocument&&) noexcept;
  ~XmlDocument();

 private:
  XmlDocument();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Appends a document to a string; the caller sees to it that tags match.
class XmlWriter {
 public:
  explicit XmlWriter(std::string& out) : out_(out) {}
  void declaration() { out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"; }
  void open(std::string_view name);  // "<name>"; attributes may follow at once
  void attribute(std::string_view name, std::string_view value);
  void text(std::string_view value);
  void close(std::string_view name);
  void element(std::string_view name, std::string_view value) {
    open(name);
    text(value);
    close(name);
  }

 private:
  std::string& out_;
};

}  // namespace landfall::codec
