#include "compiler/verify/solver.h"

#include "compiler/verify/encoding_internal.h"

namespace weir::compiler {
namespace {

std::vector<EndBox> parties(const Question& question) {
  std::vector<EndBox> all = question.sources;
  all.insert(all.end(), question.destinations.begin(), question.destinations.end());
  return all;
}

/// Everything of one query: nothing of Z3 outlives it.
struct Query {
  z3::context context;
  Encoding encoding;
  z3::solver solver;

  Query(const Space& space, const ir::PolicySet& policies, const std::vector<EndBox>& boxes, std::uint32_t millis,
        const ir::PolicySet* beside = nullptr)
      : encoding(context, space, policies, boxes, beside), solver(context, "QF_BV") {
    z3::params params(context);
    params.set("timeout", millis);
    solver.set(params);
    solver.add(encoding.connection_exists());
  }

  void ask(const Question& question) {
    const auto any = [&](const std::vector<EndBox>& boxes, const EndTerms& end) {
      z3::expr found = context.bool_val(false);
      for (const EndBox& box : boxes) found = found || encoding.in_box(box, end);
      return found;
    };
    solver.add(any(question.sources, encoding.source()));
    solver.add(any(question.destinations, encoding.destination()));
    solver.add(encoding.in_ports(question.ports));
  }

  SolverAnswer answer() {
    switch (solver.check()) {
      case z3::unsat: return {SolverStatus::None, std::nullopt, ""};
      case z3::unknown: return {SolverStatus::Unknown, std::nullopt, "the solver stopped: " + solver.reason_unknown()};
      case z3::sat: break;
    }
    auto model = encoding.decode(solver.get_model());
    if (!model) return {SolverStatus::Unknown, std::nullopt, "the solver's model could not be read"};
    return {SolverStatus::Found, std::move(model), ""};
  }
};

/// Z3 reports its own failures by throwing and takes a timeout of 0 for none; to us both are an answer of unknown.
template <class Ask>
SolverAnswer guarded(std::uint32_t millis, Ask ask) {
  if (millis == 0) return {SolverStatus::Unknown, std::nullopt, "the solver was given no time"};
  try {
    return ask();
  } catch (const z3::exception& error) {
    return {SolverStatus::Unknown, std::nullopt, std::string("the solver failed: ") + error.msg()};
  }
}

z3::expr verdict(Encoding& encoding, bool passes) {
  const z3::expr both = encoding.side_allows(ir::Direction::Egress) && encoding.side_allows(ir::Direction::Ingress);
  return passes ? both : !both;
}

}  // namespace

Solver::Solver(const Space& space, const ir::PolicySet& policies, std::uint32_t timeout_millis)
    : space_(space), policies_(policies), timeout_millis_(timeout_millis) {}

SolverAnswer Solver::left_out(ir::RuleId rule, const std::vector<ir::RuleId>& others) {
  return guarded(timeout_millis_, [&] {
    Query query(space_, policies_, {}, timeout_millis_);
    query.solver.add(query.encoding.rule_matches(rule, Reading::May));
    for (const ir::RuleId other : others) query.solver.add(!query.encoding.rule_matches(other, Reading::Sure));
    return query.answer();
  });
}

SolverAnswer Solver::passing(const Question& question, bool passes) {
  return guarded(timeout_millis_, [&] {
    Query query(space_, policies_, parties(question), timeout_millis_);
    query.ask(question);
    query.solver.add(verdict(query.encoding, passes));
    return query.answer();
  });
}

SolverAnswer Solver::passing(const Question& question, ir::Direction direction, bool passes) {
  return guarded(timeout_millis_, [&] {
    Query query(space_, policies_, parties(question), timeout_millis_);
    query.ask(question);
    const z3::expr side = query.encoding.side_allows(direction);
    query.solver.add(passes ? side : !side);
    return query.answer();
  });
}

template <class Claim>
SolverAnswer Solver::together(const ir::PolicySet& other, const Question& question, Claim claim) {
  return guarded(timeout_millis_, [&] {
    Query query(space_, policies_, parties(question), timeout_millis_, &other);
    Encoding second(query.context, space_, other, parties(question), &policies_);
    query.ask(question);
    query.solver.add(claim(verdict(query.encoding, true), verdict(second, true)));
    return query.answer();
  });
}

SolverAnswer Solver::differing(const ir::PolicySet& other, const Question& question) {
  return together(other, question, [](const z3::expr& a, const z3::expr& b) { return a != b; });
}

SolverAnswer Solver::passing_both(const ir::PolicySet& other, const Question& question) {
  return together(other, question, [](const z3::expr& a, const z3::expr& b) { return a && b; });
}

std::string Solver::smt2(const Question& question, bool passes) {
  Query query(space_, policies_, parties(question), timeout_millis_);
  query.ask(question);
  query.solver.add(verdict(query.encoding, passes));
  return query.encoding.legend() + query.solver.to_smt2() + "(reset)\n";
}

}  // namespace weir::compiler
