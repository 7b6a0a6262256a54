#include "aws/session_token.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "base/encoding.h"

namespace landfall::aws {
namespace {

using std::string;
using std::string_view;

constexpr char kVersion = 1;
constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;
constexpr size_t kMaxKeyIdBytes = 32;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype([](EVP_CIPHER_CTX* c) { EVP_CIPHER_CTX_free(c); })>;

const unsigned char* bytes(string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// --- claims <-> bytes: every field is a 32-bit little-endian length and its bytes, numbers are 8 bytes ---

class Writer {
 public:
  void number(uint64_t value) {
    for (int i = 0; i < 8; ++i) out_ += static_cast<char>(value >> (8 * i));
  }
  void text(string_view value) {
    for (int i = 0; i < 4; ++i) out_ += static_cast<char>(value.size() >> (8 * i));
    out_ += value;
  }
  string take() { return std::move(out_); }

 private:
  string out_;
};

class Reader {
 public:
  explicit Reader(string_view in) : in_(in) {}
  uint64_t number() { return little_endian(8); }
  string text() {
    const uint64_t size = little_endian(4);
    if (size > in_.size()) {
      ok_ = false;
      return {};
    }
    string value(in_.substr(0, size));
    in_.remove_prefix(size);
    return value;
  }
  // A count of things that take at least four bytes each.
  uint64_t count() {
    const uint64_t n = number();
    if (n > in_.size() / 4) ok_ = false;
    return ok_ ? n : 0;
  }
  bool finished() const { return ok_ && in_.empty(); }

 private:
  uint64_t little_endian(size_t width) {
    if (in_.size() < width) {
      ok_ = false;
      in_ = {};
      return 0;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < width; ++i)
      value |= static_cast<uint64_t>(static_cast<unsigned char>(in_[i])) << (8 * i);
    in_.remove_prefix(width);
    return value;
  }
  string_view in_;
  bool ok_ = true;
};

string encode(const SessionClaims& c) {
  Writer w;
  w.number(static_cast<uint64_t>(c.kind));
  w.number(static_cast<uint64_t>(c.issued.unix_ms));
  w.number(static_cast<uint64_t>(c.expires.unix_ms));
  for (string_view field :
       {string_view(c.access_key_id), string_view(c.secret_access_key.reveal()), string_view(c.account),
        string_view(c.user_name), string_view(c.user_arn), string_view(c.user_id), string_view(c.role_arn),
        string_view(c.role_id), string_view(c.role_name), string_view(c.session_name),
        string_view(c.session_policy), string_view(c.source_identity), string_view(c.instance_id)})
    w.text(field);
  w.number(c.session_policy_arns.size());
  for (const string& arn : c.session_policy_arns) w.text(arn);
  w.number(c.tags.size());
  for (const auto& [key, value] : c.tags) {
    w.text(key);
    w.text(value);
  }
  return w.take();
}

std::optional<SessionClaims> decode(string_view plain) {
  Reader r(plain);
  SessionClaims c;
  c.kind = static_cast<policy::PrincipalKind>(r.number());
  c.issued.unix_ms = static_cast<int64_t>(r.number());
  c.expires.unix_ms = static_cast<int64_t>(r.number());
  c.access_key_id = r.text();
  c.secret_access_key = Secret(r.text());
  for (string* field : {&c.account, &c.user_name, &c.user_arn, &c.user_id, &c.role_arn, &c.role_id,
                        &c.role_name, &c.session_name, &c.session_policy, &c.source_identity, &c.instance_id})
    *field = r.text();
  for (uint64_t n = r.count(); n > 0; --n) c.session_policy_arns.push_back(r.text());
  for (uint64_t n = r.count(); n > 0; --n) {
    string key = r.text();
    c.tags[std::move(key)] = r.text();
  }
  if (!r.finished()) return std::nullopt;
  return c;
}

std::optional<string> encrypt(string_view key, string_view nonce, string_view additional, string_view plain) {
  Context context(EVP_CIPHER_CTX_new());
  string out(plain.size() + kTagBytes, '\0');
  int n = 0;
  if (!context ||
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key), bytes(nonce)) != 1 ||
      EVP_EncryptUpdate(context.get(), nullptr, &n, bytes(additional), static_cast<int>(additional.size())) !=
          1 ||
      EVP_EncryptUpdate(context.get(), bytes(out), &n, bytes(plain), static_cast<int>(plain.size())) != 1 ||
      EVP_EncryptFinal_ex(context.get(), bytes(out) + n, &n) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, bytes(out) + plain.size()) != 1)
    return std::nullopt;
  return out;
}

