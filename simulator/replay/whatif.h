#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/api/object_set.h"
#include "ir/base/result.h"
#include "simulator/replay/pod_label.h"

namespace weir::simulator {

/// A change that nobody wrote into a file (cli.md "replay").
struct WhatIf {
  /// `--without`: NS/NAME, NAME or /NAME of a cluster-wide policy; KIND/NS/NAME or KIND/NAME where several kinds share a name.
  std::vector<std::string> without;
  std::vector<std::string> enforce, audit;  // namespaces, as if labelled weir.dev/enforcement
  std::vector<PodLabel> labels;  // not of the objects, but of what is asked about them: ReplayOptions::relabel
  [[nodiscard]] bool empty() const { return without.empty() && enforce.empty() && audit.empty() && labels.empty(); }
};

/// "NS/POD" and "k=v" or "k-". An Error has exit code 2.
[[nodiscard]] ir::Result<PodLabel> parse_pod_label(const std::string& pod, const std::string& label);

/// What came of a change, for people: "NetworkPolicy shop/db keeps its own label ...".
using Remarks = std::vector<std::string>;

/// Objects as they would be. Speaks about the local cluster. A policy, namespace or pod that is not there is an Error with exit
/// code 2 and the nearest name; in a namespace whose pods are all made from templates any pod may be.
[[nodiscard]] ir::Result<compiler::Objects> apply(const WhatIf&, compiler::Objects, Remarks&);

/// `--with FILE`: what `more` has, in place of what has the same kind, namespace and name.
[[nodiscard]] compiler::Objects with_objects(compiler::Objects, const compiler::Objects& more);

/// Sets weir.dev/enforcement on a namespace of the local cluster, which gets an object when it has none.
void set_stage(compiler::Objects&, const std::string& namespace_name, const std::string& stage);
/// Takes the label away from every policy of the local cluster, so that namespaces alone decide.
void clear_policy_stages(compiler::Objects&);

/// The namespaces of the local cluster that an object stands in or is; sorted.
[[nodiscard]] std::vector<std::string> local_namespaces(const compiler::Objects&);

}  // namespace weir::simulator
