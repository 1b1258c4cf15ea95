#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/api/object_set.h"
#include "compiler/resolve/pod_index.h"
#include "ir/base/diagnostic.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// A selector as written and as it is matched.
struct WrittenSelector {
  std::vector<std::pair<const LabelRequirement*, ir::Requirement>> requirements;  // as written, with the source and key meant
  ir::Selector resolved;
  ir::Span span;
};

/// One element of a rule list, whatever the kind of policy.
struct WrittenElement {
  ir::Direction direction = ir::Direction::Ingress;
  std::vector<WrittenSelector> peers;  // of pods
  std::vector<const CidrBlock*> blocks;
  std::vector<const PortSpec*> ports;
  std::vector<const CiliumService*> services;
};

/// One policy, or one rule of a CiliumNetworkPolicy.
struct WrittenPolicy {
  const ObjectMeta* meta = nullptr;
  bool on_nodes = false;
  WrittenSelector subject;
  std::vector<WrittenElement> elements;
};

/// What keeps the lints from walking all pods for each policy. Of the inventory alone.
struct LintIndexes {
  explicit LintIndexes(const Objects&, const ir::Cluster&);

  std::set<std::string> namespaces;  // that the inventory knows
  // The same places as Cluster::pods; a pod on the host network has no label in `pods`, and only such have in `on_host`.
  std::vector<ir::LabelSet> host_labels;
  PodIndex pods, on_host;
};

/// Everything the lints read.
struct Lint {
  Lint(const Objects&, const ir::Cluster&, const ir::PolicySet&, ir::Diagnostics&);
  /// The same inventory with other policies and another sink.
  Lint(const Lint&, const ir::PolicySet&, ir::Diagnostics&);
  Lint(const Lint&) = delete;
  Lint& operator=(const Lint&) = delete;

  void report(ir::Code, ir::Span, std::string detail, std::string fix, std::vector<ir::DiagnosticLabel> labels = {}) const;
  [[nodiscard]] std::string pod_name(std::uint32_t pod) const;  // "`shop/web-1`"

  const Objects& objects;
  const ir::Cluster& cluster;
  const ir::PolicySet& policies;
  ir::Diagnostics& diagnostics;
  std::shared_ptr<const LintIndexes> indexes;
  const std::set<std::string>& namespaces = indexes->namespaces;
  const PodIndex& pods = indexes->pods;
  const PodIndex& on_host = indexes->on_host;
};

/// Each of these policies that is of the local cluster, one after the other.
void visit_policies(const Lint&, const PolicyObjects&, const std::function<void(const WrittenPolicy&)>&);

/// The lints of whole rules, which one policy may change for another; each is reported at the origin of a rule.
void lint_rules(const Lint&);

// Those, in lints_*.cpp; those of what is written are classes of their own.
class LintSubjects;
void lint_denies(const Lint&, LintSubjects&);    // WEIR0306
void lint_requests(const Lint&, LintSubjects&);  // WEIR0312
void lint_names(const Lint&);                // WEIR0307
void lint_dns(const Lint&);                  // WEIR0309
void lint_stages(const Objects&, ir::Diagnostics&);  // WEIR0317

}  // namespace weir::compiler