std::optional<string> decrypt(string_view key, string_view nonce, string_view additional,
                              string_view sealed) {
  Context context(EVP_CIPHER_CTX_new());
  const size_t size = sealed.size() - kTagBytes;
  string out(size, '\0');
  string tag(sealed.substr(size));
  int n = 0;
  if (!context ||
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key), bytes(nonce)) != 1 ||
      EVP_DecryptUpdate(context.get(), nullptr, &n, bytes(additional), static_cast<int>(additional.size())) !=
          1 ||
      EVP_DecryptUpdate(context.get(), bytes(out), &n, bytes(sealed), static_cast<int>(size)) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, bytes(tag)) != 1 ||
      EVP_DecryptFinal_ex(context.get(), bytes(out) + n, &n) != 1)
    return std::nullopt;
  return out;
}

}  // namespace

Result<string> seal_session(const SessionClaims& claims, const TokenKeyring& keyring, Random& random) {
  if (keyring.keys.empty()) return fail("no key to seal session tokens with");
  const TokenKey& key = keyring.keys.front();
  if (key.key.reveal().size() != kTokenKeyBytes || key.id.size() > kMaxKeyIdBytes)
    return fail("a bad token key");
  string token{kVersion, static_cast<char>(key.id.size())};
  token += key.id;
  const string nonce = random.bytes(kNonceBytes);
  const auto sealed = encrypt(key.key.reveal(), nonce, token, encode(claims));
  if (!sealed) return fail("AES-256-GCM failed");
  token += nonce;
  token += *sealed;
  string text = to_base64(token);
  if (text.size() > kMaxTokenBytes) return fail("the session token is too long");
  return text;
}

std::expected<SessionClaims, TokenProblem> open_session(string_view text, const TokenKeyring& keyring) {
  if (text.size() > kMaxTokenBytes) return std::unexpected(TokenProblem::malformed);
  const auto decoded = from_base64(text);
  if (!decoded || decoded->size() < 2 || (*decoded)[0] != kVersion)
    return std::unexpected(TokenProblem::malformed);
  // One token has one text: RFC 4648 section 3.5 lets a decoder ignore the bits that padding leaves over.
  if (to_base64(*decoded) != text) return std::unexpected(TokenProblem::malformed);
  const string_view token = *decoded;
  const size_t id_size = static_cast<unsigned char>(token[1]), head = 2 + id_size;
  if (id_size > kMaxKeyIdBytes || token.size() < head + kNonceBytes + kTagBytes)
    return std::unexpected(TokenProblem::malformed);
  const auto key = std::ranges::find(keyring.keys, token.substr(2, id_size), &TokenKey::id);
  if (key == keyring.keys.end() || key->key.reveal().size() != kTokenKeyBytes)
    return std::unexpected(TokenProblem::unknown_key);
  const auto plain = decrypt(key->key.reveal(), token.substr(head, kNonceBytes), token.substr(0, head),
                             token.substr(head + kNonceBytes));
  if (!plain) return std::unexpected(TokenProblem::forged);
  auto claims = decode(*plain);
  if (!claims) return std::unexpected(TokenProblem::malformed);
  return std::move(*claims);
}

}  // namespace landfall::aws
