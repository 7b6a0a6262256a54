#include "codec/http1_chunked.h"

#include <gtest/gtest.h>

namespace landfall::http1 {
namespace {

// The decoded body, or nothing if it is broken or not over; in pieces of `step` bytes.
std::optional<std::string> decode(std::string_view text, size_t step, std::string* rest = nullptr) {
  ChunkedDecoder decoder;
  std::string body;
  while (!text.empty()) {
    std::string_view piece = text.substr(0, step);
    text.remove_prefix(piece.size());
    while (!piece.empty()) {
      std::string_view data;
      const auto status = decoder.decode(piece, data);
      body += data;
      if (status == ChunkedDecoder::Status::error) return std::nullopt;
      if (status == ChunkedDecoder::Status::done) {
        if (rest != nullptr) *rest = std::string(piece) + std::string(text);
        return body;
      }
    }
  }
  return std::nullopt;
}

TEST(Chunked, DecodesWholeAndInPieces) {
  const std::string text =
      "4\r\nWiki\r\n1A;name=\"a;\\\"\r\"\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nX-T: v\r\n\r\nGET /";
  const std::string good =
      "4\r\nWiki\r\n1A;name=\"a;\\\"b\"\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nX-T: v\r\n\r\nGET /";
  EXPECT_FALSE(decode(text, 1000));
  for (size_t step : {1u, 2u, 3u, 7u, 1000u}) {
    std::string rest;
    EXPECT_EQ(decode(good, step, &rest), "Wikiabcdefghijklmnopqrstuvwxyz") << step;
    EXPECT_EQ(rest, "GET /") << step;
  }
}

TEST(Chunked, RefusesWhatSmugglersSend) {
  for (std::string_view text :
       {"\r\n", "g\r\n", " 4\r\nWiki\r\n0\r\n\r\n", "4 \r\nWiki\r\n0\r\n\r\n", "4\nWiki\n0\n\n",
        "0x4\r\nWiki\r\n0\r\n\r\n", "-4\r\n", "4\r\nWikiX\r\n0\r\n\r\n", "4\r\nWiki\n0\r\n\r\n",
        "11111111111111111\r\n", "4;a\rb\r\nWiki\r\n0\r\n\r\n", "0\r\nnocolon\r\n\r\n", "0\r\nX : y\r\n\r\n",
        "0\r\n X: y\r\n\r\n", "0\r\n\rX"})
    EXPECT_FALSE(decode(text, 1000)) << text;
}

TEST(Chunked, BoundsExtensionsAndTrailers) {
  EXPECT_FALSE(decode("4;" + std::string(5'000, 'x') + "\r\nWiki\r\n0\r\n\r\n", 1000));
  std::string spread;
  for (int i = 0; i < 2'000; ++i) spread += "1;x\r\na\r\n";
  EXPECT_TRUE(decode(spread + "0\r\n\r\n", 1000));
  for (int i = 0; i < 2'000; ++i) spread += "1;x\r\na\r\n";
  EXPECT_FALSE(decode(spread + "0\r\n\r\n", 1000));
  EXPECT_FALSE(decode("0\r\nX: " + std::string(9'000, 'x') + "\r\n\r\n", 1000));
}

TEST(Chunked, EncodesWhatItDecodes) {
  std::string out;
  append_chunk(out, "hello");
  append_chunk(out, "");
  append_chunk(out, std::string(300, 'y'));
  out += kLastChunk;
  EXPECT_EQ(decode(out, 1000), "hello" + std::string(300, 'y'));
  EXPECT_TRUE(out.starts_with("5\r\nhello\r\n12c\r\n"));
}

}  // namespace
}  // namespace landfall::http1
