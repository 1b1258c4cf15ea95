#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/lower/lower.h"
#include "ir/cluster/cluster.h"
#include "ir/flow/flow.h"
#include "ir/policy/policy_set.h"

namespace weir::tests {

/// The seed and the number of cases: WEIR_SEED and WEIR_CASES, else these.
[[nodiscard]] std::uint64_t seed();
[[nodiscard]] std::uint64_t cases(std::uint64_t otherwise);

/// One policy set in all engines. The rule index and the tables live as long as this does.
class Engines {
 public:
  Engines(const ir::PolicySet&, const ir::Cluster&, const ir::Files&);
  Engines(const Engines&) = delete;

  /// What is wrong before any packet: tables that cannot be built twice alike, fail check() or prove().
  [[nodiscard]] const std::vector<std::string>& broken() const { return broken_; }
  /// Empty, or how the engines differ from the evaluator on this connection.
  [[nodiscard]] std::string compare(const ir::Flow&);
  [[nodiscard]] const std::map<std::string, ir::TableSet>& tables() const { return tables_; }

 private:
  void build(const std::string& node, const ir::Files&);
  [[nodiscard]] std::string compare_side(const ir::TableSet&, const ir::Flow&, ir::Direction) const;

  const ir::PolicySet& policies_;
  const ir::Cluster& cluster_;
  ir::RuleIndex index_;
  compiler::Classifier classifier_;
  std::map<std::string, ir::TableSet> tables_;  // by node; "" holds every pod
  std::vector<std::string> broken_;
};

/// The verdict of one side as a cell: what every engine that works on tables must answer.
[[nodiscard]] ir::Cell cell_of(const ir::SideDecision&);
[[nodiscard]] std::string cell_text(const ir::Cell&);
[[nodiscard]] std::string decision_text(const ir::Decision&);

/// Settings and rules, for the report of a difference.
[[nodiscard]] std::string describe(const ir::PolicySet&, const ir::Cluster&);

}  // namespace weir::tests
