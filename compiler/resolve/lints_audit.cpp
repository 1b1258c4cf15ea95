#include "compiler/resolve/lint_parts.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr std::string_view kEnforcement = "weir.dev/enforcement";

void report(ir::Diagnostics& diagnostics, ir::Code code, ir::Span span, std::string detail, std::string fix) {
  diagnostics.report({.kind = code, .primary = span, .detail = std::move(detail), .labels = {}, .notes = {},
                      .fix = std::move(fix), .witness = {}});
}

void lint_stage(const ObjectMeta& meta, ir::Diagnostics& diagnostics) {
  const auto found = meta.labels.find(std::string(kEnforcement));
  if (found == meta.labels.end() || found->second == "enforce") return;
  const std::string label = "label " + show(std::string(kEnforcement) + ": " + found->second);
  if (found->second != "audit") {
    report(diagnostics, ir::Code::InvalidValue, meta.origin, label + " says neither `audit` nor `enforce`",
                "write `audit` or `enforce`; until then it is as if the label were not there");
    return;
  }
  const bool space = meta.kind == "Namespace";
  report(diagnostics, ir::Code::AuditStage, meta.origin,
              space ? "policies for pods of namespace " + show(meta.name) + " are evaluated and reported, and not enforced"
                    : meta.kind + " " + show(meta.name) + " is evaluated and reported, and not enforced",
              "change the label to `" + std::string(kEnforcement) + ": enforce` when nothing is reported any more");
}

}  // namespace

void lint_stages(const Objects& objects, ir::Diagnostics& diagnostics) {
  for (const NamespaceObject& object : objects.inventory.namespaces) lint_stage(object.meta, diagnostics);
  for (const NetworkPolicy& policy : objects.policies.network_policies) lint_stage(policy.meta, diagnostics);
  for (const CiliumNetworkPolicy& policy : objects.policies.cilium_network_policies) lint_stage(policy.meta, diagnostics);
  for (const AdminPolicy& policy : objects.policies.admin_policies) lint_stage(policy.meta, diagnostics);
}

}  // namespace weir::compiler
