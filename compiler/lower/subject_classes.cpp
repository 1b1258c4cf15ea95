#include "compiler/lower/subject_classes.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/lower/index_some.h"
#include "compiler/lower/selector_index.h"

namespace weir::compiler {
namespace {

std::vector<const ir::Pod*> pods_on(const ir::Cluster& cluster, std::string_view node) {
  std::vector<const ir::Pod*> pods;
  for (const ir::Pod& pod : cluster.pods)
    // policy.md 1.4: a host-network pod is its node, on which weir does not enforce.
    if (!pod.host_network && (node.empty() || pod.node == node)) pods.push_back(&pod);
  return pods;
}

/// The rules that select one of the pods, ascending: the others do not matter to this node.
std::vector<ir::RuleId> rules_that_matter(const ir::PolicySet& policies, const std::vector<const ir::Pod*>& pods) {
  std::vector<const ir::Selector*> selectors;
  for (const ir::Rule& rule : policies.rules) selectors.push_back(&rule.subject);
  const SelectorIndex index(std::move(selectors));
  std::set<ir::LabelSet> seen;
  std::set<std::uint32_t> numbers;
  for (const ir::Pod* pod : pods) {
    if (!seen.insert(pod->labels).second) continue;
    const std::vector<std::uint32_t> found = index.matching(pod->labels);
    numbers.insert(found.begin(), found.end());
  }
  std::vector<ir::RuleId> ids;
  for (const std::uint32_t number : numbers) ids.push_back(ir::RuleId{number});
  return ids;
}

std::vector<std::string> nodes_of(const std::vector<const ir::Pod*>& pods) {
  std::set<std::string> nodes;
  for (const ir::Pod* pod : pods) nodes.insert(pod->node);
  return {nodes.begin(), nodes.end()};
}

}  // namespace

ir::Result<Subjects> subjects_of_node(const ir::PolicySet& policies, const ir::Cluster& cluster, std::string_view node) {
  Subjects result;
  result.pods = pods_on(cluster, node);
  if (!node.empty() && result.pods.empty() && cluster.find_node(node) == nullptr)
    return ir::failure("the inventory has no node `" + std::string(node) + "` and no pod on it", 2);
  result.nodes = node.empty() ? nodes_of(result.pods) : std::vector<std::string>{std::string(node)};
  result.index = index_some(policies, cluster.settings, rules_that_matter(policies, result.pods));
  Classifier classifier(result.index);
  std::map<TableSubject, std::size_t> numbers;
  for (const ir::Pod* pod : result.pods) {
    const TableSubject subject{classifier.subject(pod->labels), locality_of(result.nodes, pod->node)};
    const auto [at, added] = numbers.emplace(subject, result.classes.size());
    if (added) result.classes.push_back(subject);
    result.class_of_pod.push_back(static_cast<std::uint16_t>(at->second));
  }
  if (result.classes.size() > 65535)
    return ir::failure("the pods of these tables fall into more than 65535 classes; compile one node with `--node`", 3);
  return result;
}

}  // namespace weir::compiler
