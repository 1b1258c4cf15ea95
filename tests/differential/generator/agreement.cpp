#include "tests/differential/generator/agreement.h"

#include <cstdlib>

#include "ir/eval/eval.h"

namespace weir::tests {
namespace {

std::uint64_t number(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

const ir::TableEndpoint* find_endpoint(const ir::TableSet& tables, const ir::Endpoint& end) {
  for (const ir::TableEndpoint& endpoint : tables.endpoints)
    if (endpoint.namespace_name + "/" + endpoint.pod == end.name) return &endpoint;
  return nullptr;
}

std::string side_text(const ir::SideDecision& side) {
  std::string text = cell_text(cell_of(side)) + " " + std::string(to_text(side.default_rule)) + (side.enforced ? " enforced [" : " [");
  for (const ir::RuleId id : side.decided_by) text += " " + std::to_string(id.index);
  return text + " ]";
}

}  // namespace

std::uint64_t seed() { return number("WEIR_SEED", 20261122); }
std::uint64_t cases(std::uint64_t otherwise) { return number("WEIR_CASES", otherwise); }

ir::Cell cell_of(const ir::SideDecision& side) {
  ir::Cell cell{side.verdict, side.reason, side.match, side.audit, ir::kNoRule, side.redirect, side.authenticate};
  if (!side.decided_by.empty()) cell.rule = side.decided_by.front().index;
  return cell;
}

std::string cell_text(const ir::Cell& cell) {
  const std::string rule = cell.rule == ir::kNoRule ? "no rule" : "rule " + std::to_string(cell.rule);
  return std::string(to_text(cell.verdict)) + " " + std::string(to_text(cell.reason)) + " " + std::string(to_text(cell.match)) + " by " + rule +
         (cell.audit ? " audited" : "") + (cell.redirect ? " redirected" : "") + (cell.authenticate ? " authenticated" : "");
}

std::string decision_text(const ir::Decision& decision) {
  return std::string(to_text(decision.verdict)) + ": egress " + side_text(decision.egress) + ", ingress " + side_text(decision.ingress);
}

std::string describe(const ir::PolicySet& policies, const ir::Cluster& cluster) {
  std::string text;
  for (const auto& [key, value] : to_pairs(cluster.settings)) text += key + "=" + value + " ";
  for (std::size_t i = 0; i < policies.rules.size(); ++i)
    text += "\n" + std::to_string(i) + ": " + to_text(policies.rules[i], policies);
  return text;
}

Engines::Engines(const ir::PolicySet& policies, const ir::Cluster& cluster, const ir::Files& files)
    : policies_(policies), cluster_(cluster), index_(compiler::index_rules(policies, cluster)), classifier_(index_) {
  build("", files);
  for (const ir::Node& node : cluster.nodes) build(node.name, files);
}

void Engines::build(const std::string& node, const ir::Files& files) {
  const auto tables = compiler::lower(policies_, cluster_, files, node);
  if (!tables) {
    // Tables hold no unknown; the evaluator and the index are still compared.
    if (tables.error().exit_code == 3 && tables.error().message.ends_with("tables hold no unknown")) return;
    broken_.push_back("lower: " + tables.error().message);
    return;
  }
  if (*tables != *compiler::lower(policies_, cluster_, files, node)) broken_.push_back("lowered twice, the tables differ");
  for (const std::string& difference : compiler::prove(*tables, policies_, cluster_)) broken_.push_back("prove: " + difference);
  tables_.emplace(node, *tables);
}

std::string Engines::compare(const ir::Flow& flow) {
  const ir::Decision wanted = ir::decide(policies_, cluster_, flow);
  const ir::Decision indexed = compiler::decide(policies_, index_, classifier_, flow);
  if (indexed != wanted) return "rule index: " + decision_text(indexed) + "\nevaluator:  " + decision_text(wanted);
  for (const auto& [node, tables] : tables_)
    for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress})
      if (std::string wrong = compare_side(tables, flow, direction); !wrong.empty())
        return "tables of node `" + node + "`: " + wrong;
  return "";
}

std::string Engines::compare_side(const ir::TableSet& tables, const ir::Flow& flow, ir::Direction direction) const {
  const ir::Endpoint& subject = direction == ir::Direction::Egress ? flow.source : flow.destination;
  const ir::Endpoint& peer = direction == ir::Direction::Egress ? flow.destination : flow.source;
  if (subject.kind != ir::EndpointKind::Pod) return "";
  const ir::TableEndpoint* endpoint = find_endpoint(tables, subject);
  const bool here = tables.node.empty() || tables.node == subject.node;
  if (endpoint == nullptr) return here ? "endpoint " + subject.name + " is not there" : "";
  const ir::Cell wanted = cell_of(ir::decide_side(policies_, cluster_, flow, direction));
  const ir::Cell got = ir::lookup(tables, endpoint->subject_class, direction, ir::find_identity(tables, *peer.address),
                                  ir::port_slot(flow.protocol), ir::port_key(flow.protocol, flow.port, flow.icmp_code));
  if (got == wanted) return "";
  return std::string(to_text(direction)) + " " + cell_text(got) + "\nevaluator: " + cell_text(wanted);
}

}  // namespace weir::tests
