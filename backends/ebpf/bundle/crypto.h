#pragma once

#include <string>
#include <string_view>

#include "ir/base/result.h"

namespace weir::backends {

/// Lower-case hexadecimal SHA-256.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// An Ed25519 signature (64 bytes) by the private key in `private_pem` (PKCS 8).
[[nodiscard]] ir::Result<std::string> sign(std::string_view bytes, std::string_view private_pem);
/// Whether `signature` is that of `bytes` under the public key in `public_pem`.
[[nodiscard]] ir::Result<bool> verify(std::string_view bytes, std::string_view signature, std::string_view public_pem);

struct KeyPair {
  std::string private_pem, public_pem;
};
[[nodiscard]] ir::Result<KeyPair> make_keys();

}  // namespace weir::backends
