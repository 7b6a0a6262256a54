#include <cstddef>
#include <cstdint>

#include "codec/xml.h"

namespace {
void walk(landfall::codec::XmlNode node) {
  for (; node; node = node.next_sibling()) {
    (void)node.text();
    (void)node.attribute("xsi:type");
    walk(node.first_child());
  }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto document = landfall::codec::XmlDocument::parse({reinterpret_cast<const char*>(data), size});
  if (document) walk(document->root());
  return 0;
}
