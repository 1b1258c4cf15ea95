#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/rule_space.h"
#include "compiler/verify/space.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

enum class SolverStatus : std::uint8_t { None, Found, Unknown };

/// None: no such connection exists. Found: `model` is one, not yet confirmed by the evaluator. Unknown: `why`.
struct SolverAnswer {
  SolverStatus status = SolverStatus::Unknown;
  std::optional<ConnectionWitness> model;
  std::string why;
};

/// The connections a question is about: any source, any destination, these ports.
struct Question {
  std::vector<EndBox> sources, destinations;
  ir::PortSet ports = ir::every_port();
};

/// Z3 over the whole space of connections: labels as finite domains, addresses and ports as bit vectors, the walk of
/// policy.md 4.2 as one formula. Every question has its own timeout. One question at a time: what the policies say is told to
/// Z3 once, and each further question costs only its own part. The order of the questions changes no status, only which model
/// is found.
class Solver {
 public:
  Solver(const Space&, const ir::PolicySet&, std::uint32_t timeout_millis);
  ~Solver();
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  /// A connection that `rule` may match and none of `others` matches for sure.
  [[nodiscard]] SolverAnswer left_out(ir::RuleId rule, const std::vector<ir::RuleId>& others);
  /// A connection of the question that passes (or does not pass) as a whole.
  [[nodiscard]] SolverAnswer passing(const Question&, bool passes);
  /// The same on one side only.
  [[nodiscard]] SolverAnswer passing(const Question&, ir::Direction, bool passes);
  /// A connection of the question that passes here and not with `other`, or the other way round. `other` must outlive this.
  [[nodiscard]] SolverAnswer differing(const ir::PolicySet& other, const Question&);
  /// One that passes with both.
  [[nodiscard]] SolverAnswer passing_both(const ir::PolicySet& other, const Question&);
  /// `passing` as SMT-LIB 2 text instead of an answer.
  [[nodiscard]] std::string smt2(const Question&, bool passes);

 private:
  class Session;
  template <class Ask>
  [[nodiscard]] SolverAnswer guarded(Ask) const;
  template <class Ask>
  [[nodiscard]] SolverAnswer in_session(std::unique_ptr<Session>&, const std::vector<EndBox>& parties, const ir::PolicySet* beside, Ask);
  template <class Claim>
  [[nodiscard]] SolverAnswer together(const ir::PolicySet& other, const Question&, Claim);

  const Space& space_;
  const ir::PolicySet& policies_;
  std::uint32_t timeout_millis_;
  std::unique_ptr<Session> verdicts_, matches_, beside_;  // about verdicts, single rules, two sets; made when first asked
};

}  // namespace weir::compiler
