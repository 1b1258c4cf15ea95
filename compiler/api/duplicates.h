#pragma once

#include <map>
#include <string>
#include <tuple>

#include "compiler/source/load.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

/// Finds objects that stand in the input twice.
class Duplicates {
 public:
  enum class Found : std::uint8_t { New, Same, Different };

  /// Same: an equal object was there before, which harms nothing. Different: WEIR0107 was reported. Two Namespaces are the
  /// same when only their annotations differ: manifests often bring the Namespace they live in.
  [[nodiscard]] Found add(const Document&, std::string_view kind, ir::Diagnostics&);

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::string>;  // cluster, kind, namespace, name
  std::map<Key, const Document*> seen_;
};

}  // namespace weir::compiler
