#include "compiler/verify/finding.h"

#include <nlohmann/json.hpp>
#include <map>
#include <tuple>

#include "ir/cluster/cluster.h"

namespace weir::compiler {

void tell(const CheckContext& context, ir::Diagnostic found, World world) {
  constexpr const char* kNotes[] = {"this holds for any pod that may come", "this holds for today's pods", "this holds for any request that a client can send"};
  found.notes.push_back(kNotes[static_cast<std::size_t>(world)]);
  context.diagnostics.report(std::move(found));
}

std::string rule_name(const ir::PolicySet& policies, ir::RuleId id) {
  const ir::Rule& rule = policies.rule(id);
  const ir::PolicyObject& policy = policies.policy(id);
  std::string text = policy.kind + " ";
  if (!policy.namespace_name.empty()) text += policy.namespace_name + "/";
  // Cilium keeps denies in lists of their own (policy.md 3.2).
  const bool deny_list = rule.action == ir::Action::Deny && policy.kind.starts_with("Cilium");
  return text + policy.name + " " + std::string(to_text(rule.direction)) + (deny_list ? "Deny[" : "[") +
         std::to_string(rule.index) + "]";
}

void give_up(const CheckContext& context, ir::Code code, ir::RuleId id, const std::string& why) {
  context.report.undecided.push_back(std::string(info(code).slug) + ": `" + rule_name(context.policies(), id) + "` at " +
                                     to_text(context.files, context.policies().rule(id).origin) + ": " + why);
}

namespace {

using ElementKey = std::tuple<ir::PolicyId, ir::Direction, ir::Action, std::uint32_t, ir::Selector>;

/// Named ports and namespaces in audit cut the subject of an element into pieces; what is left tells `specs` apart.
ElementKey key_of(const ir::Rule& rule) {
  ir::Selector subject = rule.subject;
  std::erase_if(subject.requirements, [](const ir::Requirement& r) { return r.source == "gen" || r.key == ir::kNamespaceKey; });
  return {rule.policy, rule.direction, rule.action, rule.index, std::move(subject)};
}

}  // namespace

bool same_element(const ir::Rule& a, const ir::Rule& b) { return key_of(a) == key_of(b); }

std::vector<std::vector<ir::RuleId>> elements_of(const ir::PolicySet& policies) {
  std::map<ElementKey, std::size_t> places;
  std::vector<std::vector<ir::RuleId>> elements;
  for (std::uint32_t i = 0; i < policies.rules.size(); ++i) {
    const auto [at, fresh] = places.emplace(key_of(policies.rules[i]), elements.size());
    if (fresh) elements.emplace_back();
    elements[at->second].push_back(ir::RuleId{i});
  }
  return elements;
}

std::string rule_names(const ir::PolicySet& policies, const std::vector<ir::RuleId>& ids) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < ids.size() && i < kShown; ++i) {
    const bool last = i + 1 == ids.size();
    text += (i == 0 ? "" : last ? " and " : ", ") + ("`" + rule_name(policies, ids[i]) + "`");
  }
  if (ids.size() > kShown) text += " and " + std::to_string(ids.size() - kShown) + " more";
  return text;
}

std::string witness_json(const ConnectionWitness& witness, std::string_view verdict, std::optional<ir::Direction> side) {
  nlohmann::ordered_json json;
  json["src"] = witness.source.party;
  json["dst"] = witness.destination.party;
  json["protocol"] = to_text(witness.flow.protocol);
  json["port"] = witness.flow.port;
  if (side) json["direction"] = to_text(*side);
  json["verdict"] = verdict;
  for (const EndWitness* end : {&witness.source, &witness.destination})
    for (const std::string& note : end->notes) json["given"].push_back(note);
  return json.dump();
}

std::vector<std::string> witness_notes(const ConnectionWitness& witness, std::string_view verdict) {
  std::vector<std::string> notes = {"for example `" + to_text(witness.flow) + "` is " + std::string(verdict)};
  for (const EndWitness* end : {&witness.source, &witness.destination})
    for (const std::string& note : end->notes) notes.push_back("where " + note);
  return notes;
}

bool asked_before(const ir::Rule& a, const ir::Rule& b) {
  return std::tie(a.tier, a.priority) < std::tie(b.tier, b.priority);
}

}  // namespace weir::compiler
