#include "backends/ebpf/bundle/crypto.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "ir/base/check.h"

namespace weir::backends {
namespace {

struct Free {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
  void operator()(BIO* p) const { BIO_free(p); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;
using Memory = std::unique_ptr<BIO, Free>;

const unsigned char* data(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

Memory read_only(std::string_view pem) { return Memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

bool ed25519(const Key& key) { return key && EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_ED25519; }

template <class Write>
std::string pem_of(Write&& write) {
  const Memory out(BIO_new(BIO_s_mem()));
  if (!out || write(out.get()) != 1) return {};
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  WEIR_CHECK(EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) == 1);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < size; ++i) (out += kHex[digest[i] >> 4]) += kHex[digest[i] & 15];
  return out;
}

ir::Result<std::string> sign(std::string_view bytes, std::string_view private_pem) {
  const Memory in = read_only(private_pem);
  const Key key(in ? PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!ed25519(key)) return ir::failure("the private key is not an Ed25519 key in PEM form", 2);
  const Context context(EVP_MD_CTX_new());
  std::string signature(64, '\0');
  std::size_t size = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data(bytes),
                     bytes.size()) != 1 ||
      size != 64)
    return ir::failure("signing failed in libcrypto");
  return signature;
}

ir::Result<bool> verify(std::string_view bytes, std::string_view signature, std::string_view public_pem) {
  const Memory in = read_only(public_pem);
  const Key key(in ? PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!ed25519(key)) return ir::failure("the public key is not an Ed25519 key in PEM form", 2);
  const Context context(EVP_MD_CTX_new());
  if (!context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1)
    return ir::failure("checking a signature failed in libcrypto");
  return signature.size() == 64 && EVP_DigestVerify(context.get(), data(signature), signature.size(), data(bytes),
                                                    bytes.size()) == 1;
}

ir::Result<KeyPair> make_keys() {
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (!key) return ir::failure("making a key failed in libcrypto");
  KeyPair pair;
  pair.private_pem = pem_of([&](BIO* b) {
    return PEM_write_bio_PKCS8PrivateKey(b, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  pair.public_pem = pem_of([&](BIO* b) { return PEM_write_bio_PUBKEY(b, key.get()); });
  if (pair.private_pem.empty() || pair.public_pem.empty()) return ir::failure("writing a key failed in libcrypto");
  return pair;
}

}  // namespace weir::backends
