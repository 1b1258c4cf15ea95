// ReferenceGrant (gateway.md 32). Tested by tests/unit/compiler/resolve/gateway_test.cpp.
#include "compiler/resolve/grants.h"

#include <algorithm>

#include "compiler/api/gateway_rules.h"

namespace weir::compiler {
namespace {

bool opens(const ReferenceGrantObject& grant, const Reference& reference) {
  if (grant.meta.namespace_name != reference.to_namespace) return false;
  const bool from = std::any_of(grant.from.begin(), grant.from.end(), [&](const GrantFrom& f) {
    return f.group == kGatewayGroup && f.kind == reference.from_kind && f.namespace_name == reference.from_namespace;
  });
  return from && std::any_of(grant.to.begin(), grant.to.end(), [&](const GrantTo& t) {
    return t.group == reference.to_group && t.kind == reference.to_kind && (!t.name || *t.name == reference.to_name);
  });
}

}  // namespace

bool permitted(const GatewayObjects& objects, const Reference& reference) {
  return reference.from_namespace == reference.to_namespace ||
         std::any_of(objects.grants.begin(), objects.grants.end(), [&](const auto& grant) { return opens(grant, reference); });
}

std::string grant_for(const Reference& reference) {
  return "add a ReferenceGrant to namespace `" + std::string(reference.to_namespace) + "`: from {group: " + std::string(kGatewayGroup) + ", kind: " +
         std::string(reference.from_kind) + ", namespace: " + std::string(reference.from_namespace) + "}, to {group: \"" +
         std::string(reference.to_group) + "\", kind: " + std::string(reference.to_kind) + ", name: " + std::string(reference.to_name) + "}";
}

}  // namespace weir::compiler
