#include "services/cloudfront/dataplane/request_id.h"

#include "base/random.h"

namespace landfall::cloudfront {
namespace {
constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr int kWords = 6, kCharactersOfWord = 9;  // 54 of a word's 64 bits
}  // namespace

RequestIds::RequestIds() { Random::system().fill(&state_, sizeof state_); }

uint64_t RequestIds::word() {
  uint64_t z = (state_ += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

void RequestIds::append(std::string& out) {
  char text[kWords * kCharactersOfWord + 2];
  char* at = text;
  for (int i = 0; i < kWords; ++i) {
    uint64_t bits = word();
    for (int j = 0; j < kCharactersOfWord; ++j, bits >>= 6) *at++ = kAlphabet[bits & 63];
  }
  *at++ = '=';
  *at++ = '=';
  out.append(text, sizeof text);
}

}  // namespace landfall::cloudfront
