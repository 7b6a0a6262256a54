#include "codec/fields.h"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>

namespace landfall::fields {
namespace {

constexpr size_t kMaxDepth = 64;  // of arrays and objects; our own documents are far flatter

const boost::json::value& value_of(const Node* node) {
  return *reinterpret_cast<const boost::json::value*>(node);
}
const Node* node_of(const boost::json::value& value) { return reinterpret_cast<const Node*>(&value); }

// The length of the UTF-8 sequence at text[i], or 0 if it is malformed (RFC 3629 section 4).
size_t utf8_length(std::string_view text, size_t i) {
  const auto byte = [&](size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u; };
  const auto follows = [&](size_t k) { return (byte(k) & 0xc0) == 0x80; };
  const unsigned lead = byte(i);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return follows(i + 1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (!follows(i + 1) || !follows(i + 2)) return 0;
    if (lead == 0xe0 && byte(i + 1) < 0xa0) return 0;
    if (lead == 0xed && byte(i + 1) > 0x9f) return 0;
    return 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (!follows(i + 1) || !follows(i + 2) || !follows(i + 3)) return 0;
    if (lead == 0xf0 && byte(i + 1) < 0x90) return 0;
    if (lead == 0xf4 && byte(i + 1) > 0x8f) return 0;
    return 4;
  }
  return 0;
}

}  // namespace

void Document::Delete::operator()(Node* node) const { delete reinterpret_cast<boost::json::value*>(node); }

Result<Document> Document::parse(std::string_view text) {
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  auto tree = std::make_unique<boost::json::value>(
      boost::json::parse(boost::json::string_view(text.data(), text.size()), error, {}, options));
  if (error) return fail("not JSON: " + error.message());
  Document document;
  document.root_.reset(reinterpret_cast<Node*>(tree.release()));
  return document;
}

bool is_null(const Node* node) { return value_of(node).is_null(); }

const Node* member(const Node* object, std::string_view name) {
  const auto* map = value_of(object).if_object();
  if (map == nullptr) return nullptr;
  const auto* found = map->if_contains(boost::json::string_view(name.data(), name.size()));
  return found == nullptr ? nullptr : node_of(*found);
}

bool read_string(const Node* node, std::string& out) {
  const auto* text = value_of(node).if_string();
  if (text == nullptr) return false;
  out.assign(text->data(), text->size());
  return true;
}

bool read_bool(const Node* node, bool& out) {
  const auto* value = value_of(node).if_bool();
  if (value == nullptr) return false;
  out = *value;
  return true;
}

bool read_int(const Node* node, int64_t& out) {
  boost::system::error_code error;
  out = value_of(node).to_number<int64_t>(error);
  return !error;
}

bool read_double(const Node* node, double& out) {
  boost::system::error_code error;
  out = value_of(node).to_number<double>(error);
  return !error;
}

bool for_each_element(const Node* array, const std::function<bool(const Node*)>& visit) {
  const auto* list = value_of(array).if_array();
  if (list == nullptr) return false;
  for (const auto& element : *list)
    if (!visit(node_of(element))) return false;
  return true;
}

bool for_each_member(const Node* object, const std::function<bool(std::string_view, const Node*)>& visit) {
  const auto* map = value_of(object).if_object();
  if (map == nullptr) return false;
  for (const auto& entry : *map) {
    const auto key = entry.key();
    if (!visit({key.data(), key.size()}, node_of(entry.value()))) return false;
  }
  return true;
}

std::string node_text(const Node* node) { return boost::json::serialize(value_of(node)); }

void append_quoted(std::string& out, std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  out += '"';
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
      ++i;
    } else if (c < 0x20) {
      switch (c) {
        case '\n':
          out += "\\n";
          break;
        case '\r':
          out += "\\r";
          break;
        case '\t':
          out += "\\t";
          break;
        default:
          out += "\\u00";
          out += kDigits[c >> 4];
          out += kDigits[c & 15];
      }
      ++i;
    } else if (size_t length = utf8_length(text, i); length > 0) {
      out.append(text, i, length);
      i += length;
    } else {
      out += "\xef\xbf\xbd";
      ++i;
    }
  }
  out += '"';
}

void append_number(std::string& out, double number) {
  if (!std::isfinite(number)) {  // JSON has no such number
    out += "null";
    return;
  }
  char buffer[32];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number);
  out.append(buffer, end);
}

}  // namespace landfall::fields
