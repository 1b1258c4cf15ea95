#include "compiler/lower/lower.h"

#include <algorithm>

#include "compiler/lower/owners.h"
#include "compiler/lower/peer_classes.h"
#include "compiler/lower/port_classes.h"
#include "compiler/lower/rows.h"
#include "compiler/lower/subject_classes.h"

namespace weir::compiler {
namespace {

std::vector<ir::PortMatch> port_matches(const ir::RuleIndex& index) {
  std::vector<ir::PortMatch> all;
  for (const ir::SubjectRule& rule : index.rules)
    all.insert(all.end(), rule.indexed.ports.begin(), rule.indexed.ports.end());
  return all;
}

void add_endpoints(const ir::Cluster& cluster, const Subjects& subjects, const PeerClasses& peers, ir::TableSet& tables) {
  for (std::size_t i = 0; i < subjects.pods.size(); ++i) {
    const ir::Pod& pod = *subjects.pods[i];
    ir::TableEndpoint endpoint;
    endpoint.namespace_name = pod.namespace_name;
    endpoint.pod = pod.name;
    endpoint.workload = pod.workload.kind + "/" + pod.workload.name;
    endpoint.addresses = pod.addresses;
    endpoint.identity = peers.identity_of_pod[static_cast<std::size_t>(&pod - cluster.pods.data())];
    endpoint.subject_class = subjects.class_of_pod[i];
    // cli.md "Bandwidth": bytes per second, rounded down.
    endpoint.egress_bandwidth = pod.egress_bandwidth.value_or(0) / 8;
    endpoint.ingress_bandwidth = pod.ingress_bandwidth.value_or(0) / 8;
    tables.endpoints.push_back(std::move(endpoint));
  }
}

/// Rules by name and by provider need somebody who watches DNS or asks the provider; an agent with tables alone does not.
/// Rules in conflict have no answer at all (policy.md 3.13).
ir::Result<void> check_names(const Subjects& subjects) {
  for (std::size_t i = 0; i < subjects.classes.size(); ++i)
    for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress}) {
      if (!may_be_unknown(subjects.index, subjects.classes[i].lists, direction)) continue;
      const auto at = std::find(subjects.class_of_pod.begin(), subjects.class_of_pod.end(), i);
      const ir::Pod& pod = *subjects.pods[static_cast<std::size_t>(at - subjects.class_of_pod.begin())];
      return ir::failure("the " + std::string(to_text(direction)) + " rules of pod `" + pod.namespace_name + "/" + pod.name +
                         "` name DNS names or a provider's groups, or are in conflict; tables hold no unknown", 3);
    }
  return {};
}

}  // namespace

ir::Result<ir::TableSet> lower(const ir::PolicySet& policies, const ir::Cluster& cluster, const ir::Files& files,
                               std::string_view node) {
  ir::Result<Subjects> subjects = subjects_of_node(policies, cluster, node);
  if (!subjects) return tl::unexpected(subjects.error());
  if (const ir::Result<void> ready = check_names(*subjects); !ready) return tl::unexpected(ready.error());
  const ir::Result<PortClasses> ports = port_classes(port_matches(subjects->index));
  if (!ports) return tl::unexpected(ports.error());
  const Owners owners(cluster);
  PeerClassifier classifier(subjects->index);
  const ir::Result<PeerClasses> peers = peer_classes(cluster, owners, subjects->nodes, classifier);
  if (!peers) return tl::unexpected(peers.error());

  ir::TableSet tables;
  tables.node = std::string(node);
  tables.dual_stack = cluster.settings.dual_stack;
  tables.identities = peers->identities;
  tables.prefixes = peers->prefixes;
  tables.page = ports->page;
  tables.pages = ports->pages;
  tables.subject_classes = static_cast<std::uint32_t>(subjects->classes.size());
  tables.peer_classes = static_cast<std::uint32_t>(peers->classes.size());
  tables.port_classes = static_cast<std::uint32_t>(ports->classes.size());
  for (std::uint32_t i = 0; i < policies.rules.size(); ++i) tables.rules.push_back(rule_ref(policies, files, ir::RuleId{i}));
  if (const ir::Result<void> filled = fill_rows(*subjects, *peers, *ports, tables); !filled)
    return tl::unexpected(filled.error());
  add_endpoints(cluster, *subjects, *peers, tables);
  return tables;
}

}  // namespace weir::compiler
