// Rules of the Admin and Baseline tiers (policy.md 8.3): actions, list sizes, and what excludes what.

#include <algorithm>

#include "compiler/api/admin_policy.h"
#include "compiler/api/reader.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr std::size_t kLongestName = 100;  // characters, not bytes

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string read_name(const FieldReader& rule) {
  const auto name = rule.string("name");
  if (!name) return {};
  if (const std::size_t length = characters(name->value); length > kLongestName)
    rule.report(ir::Code::InvalidValue, name->span,
                "`name` of a rule has at most 100 characters, not " + std::to_string(length));
  return name->value;
}

/// What the other kinds call the same action, or a word that is nearly right.
std::string meant(std::string_view written, const AdminApi& api, const std::vector<std::string_view>& allowed) {
  if (written == "Allow" || written == "Accept") return std::string(api.allow);
  return nearest(written, allowed);
}

std::optional<ir::Action> read_action(const FieldReader& rule, const AdminApi& api) {
  if (!rule.require("action")) return std::nullopt;
  const auto action = rule.string("action");
  if (!action) return std::nullopt;
  if (action->value == api.allow) return ir::Action::Allow;
  if (action->value == "Deny") return ir::Action::Deny;
  if (action->value == "Pass" && api.has_pass) return ir::Action::Pass;
  std::vector<std::string_view> allowed = {api.allow, "Deny"};
  if (api.has_pass) allowed.push_back("Pass");
  std::string list;
  for (const std::string_view value : allowed) list += (list.empty() ? "" : ", ") + quoted(value);
  const std::string near = meant(action->value, api, allowed);
  rule.report(ir::Code::InvalidValue, action->span,
              "`action` of " + std::string(api.kind) + " must be one of " + list + ", not " + show(action->value),
              near.empty() ? "" : "write " + quoted(near));
  return std::nullopt;
}

std::optional<std::vector<PortSpec>> read_ports(const FieldReader& rule, const AdminApi& api) {
  std::vector<PortSpec> more;
  auto ports = rule.list<PortSpec>(api.ports, [&](const Node& item) { return api.read_port(item, more, rule.diagnostics()); });
  if (!ports) return std::nullopt;
  check_size(rule, api.ports, api.most);
  ports->insert(ports->end(), more.begin(), more.end());
  return ports;
}

// policy.md 8.5: names can only be let in, for an address may have names that nobody asked for.
void check_names(const FieldReader& rule, const AdminRule& out, const AdminApi& api) {
  if (out.action == ir::Action::Allow) return;
  for (const AdminPeer& peer : out.peers)
    if (peer.names)
      rule.report(ir::Code::InvalidValue, peer.span, "`domainNames` needs `action: " + std::string(api.allow) + "`",
                  "deny the rest in a later rule");
}

// policy.md 8.6
void check_named_ports(const FieldReader& rule, const AdminRule& out) {
  if (!out.ports) return;
  const auto named = std::find_if(out.ports->begin(), out.ports->end(), [](const PortSpec& port) { return !port.name.empty(); });
  const auto outside = std::find_if(out.peers.begin(), out.peers.end(),
                                    [](const AdminPeer& peer) { return peer.nodes || peer.networks || peer.names; });
  if (named == out.ports->end() || outside == out.peers.end()) return;
  rule.report(ir::Code::ExclusiveFields, named->span,
              "a port by name, " + show(named->name) + ", excludes `nodes`, `networks` and `domainNames`, which have no named ports",
              "write the number, or give the other peers a rule of their own");
}

AdminRule read_rule(const Node& node, ir::Direction direction, const AdminApi& api, ir::Diagnostics& diagnostics) {
  const bool ingress = direction == ir::Direction::Ingress;
  const std::string_view peers = ingress ? "from" : "to";
  const FieldReader rule(node, ingress ? api.ingress : api.egress, diagnostics);
  AdminRule out;
  out.span = node.span;
  out.name = read_name(rule);
  const auto action = read_action(rule, api);
  out.action = action.value_or(ir::Action::Deny);
  if (rule.require(peers)) {
    const FieldTable& table = ingress ? api.ingress_peer : api.egress_peer;
    out.peers = rule.list<AdminPeer>(peers, [&](const Node& item) { return read_admin_peer(item, table, diagnostics); })
                    .value_or(std::vector<AdminPeer>{});
    check_size(rule, peers, api.most);
  }
  out.ports = read_ports(rule, api);
  if (action) check_names(rule, out, api);
  check_named_ports(rule, out);
  return out;
}

}  // namespace

bool check_size(const FieldReader& reader, std::string_view field, std::size_t most) {
  const Node* node = reader.get(field);
  if (node == nullptr || node->kind != NodeKind::Sequence) return false;
  if (node->items.empty())
    reader.report(ir::Code::MissingField, node->span, quoted(field) + " needs at least one element",
                  field == "from" || field == "to" ? "write `namespaces: {}` in it for every pod" : "remove the field for everything");
  if (node->items.size() > most)
    reader.report(ir::Code::InvalidValue, node->span,
                  quoted(field) + " has at most " + std::to_string(most) + " elements, not " + std::to_string(node->items.size()));
  return !node->items.empty();
}

std::optional<std::vector<AdminRule>> read_admin_rules(const FieldReader& spec, ir::Direction direction, const AdminApi& api) {
  const std::string_view field = direction == ir::Direction::Ingress ? "ingress" : "egress";
  auto rules = spec.list<AdminRule>(field, [&](const Node& item) { return read_rule(item, direction, api, spec.diagnostics()); });
  if (rules && !rules->empty()) check_size(spec, field, api.most);
  return rules;
}

void read_admin_priority(const FieldReader& spec, AdminPolicy& out) {
  if (!spec.require("priority")) return;
  out.priority_span = spec.span("priority");
  if (const auto priority = spec.integer("priority", 0, 1000)) out.priority = static_cast<std::int32_t>(priority->value);
}

}  // namespace weir::compiler
