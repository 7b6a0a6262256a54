#include "codec/fields.h"

#include <gtest/gtest.h>

namespace landfall {
namespace {

struct Inner {
  std::string name;
  std::optional<int64_t> ttl;
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("ttl", ttl);
  }
};

struct Outer {
  std::vector<Inner> list;
  std::map<std::string, Inner> map;
  std::set<std::string> set;
  Timestamp at;
  Secret secret;
  double ratio = 0.5;
  bool on = true;
  template <class V>
  void fields(V& v) {
    v("list", list);
    v("map", map);
    v("set", set);
    v("at", at);
    v("secret", secret);
    v("ratio", ratio);
    v("on", on);
  }
};

}  // namespace

TEST(Fields, WritesAndReadsBackEveryKindOfField) {
  Outer outer;
  outer.list = {{.name = "a\n\"\\\x01", .ttl = 3}, {.name = "b"}};
  outer.map["k"] = {.name = "c"};
  outer.set = {"x", "y"};
  outer.at = {1'440'938'160'123};
  outer.secret = Secret("s");
  outer.ratio = 0.1;
  outer.on = false;
  auto back = from_json<Outer>(to_json(outer));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(to_json(*back), to_json(outer));
  EXPECT_EQ(back->list[0].name, outer.list[0].name);
  EXPECT_EQ(back->list[1].ttl, std::nullopt);
}

TEST(Fields, IgnoresUnknownKeysAndKeepsDefaultsOfMissingOnes) {
  auto outer = from_json<Outer>(R"({"unknown":[1,{}],"on":null})");
  ASSERT_TRUE(outer);
  EXPECT_EQ(outer->ratio, 0.5);
  EXPECT_TRUE(outer->on);
}

TEST(Fields, NamesThePathOfAValueOfTheWrongType) {
  auto outer = from_json<Outer>(R"({"list":[{"name":"a"},{"name":7}]})");
  ASSERT_FALSE(outer);
  EXPECT_EQ(outer.error().message, "list: name: not a string");
  EXPECT_FALSE(from_json<Outer>("{"));
  EXPECT_FALSE(from_json<Outer>(R"({"list":{}})"));
}

TEST(Fields, ReplacesInvalidUtf8) {
  std::string out;
  fields::append_quoted(out, "a\xff\xc3\xa9\xed\xa0\x80");
  EXPECT_EQ(out, "\"a\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

}  // namespace landfall
