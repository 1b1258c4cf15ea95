#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "ir/base/span.h"

namespace weir::ir {

/// What is known of a TLS Secret or a CA ConfigMap; never a byte of a key (architecture.md rule 9).
struct Certificate {
  std::string problem;             // empty: usable; else why not: "it has no item `tls.crt`", "no PEM certificate", ...
  std::vector<std::string> names;  // DNS names of the SANs, lower case, sorted; the common name when there are none
  std::int64_t not_before = 0, not_after = 0;  // Unix seconds
  bool key_matches = true;         // of a Secret: the key belongs to the certificate
  std::string fingerprint;         // SHA-256 of the first certificate, lower case hex
  Span origin;
  friend auto operator<=>(const Certificate&, const Certificate&) = default;
};

}  // namespace weir::ir
