#pragma once

#include <memory>
#include <optional>
#include <string>

#include "compiler/verify/approximate.h"
#include "compiler/verify/finding.h"

namespace weir::compiler {

/// What came out of one question.
struct Answer {
  ProofStatus status = ProofStatus::Unknown;
  std::string why, method;
  std::optional<ConnectionWitness> example;
};

/// The rules with what is in doubt read one way, and who answers about them.
struct Engine {
  ir::PolicySet policies;
  RuleSpace rules;
  Solver solver;
  Engine(const CheckContext&, Bias);
};

/// The two ways; made once they are needed.
class Engines {
 public:
  explicit Engines(const CheckContext& context) : context_(context) {}
  [[nodiscard]] const CheckContext& context() const { return context_; }
  [[nodiscard]] Engine& get(Bias);

 private:
  const CheckContext& context_;
  std::unique_ptr<Engine> made_[2];
};

/// Looks for a connection of the question that breaks the claim: passes when it says deny, does not when it says allow. Set
/// algebra answers most; what it gives up on goes to Z3, and what that gives up on stays unknown. A counterexample has been
/// confirmed by the evaluator.
[[nodiscard]] Answer prove(Engines&, Question, Claim);

}  // namespace weir::compiler
