#include "compiler/resolve/lint_parts.h"

namespace weir::compiler {
namespace {

constexpr std::string_view kEnforcement = "weir.dev/enforcement";

void lint_stage(const Lint& lint, const ObjectMeta& meta) {
  const auto found = meta.labels.find(std::string(kEnforcement));
  if (found == meta.labels.end() || found->second == "enforce") return;
  const std::string label = "label " + show(std::string(kEnforcement) + ": " + found->second);
  if (found->second != "audit") {
    lint.report(ir::Code::InvalidValue, meta.origin, label + " says neither `audit` nor `enforce`",
                "write `audit` or `enforce`; until then it is as if the label were not there");
    return;
  }
  const bool space = meta.kind == "Namespace";
  lint.report(ir::Code::AuditStage, meta.origin,
              space ? "policies for pods of namespace " + show(meta.name) + " are evaluated and reported, and not enforced"
                    : meta.kind + " " + show(meta.name) + " is evaluated and reported, and not enforced",
              "change the label to `" + std::string(kEnforcement) + ": enforce` when nothing is reported any more");
}

}  // namespace

void lint_stages(const Lint& lint) {
  for (const NamespaceObject& object : lint.objects.inventory.namespaces) lint_stage(lint, object.meta);
  for (const NetworkPolicy& policy : lint.objects.policies.network_policies) lint_stage(lint, policy.meta);
  for (const CiliumNetworkPolicy& policy : lint.objects.policies.cilium_network_policies) lint_stage(lint, policy.meta);
  for (const AdminPolicy& policy : lint.objects.policies.admin_policies) lint_stage(lint, policy.meta);
}

}  // namespace weir::compiler
