#pragma once

#include "compiler/api/reader.h"
#include "ir/cluster/selector.h"

namespace weir::compiler {

struct LabelRequirement {
  std::string key;  // as written, with its source prefix in a Cilium selector
  ir::Operator op = ir::Operator::In;
  std::vector<std::string> values;
  ir::Span span;
  friend auto operator<=>(const LabelRequirement&, const LabelRequirement&) = default;
};

/// metav1.LabelSelector. matchLabels come first, as In with one value.
struct LabelSelector {
  std::vector<LabelRequirement> requirements;
  ir::Span span;
  friend auto operator<=>(const LabelSelector&, const LabelSelector&) = default;
};

enum class SelectorSyntax : std::uint8_t {
  Kubernetes,  // keys are label keys
  Cilium,      // keys may carry a source prefix: `k8s:app`, `reserved:host` (policy.md 2.1)
};

[[nodiscard]] LabelSelector read_label_selector(const Node&, SelectorSyntax, ir::Diagnostics&);

}  // namespace weir::compiler
