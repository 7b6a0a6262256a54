#include "codec/xml.h"

#include <gtest/gtest.h>

namespace landfall::codec {
namespace {

TEST(XmlDocument, GivesLocalNamesTextAndAttributesWhateverThePrefix) {
  const auto document = XmlDocument::parse(
      "<?xml version='1.0'?><p:A xmlns:p='urn:x'><!-- c --><Grantee xmlns:xsi='urn:i' "
      "xsi:type='Group'>a&amp;<![CDATA[<b>]]></Grantee>"
      "<Empty/><Grantee>2</Grantee></p:A>");
  ASSERT_TRUE(document) << document.error().message;
  const XmlNode root = document->root();
  EXPECT_EQ(root.name(), "A");
  const XmlNode first = root.first_child();
  EXPECT_EQ(first.text(), "a&<b>");
  EXPECT_EQ(first.attribute("xsi:type"), "Group");
  EXPECT_FALSE(first.has_attribute("other"));
  EXPECT_EQ(first.next_sibling().name(), "Empty");
  EXPECT_EQ(root.child("Empty").text(), "");
  EXPECT_FALSE(root.child("None"));
}

TEST(XmlDocument, KeepsWhitespaceThatIsAllAnElementHas) {
  EXPECT_EQ(XmlDocument::parse("<Delimiter> </Delimiter>")->root().text(), " ");
}

TEST(XmlDocument, RefusesADoctypeAndSoEveryEntityExpansion) {
  const auto document = XmlDocument::parse("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().message, "a DOCTYPE is not allowed");
}

TEST(XmlDocument, RefusesWhatIsNotOneWellFormedElement) {
  for (const char* text :
       {"", "text", "<a>", "<a></b>", "<a/><b/>", "<a><b></a></b>", "<a", "\xff\xfe<\0a\0"})
    EXPECT_FALSE(XmlDocument::parse(text)) << text;
}

TEST(XmlDocument, RefusesDocumentsBeyondItsLimits) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_FALSE(XmlDocument::parse(deep));
  for (int i = 0; i < 100'000; ++i) deep += "</a>";
  EXPECT_FALSE(XmlDocument::parse(deep));
  EXPECT_TRUE(XmlDocument::parse("<a><b/></a>", {.max_depth = 2}));
  EXPECT_FALSE(XmlDocument::parse("<a><b><c/></b></a>", {.max_depth = 2}));
  EXPECT_FALSE(XmlDocument::parse("<a><b/><b/><b/></a>", {.max_nodes = 4}));
  EXPECT_FALSE(XmlDocument::parse("<aaaaaaaaaa/>", {.max_bytes = 5}));
}

TEST(XmlWriter, EscapesSoThatTheReaderGetsTheSameTextBack) {
  const std::string hostile = "a<b>&\"'\r\n\t\xc3\xbc";
  std::string out;
  XmlWriter writer(out);
  writer.open("A");
  writer.attribute("x", hostile);
  writer.text(hostile);
  writer.close("A");
  const auto back = XmlDocument::parse(out);
  ASSERT_TRUE(back) << out;
  EXPECT_EQ(back->root().text(), hostile);
}

TEST(XmlWriter, ReplacesControlCharactersThatXmlCannotHold) {
  std::string out;
  XmlWriter(out).text(std::string_view("a\0b\x01", 4));
  EXPECT_EQ(out,
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd");
}

}  // namespace
}  // namespace landfall::codec
