// WEIR0205 ports-without-effect: a port of a rule that the other ports of the same rule match already. Tested by
// tests/unit/compiler/verify/idle_ports_test.cpp.
#include <algorithm>

#include "compiler/verify/checks.h"
#include "compiler/verify/cover.h"
#include "ir/base/code.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

using ir::PortMatch;
using ir::RuleId;
using Ports = std::vector<PortMatch>;

ir::PortSet set_of(const Ports& ports) { return ir::ports_of(ports); }

struct Idle {
  Ports ports;  // those that change nothing
  Ports kept;
};

/// Narrow ones first, so that a range stays and what lies in it goes.
Idle idle_of(Ports ports) {
  std::stable_sort(ports.begin(), ports.end(), [](const PortMatch& a, const PortMatch& b) {
    return a.ports.last - a.ports.first < b.ports.last - b.ports.first;
  });
  Idle idle;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    Ports others = idle.kept;
    others.insert(others.end(), ports.begin() + static_cast<std::ptrdiff_t>(i) + 1, ports.end());
    const bool covered = !others.empty() && set_of({ports[i]}).inside(set_of(others));
    (covered ? idle.ports : idle.kept).push_back(ports[i]);
  }
  return idle;
}

std::string list_of(const Ports& ports) {
  std::string text;
  for (const PortMatch& port : ports) text += (text.empty() ? "`" : ", `") + to_text(port) + "`";
  return text;
}

/// Equal but for their ports: what one list of ports became.
bool of_one_list(ir::Rule a, const ir::Rule& b) {
  a.ports = b.ports;
  return a == b;
}

class IdlePorts {
 public:
  explicit IdlePorts(const CheckContext& context) : context_(context), rules_(context.rules) {}

  void look_at(const std::vector<RuleId>& element) {
    std::vector<RuleId> left = element;
    while (!left.empty()) {
      const RuleId first = left.front();
      std::vector<RuleId> list, rest;
      for (const RuleId id : left) (id == first || of_one_list(rule(id), rule(first)) ? list : rest).push_back(id);
      look_at_list(list);
      left = std::move(rest);
    }
  }

 private:
  [[nodiscard]] const ir::Rule& rule(RuleId id) const { return context_.policies().rule(id); }

  void look_at_list(const std::vector<RuleId>& list) {
    Ports ports;
    for (const RuleId id : list) {
      if (!rule(id).ports) return;
      ports.insert(ports.end(), rule(id).ports->begin(), rule(id).ports->end());
    }
    if (ports.size() < 2 || rules_.region(list.front()).empty()) return;
    const Idle idle = idle_of(std::move(ports));
    if (!idle.ports.empty()) report(list, idle);
  }

  void report(const std::vector<RuleId>& list, const Idle& idle) {
    const RuleId id = list.front();
    ConnectionBox box = rules_.boxes(id).front();
    box.ports = set_of({idle.ports.front()});
    const auto example = witness(rules_.space(), box);
    const auto verdict = example ? confirm(list, idle, *example) : std::nullopt;
    if (!verdict) return give_up(context_, ir::Code::PortsWithoutEffect, id, "the evaluator does not confirm it");
    ir::Diagnostic found;
    found.kind = ir::Code::PortsWithoutEffect;
    found.primary = rule(id).origin;
    found.detail = list_of(idle.ports) + " of the " + std::string(to_text(rule(id).action)) + " `" + rule_name(context_.policies(), id) +
                   "` changes nothing: " + list_of(idle.kept) + " matches the same ports";
    found.notes = witness_notes(*example, to_text(*verdict));
    found.fix = "delete " + list_of(idle.ports);
    found.witness = witness_json(*example, to_text(*verdict), rule(id).direction);
    tell(context_, std::move(found), World::AnyPod);
  }

  /// The verdict of the connection, when it is the same without the idle ports.
  [[nodiscard]] std::optional<ir::Verdict> confirm(const std::vector<RuleId>& list, const Idle& idle, const ConnectionWitness& example) const {
    const RuleId id = list.front();
    ir::PolicySet with, without;
    for (const RuleId other : rules_.selecting(*rules_.region(id).subject, rule(id).direction)) {
      with.rules.push_back(rule(other));
      if (other != id && std::find(list.begin(), list.end(), other) != list.end()) continue;
      without.rules.push_back(rule(other));
      if (other == id) without.rules.back().ports = idle.kept;
    }
    const auto verdict = [&](const ir::PolicySet& set) {
      return decide_side(set, context_.cluster(), example.flow, rule(id).direction).verdict;
    };
    if (!rule_matches(rules_, id, example.flow, Reading::May) && list.size() == 1) return std::nullopt;
    if (verdict(with) != verdict(without)) return std::nullopt;
    return verdict(with);
  }

  const CheckContext& context_;
  const RuleSpace& rules_;
};

}  // namespace

void check_idle_ports(const CheckContext& context) {
  IdlePorts check(context);
  for (const std::vector<RuleId>& element : elements_of(context.policies())) check.look_at(element);
}

}  // namespace weir::compiler
