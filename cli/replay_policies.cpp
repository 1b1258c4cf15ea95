#include "cli/replay_policies.h"

#include <algorithm>

namespace weir::cli {
namespace {

ir::Result<simulator::WhatIf> what_if_of(const ReplayOptions& options) {
  simulator::WhatIf change{options.without, options.enforce, options.audit, {}};
  for (const auto& [pod, text] : options.label_pods) {
    auto label = simulator::parse_pod_label(pod, text);
    if (!label) return tl::unexpected(label.error());
    change.labels.push_back(std::move(*label));
  }
  return change;
}

/// First what goes, then what comes: `--without shop/a --with new-a.yaml` is a new `a`. What comes may be staged too.
ir::Result<compiler::Objects> changed(simulator::WhatIf change, const std::vector<std::string>& with, ReplayPolicies& policies) {
  simulator::WhatIf first;
  std::swap(first.without, change.without);
  auto objects = simulator::apply(first, policies.input.objects, policies.remarks);
  if (objects && !with.empty()) {
    const auto more = read_more_objects(with, policies.input);
    if (!more) return tl::unexpected(more.error());
    if (more->settings) return ir::failure("`--with` adds objects; a cilium-config is for PATH, or for `--set`", 2);
    objects = simulator::with_objects(std::move(*objects), more->objects);
  }
  return objects ? simulator::apply(change, std::move(*objects), policies.remarks) : objects;
}

}  // namespace

ir::Result<ReplayPolicies> read_policies(const Request& request) {
  const ReplayOptions& options = request.replay;
  const auto change = what_if_of(options);
  if (!change) return tl::unexpected(change.error());
  auto input = read_input(request.common.paths, request.common, compiler::Lints::No);
  if (!input) return tl::unexpected(input.error());
  ReplayPolicies policies{std::move(*input), std::nullopt, {}, change->labels};
  if (!options.base.empty()) {
    auto base = read_more(options.base, policies.input);
    if (!base) return tl::unexpected(base.error());
    policies.before = std::move(*base);
  }
  if (change->empty() && options.with.empty()) return policies;
  auto objects = changed(*change, options.with, policies);
  if (!objects) return tl::unexpected(objects.error());
  if (!policies.before) policies.before = std::move(policies.input.resolved);
  policies.input.objects = std::move(*objects);
  // What is wrong with the policies as given has been said; what the change makes wrong has not.
  ir::Diagnostics found;
  policies.input.resolved = compiler::resolve(policies.input.objects, policies.input.settings, policies.input.files, found, compiler::Lints::No);
  const std::vector<ir::Diagnostic> said = policies.input.diagnostics.list();
  for (const ir::Diagnostic& diagnostic : found.list())
    if (std::none_of(said.begin(), said.end(), [&](const ir::Diagnostic& old) { return old.kind == diagnostic.kind && old.primary == diagnostic.primary && old.detail == diagnostic.detail; }))
      policies.input.diagnostics.report(diagnostic);
  return policies;
}

std::vector<std::string> jobs_of(const compiler::Objects& objects) {
  std::vector<std::string> jobs;
  for (const compiler::WorkloadObject& workload : objects.inventory.workloads)
    if (workload.meta.cluster.empty() && (workload.meta.kind == "CronJob" || workload.meta.kind == "Job"))
      jobs.push_back(workload.meta.kind + " " + workload.meta.namespace_name + "/" + workload.meta.name);
  std::sort(jobs.begin(), jobs.end());
  return jobs;
}

}  // namespace weir::cli
