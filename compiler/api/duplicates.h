#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <string>

#include "compiler/source/load.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

/// Finds objects that stand in the input twice. Keeps a digest of each, not its tree.
class Duplicates {
 public:
  Duplicates();
  ~Duplicates();
  Duplicates(const Duplicates&) = delete;
  Duplicates& operator=(const Duplicates&) = delete;

  enum class Found : std::uint8_t { New, Same, Different };

  /// Same: an equal object was there before, which harms nothing. Different: WEIR0107 was reported. Two Namespaces are the
  /// same when only their annotations differ: manifests often bring the Namespace they live in.
  [[nodiscard]] Found add(const Document&, std::string_view kind, ir::Diagnostics&);

 private:
  using Digest = std::array<std::uint8_t, 32>;
  struct First {
    Digest digest;
    ir::Span name;
  };

  struct Hash;

  [[nodiscard]] Digest digest(const Node&, std::string_view but);

  std::unique_ptr<Hash> hash_;
  std::string key_, bytes_;                       // kept for their memory
  std::unordered_map<std::string, First> seen_;   // by cluster, kind, namespace, name
};

}  // namespace weir::compiler
