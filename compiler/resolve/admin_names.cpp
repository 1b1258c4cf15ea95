#include "compiler/resolve/admin_names.h"

namespace weir::compiler {
namespace {

void add_rule(const AdminRule& rule, std::set<std::string>& out) {
  for (const PortSpec& port : rule.ports.value_or(std::vector<PortSpec>{}))
    if (!port.name.empty()) out.insert(port.name);
  for (const AdminPeer& peer : rule.peers)
    if (peer.names) out.insert({"dns", "dns-tcp"});
}

}  // namespace

void add_port_names(const std::vector<AdminPolicy>& policies, std::set<std::string>& out) {
  for (const AdminPolicy& policy : policies)
    for (const auto* rules : {&policy.ingress, &policy.egress})
      if (*rules)
        for (const AdminRule& rule : **rules) add_rule(rule, out);
}

}  // namespace weir::compiler
