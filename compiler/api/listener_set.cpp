// ListenerSet, and XListenerSet, which it was (gateway.md 1.1, 1.2).
#include "compiler/api/gateway_listener.h"
#include "compiler/api/gateway_parents.h"
#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/readers.h"

namespace weir::compiler {
namespace {

constexpr FieldTable kListenerSet{"ListenerSet", kGatewayObjectFields};
constexpr Field kSpecFields[] = {{"listeners"}, {"parentRef"}};
constexpr FieldTable kSpec{"ListenerSetSpec", kSpecFields};

}  // namespace

void read_listener_set(const Document& document, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kListenerSet, diagnostics);
  ListenerSetObject out;
  out.meta = read_meta(top, document, Scope::Namespaced);
  if (!top.require("spec")) return;
  const FieldReader spec(*top.get("spec"), kSpec, diagnostics);
  if (spec.require("parentRef")) out.parent = read_parent_gateway(*spec.get("parentRef"), out.meta, diagnostics);
  out.listeners = read_listeners(spec, out.meta);
  objects.listener_sets.push_back(std::move(out));
}

std::vector<const FieldTable*> listener_set_tables() { return {&kListenerSet, &kSpec}; }

}  // namespace weir::compiler
