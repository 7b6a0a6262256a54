#include "services/ec2/key_pairs.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "base/encoding.h"

namespace landfall::ec2 {

namespace {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* p) const {
    free(p);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Free<BN_free>>;

// RFC 4251 section 5: string and mpint.
std::string ssh_string(std::string_view bytes) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(bytes.size() >> shift & 0xff);
  return out.append(bytes);
}
std::string ssh_mpint(const EVP_PKEY* key, const char* parameter) {
  BIGNUM* raw = nullptr;
  LF_INVARIANT(EVP_PKEY_get_bn_param(key, parameter, &raw) == 1);
  const BigNumber number(raw);
  std::string bytes(static_cast<size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  if (!bytes.empty() && (bytes[0] & 0x80) != 0) bytes.insert(bytes.begin(), '\0');
  return ssh_string(bytes);
}

// RFC 4253 section 6.6 (ssh-rsa) and RFC 8709 (ssh-ed25519).
std::string ssh_blob(const EVP_PKEY* key, const std::string& type) {
  if (type == "rsa")
    return ssh_string("ssh-rsa") + ssh_mpint(key, OSSL_PKEY_PARAM_RSA_E) +
           ssh_mpint(key, OSSL_PKEY_PARAM_RSA_N);
  unsigned char bytes[32];
  size_t size = sizeof bytes;
  LF_INVARIANT(EVP_PKEY_get_raw_public_key(key, bytes, &size) == 1);
  return ssh_string("ssh-ed25519") + ssh_string({reinterpret_cast<char*>(bytes), size});
}

std::string private_pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  LF_INVARIANT(PEM_write_bio_PrivateKey_traditional(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) ==
                   1 ||
               PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(size)};
}

std::string digest(const EVP_MD* algorithm, std::string_view bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  LF_INVARIANT(EVP_Digest(bytes.data(), bytes.size(), out, &size, algorithm, nullptr) == 1);
  return {reinterpret_cast<char*>(out), size};
}

std::string with_colons(const std::string& hex) {
  std::string out;
  for (size_t i = 0; i < hex.size(); i += 2) out += (i ? ":" : "") + hex.substr(i, 2);
  return out;
}

// ED25519 keys: SHA-256 of the blob in base64, as ssh-keygen prints it. RSA keys that EC2 made: SHA-1 of the
// private key's DER; imported ones: MD5 of the public key's DER, for which the blob stands here.
std::string fingerprint_of(const std::string& type, const std::string& blob, EVP_PKEY* made) {
  if (type == "ed25519") return to_base64(digest(EVP_sha256(), blob));
  if (made == nullptr) return with_colons(to_hex(digest(EVP_md5(), blob)));
  unsigned char* der = nullptr;
  const int size = i2d_PrivateKey(made, &der);
  LF_INVARIANT(size > 0);
  const std::string bytes(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_clear_free(der, static_cast<size_t>(size));
  return with_colons(to_hex(digest(EVP_sha1(), bytes)));
}

void check_new_name(const Call& call, const std::string& name) {
  if (name.empty() || name.size() > 255) throw_invalid("Invalid value for KeyName: 1 to 255 characters");
  if (rows(call, kKeyPairs).has(name))
    throw_error("InvalidKeyPair.Duplicate", fmt::format("The keypair '{}' already exists.", name));
}

KeyPairRecord keep(Call& call, KeyPairRecord record) {
  record.key_pair_id = new_id(call, kKeyPairs.prefix);
  record.created_at = call.now;
  rows(call, kKeyPairs).put(record.name, record);
  return record;
}

}  // namespace

CreatedKey create_key(Call& call, const std::string& name, const std::string& type) {
  check_new_name(call, name);
  if (type != "rsa" && type != "ed25519") throw_invalid(fmt::format("Invalid value '{}' for KeyType.", type));
  const Key key(type == "rsa" ? EVP_RSA_gen(2048) : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  LF_INVARIANT(key != nullptr, "OpenSSL could not make a key");
  const std::string blob = ssh_blob(key.get(), type);
  KeyPairRecord record{
      .key_pair_id = {}, .name = name, .type = type, .fingerprint = fingerprint_of(type, blob, key.get())};
  record.public_key = "ssh-" + type + " " + to_base64(blob) + " " + name;
  return {keep(call, std::move(record)), Secret(private_pem(key.get()))};
}

KeyPairRecord import_key(Call& call, const std::string& name, const std::string& material) {
  check_new_name(call, name);
  const auto malformed = [] {
    throw_error("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
  };
  const size_t space = material.find(' ');
  if (space == std::string::npos) malformed();
  const std::string algorithm = material.substr(0, space);
  if (algorithm != "ssh-rsa" && algorithm != "ssh-ed25519") malformed();
  const size_t end = material.find_first_of(" \r\n", space + 1);
  const auto blob = from_base64(material.substr(space + 1, end == std::string::npos ? end : end - space - 1));
  // The blob repeats the algorithm: RFC 4253 section 6.6.
  if (!blob || !blob->starts_with(ssh_string(algorithm))) malformed();
  const std::string type = algorithm == "ssh-rsa" ? "rsa" : "ed25519";
  KeyPairRecord record{
      .key_pair_id = {}, .name = name, .type = type, .fingerprint = fingerprint_of(type, *blob, nullptr)};
  record.public_key = algorithm + " " + to_base64(*blob) + " " + name;
  return keep(call, std::move(record));
}

std::shared_ptr<const KeyPairRecord> require_key_by_id(const Call& call, const std::string& id) {
  for (const auto& [name, key] : rows(call, kKeyPairs).all())
    if (key->key_pair_id == id) return key;
  throw_error("InvalidKeyPair.NotFound", fmt::format("The key pair ID '{}' does not exist", id));
}

}  // namespace landfall::ec2
