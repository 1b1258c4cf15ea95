#pragma once

#include <string_view>

#include "compiler/api/selector.h"
#include "ir/cluster/selector.h"
#include "ir/cluster/settings.h"

namespace weir::compiler {

/// A key of a Cilium selector: "k8s:app" has source k8s, "app" has source any, "$host" is reserved:host (policy.md 2.1).
struct SourceKey {
  std::string source, key;
  friend auto operator<=>(const SourceKey&, const SourceKey&) = default;
};
[[nodiscard]] SourceKey parse_source_key(std::string_view);

/// The requirements as written: a Cilium selector with its sources, a Kubernetes selector with source k8s.
[[nodiscard]] ir::Selector to_selector(const LabelSelector&, SelectorSyntax);

/// policy.md 2.4 for a policy in `space` (empty: cluster-wide): adds the namespace and the local cluster where they are
/// implied. `subject_is_init`: the policy's own endpointSelector names reserved:init.
[[nodiscard]] ir::Selector cilium_peer(const LabelSelector&, std::string_view space, bool subject_is_init, const ir::Settings&);

/// policy.md 2.8: fromNodes, toNodes. Never the local node.
[[nodiscard]] ir::Selector cilium_node_peer(const LabelSelector&, const ir::Settings&);

/// policy.md 2.4c: adds the local cluster when no cluster is named.
void add_local_cluster(ir::Selector&, const ir::Settings&);

/// policy.md 7.2 and 7.5b: podSelector and namespaceSelector of one NetworkPolicy peer.
[[nodiscard]] ir::Selector kubernetes_peer(const std::optional<LabelSelector>& pods,
                                           const std::optional<LabelSelector>& namespaces, std::string_view space,
                                           const ir::Settings&);

/// policy.md 2.5 and 7.1: the selector with the policy's namespace ANDed; `space` empty: as written.
[[nodiscard]] ir::Selector subject_of(const LabelSelector&, SelectorSyntax, std::string_view space);

}  // namespace weir::compiler
