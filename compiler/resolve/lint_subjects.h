#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "compiler/resolve/lint_parts.h"

namespace weir::compiler {

/// The different subjects of the rules of the local cluster, and which takes all that another takes. Rules by subject, so
/// that two rules are only compared when they protect the same pods.
class LintSubjects {
 public:
  using Ids = std::vector<std::uint32_t>;

  explicit LintSubjects(const Lint&);
  /// The rules of a subject, by their place in PolicySet::rules.
  [[nodiscard]] const Ids& rules(std::uint32_t subject) const { return rules_[subject]; }
  [[nodiscard]] std::size_t size() const { return rules_.size(); }
  /// The subjects that take every pod of this one, itself among them: by their text, or because all pods of the input say
  /// so. Sorted.
  [[nodiscard]] const Ids& covering(std::uint32_t subject);

 private:
  using Key = std::pair<bool, ir::Selector>;  // subject_is_node, and the selector with `any:` as `k8s:`

  void add_pods();
  [[nodiscard]] Ids by_text(std::uint32_t subject) const;
  void add_by_pods(std::uint32_t subject, Ids& found) const;

  const Lint& lint_;
  struct KeyHash {
    std::size_t operator()(const Key&) const;
  };
  std::unordered_map<Key, std::uint32_t, KeyHash> ids_;
  std::vector<const Key*> keys_;
  std::vector<Ids> rules_;
  std::vector<PodIndex::Pods> pods_;  // by subject
  std::vector<Ids> of_pod_;           // subjects by pod; empty: too many to keep
  std::map<std::uint32_t, Ids> known_;
};

}  // namespace weir::compiler
