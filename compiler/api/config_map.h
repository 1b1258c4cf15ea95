#pragma once

#include <string>

#include "compiler/source/load.h"
#include "ir/base/diagnostic.h"
#include "ir/base/result.h"
#include "ir/cluster/settings_merge.h"

namespace weir::compiler {

/// ConfigMap kube-system/cilium-config, the only one that is read.
[[nodiscard]] bool is_cilium_config(const Document&);

/// What the agent's configuration says about policy, as keys of `--set`. Values that the agent would refuse are reported
/// and left out; keys that no verdict depends on are passed over.
[[nodiscard]] ir::SettingPairs read_cilium_config(const Document&, ir::Diagnostics&);

/// The settings of a run: what `stronger` says (cli.md "Inputs": file, environment, flags, weakest first) over what the
/// cilium-config of the local cluster says. In dialect k8s, which is not Cilium, only its cluster-name counts.
[[nodiscard]] ir::Result<ir::Settings> settings_of(const Sources&, const ir::SettingPairs& stronger);

/// Whether the local cluster's cilium-config is among the documents.
[[nodiscard]] bool has_cilium_config(const Sources&);

/// NAME=PATH of the local cluster's own name is as good as PATH.
[[nodiscard]] Sources with_local_cluster(Sources, const std::string& cluster_name);

}  // namespace weir::compiler
