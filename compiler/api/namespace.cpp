#include "compiler/api/meta.h"
#include "compiler/api/readers.h"
#include "compiler/api/tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kFields[] = {kApiVersionField, kKindField, kMetadataField,
                             {"spec", Support::Irrelevant, "finalizers only"}, kStatusField};

// policy.md 10.1
void lint_policy_mode(const NamespaceObject& object, const FieldReader& top) {
  const auto found = object.meta.annotations.find("policy-mode");
  if (found == object.meta.annotations.end()) return;
  const Node* annotations = top.get("metadata")->find("annotations");
  top.report(ir::Code::PolicyModeAnnotation, annotations->find("policy-mode")->span,
             "annotation `policy-mode` of namespace " + show(object.meta.name) + " changes no verdict",
             "use the label `weir.dev/enforcement: audit`, `enableDefaultDeny` with false values, or the audit or enforcement mode of the agent");
}

}  // namespace

const FieldTable kNamespaceTable{"Namespace", kFields};

void read_namespace(const Document& document, InventoryObjects& out, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kNamespaceTable, diagnostics);
  NamespaceObject object{read_meta(top, document, Scope::Cluster)};
  lint_policy_mode(object, top);
  out.namespaces.push_back(std::move(object));
}

}  // namespace weir::compiler
