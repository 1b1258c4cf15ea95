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
      z3::expr_vector found(context);
      for (const EndBox& box : boxes) found.push_back(encoding.in_box(box, end));
      return any_of(found);
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

z3::expr verdict(Encoding& encoding, bool passes) {
  const z3::expr both = encoding.side_allows(ir::Direction::Egress) && encoding.side_allows(ir::Direction::Ingress);
  return passes ? both : !both;
}

}  // namespace

/// What one policy set says, told to Z3 once under names; a question is a scope on top that uses the names.
class Solver::Session {
 public:
  /// `beside`: a second set that the same questions are about.
  Session(const Space& space, const ir::PolicySet& policies, std::vector<EndBox> parties, const ir::PolicySet* beside, std::uint32_t millis)
      : parties_(std::move(parties)), query_(space, policies, parties_, millis, beside), beside_(beside) {
    if (beside != nullptr) second_.emplace(query_.context, space, *beside, parties_, &policies);
  }

  [[nodiscard]] z3::context& context() { return query_.context; }
  [[nodiscard]] bool knows(const std::vector<EndBox>& parties, const ir::PolicySet* beside) const {
    return beside == beside_ && query_.encoding.knows(parties);
  }
  /// The parties whose labels have numbers.
  [[nodiscard]] const std::vector<EndBox>& parties() const { return parties_; }

  z3::expr passes(ir::Direction direction) {
    return named(direction == ir::Direction::Egress ? "egress" : "ingress", [&] { return query_.encoding.side_allows(direction); });
  }
  z3::expr passes() { return passes(ir::Direction::Egress) && passes(ir::Direction::Ingress); }
  z3::expr passes_beside() {
    return named("beside", [&] { return verdict(*second_, true); });
  }
  z3::expr matches(ir::RuleId rule, Reading reading) {
    return named((reading == Reading::May ? "may " : "sure ") + std::to_string(rule.index), [&] { return query_.encoding.rule_matches(rule, reading); });
  }

  SolverAnswer ask(const std::optional<Question>& question, const z3::expr& claim) {
    query_.solver.push();
    if (question) query_.ask(*question);
    query_.solver.add(claim);
    SolverAnswer answer = query_.answer();
    query_.solver.pop();
    return answer;
  }

 private:
  /// Outside of every scope, so that it is translated once.
  template <class Make>
  z3::expr named(const std::string& name, Make make) {
    const auto at = names_.find(name);
    if (at != names_.end()) return at->second;
    const z3::expr constant = query_.context.bool_const(name.c_str());
    query_.solver.add(constant == make());
    return names_.emplace(name, constant).first->second;
  }

  std::vector<EndBox> parties_;
  Query query_;
  const ir::PolicySet* beside_;
  std::optional<Encoding> second_;
  std::map<std::string, z3::expr> names_;
};

Solver::Solver(const Space& space, const ir::PolicySet& policies, std::uint32_t timeout_millis)
    : space_(space), policies_(policies), timeout_millis_(timeout_millis) {}

Solver::~Solver() = default;

/// Z3 reports its own failures by throwing and takes a timeout of 0 for none; to us both are an answer of unknown.
template <class Ask>
SolverAnswer Solver::guarded(Ask ask) const {
  if (timeout_millis_ == 0) return {SolverStatus::Unknown, std::nullopt, "the solver was given no time"};
  try {
    return ask();
  } catch (const z3::exception& error) {
    return {SolverStatus::Unknown, std::nullopt, std::string("the solver failed: ") + error.msg()};
  }
}

template <class Ask>
SolverAnswer Solver::in_session(std::unique_ptr<Session>& session, const std::vector<EndBox>& wanted, const ir::PolicySet* beside, Ask ask) {
  const SolverAnswer answer = guarded([&] {
    if (!session || !session->knows(wanted, beside)) {
      std::vector<EndBox> all = session ? session->parties() : std::vector<EndBox>{};
      all.insert(all.end(), wanted.begin(), wanted.end());
      session.reset();
      session = std::make_unique<Session>(space_, policies_, std::move(all), beside, timeout_millis_);
    }
    return ask(*session);
  });
  // What a question left behind that Z3 gave up on must not burden the next.
  if (answer.status == SolverStatus::Unknown) session.reset();
  return answer;
}

SolverAnswer Solver::left_out(ir::RuleId rule, const std::vector<ir::RuleId>& others) {
  return in_session(matches_, {}, nullptr, [&](Session& session) {
    z3::expr_vector matched(session.context());
    for (const ir::RuleId other : others) matched.push_back(session.matches(other, Reading::Sure));
    return session.ask(std::nullopt, session.matches(rule, Reading::May) && !any_of(matched));
  });
}

SolverAnswer Solver::passing(const Question& question, bool passes) {
  return in_session(verdicts_, parties(question), nullptr, [&](Session& session) {
    const z3::expr claim = session.passes();
    return session.ask(question, passes ? claim : !claim);
  });
}

SolverAnswer Solver::passing(const Question& question, ir::Direction direction, bool passes) {
  return in_session(verdicts_, parties(question), nullptr, [&](Session& session) {
    const z3::expr claim = session.passes(direction);
    return session.ask(question, passes ? claim : !claim);
  });
}

template <class Claim>
SolverAnswer Solver::together(const ir::PolicySet& other, const Question& question, Claim claim) {
  return in_session(beside_, parties(question), &other, [&](Session& session) {
    return session.ask(question, claim(session.passes(), session.passes_beside()));
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
