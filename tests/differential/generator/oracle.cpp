#include "tests/differential/generator/oracle.h"

#include <algorithm>
#include <map>

namespace weir::tests {
namespace {

enum class Who { Pod, Host, RemoteNode, World };

/// One end as a person would describe it.
struct View {
  Who who = Who::World;
  const ir::Pod* pod = nullptr;
  const ir::Namespace* space = nullptr;
  ir::IpAddress address;
};

struct Packet {
  ir::Protocol protocol;
  std::uint16_t port;
  bool has_name(const std::string& name) const { return std::find(names.begin(), names.end(), name) != names.end(); }
  std::vector<std::string> names;  // that its port has where the rule looks: at the subject, or at the peer on egress
  bool names_of_peer = false;
};

std::string after_prefix(const std::string& key) {
  for (const std::string prefix : {"k8s:", "any:"})
    if (key.starts_with(prefix)) return key.substr(prefix.size());
  return key;
}

/// The value of a label that this end has under `key`; null: it has none.
std::optional<std::string> value_of(const View& view, const std::string& written) {
  if (written == "reserved:host") return view.who == Who::Host ? std::optional<std::string>("") : std::nullopt;
  if (written == "reserved:remote-node") return view.who == Who::RemoteNode ? std::optional<std::string>("") : std::nullopt;
  if (view.who != Who::Pod) return std::nullopt;
  const std::string key = after_prefix(written);
  const std::string space_labels = "io.cilium.k8s.namespace.labels.";
  if (key == "io.kubernetes.pod.namespace") return view.pod->namespace_name;
  if (key == "io.cilium.k8s.policy.cluster") return "default";
  const bool of_space = key.starts_with(space_labels);
  const auto& labels = of_space ? view.space->labels : view.pod->pod_labels;
  const auto found = labels.find(of_space ? key.substr(space_labels.size()) : key);
  return found == labels.end() ? std::nullopt : std::optional(found->second);
}

// policy.md 2.2
bool holds(const Expression& expression, const std::optional<std::string>& value) {
  const auto& values = expression.values;
  const bool listed = value && std::find(values.begin(), values.end(), *value) != values.end();
  if (expression.op == "In") return listed;
  if (expression.op == "NotIn") return !listed;
  return (expression.op == "Exists") == value.has_value();
}

template <class Value>
bool selects(const Select& select, const Value& value) {
  for (const auto& [key, wanted] : select.labels)
    if (value(key) != std::optional(wanted)) return false;
  return std::all_of(select.expressions.begin(), select.expressions.end(),
                     [&](const Expression& expression) { return holds(expression, value(expression.key)); });
}

bool selects_view(const Select& select, const View& view) {
  return selects(select, [&](const std::string& key) { return value_of(view, key); });
}

std::vector<std::string> keys_of(const Select& select) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : select.labels) keys.push_back(key);
  for (const Expression& expression : select.expressions) keys.push_back(expression.key);
  return keys;
}

// policy.md 2.4
bool cilium_selects(const Select& select, const Written& policy, const ir::Settings& settings, const View& view) {
  bool names_space = false, names_space_label = false, names_cluster = false;
  for (const std::string& key : keys_of(select)) {
    if (key.starts_with("reserved:")) return selects_view(select, view);
    const std::string bare = after_prefix(key);
    names_space = names_space || bare == "io.kubernetes.pod.namespace";
    names_space_label = names_space_label || bare.starts_with("io.cilium.k8s.namespace.labels.");
    names_cluster = names_cluster || bare == "io.cilium.k8s.policy.cluster";
  }
  const bool in_reach = view.who == Who::Pod && (policy.clusterwide || view.pod->namespace_name == policy.namespace_name);
  if (!names_space && (policy.clusterwide || !names_space_label) && !in_reach) return false;
  if (settings.default_local_cluster && !names_cluster && view.who != Who::Pod) return false;
  return selects_view(select, view);
}

// policy.md 2.6
bool block_holds(const Block& block, const ir::Settings& settings, const View& view) {
  const bool reachable = view.who == Who::World || (view.who == Who::Pod ? settings.cidr_match_pods : settings.cidr_match_nodes);
  const auto inside = [&](const std::string& text) { return contains(*ir::parse_prefix(text), view.address); };
  return reachable && inside(block.cidr) && std::none_of(block.except.begin(), block.except.end(), inside);
}

// policy.md 2.7
bool is_entity(const std::string& entity, const View& view) {
  if (entity == "all") return true;
  if (entity == "world") return view.who == Who::World;
  if (entity == "host") return view.who == Who::Host;
  if (entity == "remote-node") return view.who == Who::RemoteNode;
  return entity.starts_with("cluster") && view.who != Who::World;
}

// policy.md 7.2
bool item_holds(const Item& item, const std::string& own, const ir::Settings& settings, const View& view) {
  if (item.block) return block_holds(*item.block, settings, view);
  if (view.who != Who::Pod) return false;
  const auto in = [](const std::map<std::string, std::string>& labels, const Select& select) {
    return selects(select, [&](const std::string& key) {
      const auto found = labels.find(key);
      return found == labels.end() ? std::nullopt : std::optional(found->second);
    });
  };
  if (item.pods && !in(view.pod->pod_labels, *item.pods)) return false;
  return item.namespaces ? in(view.space->labels, *item.namespaces) : view.pod->namespace_name == own;
}

bool transport(ir::Protocol protocol) {
  return protocol == ir::Protocol::Tcp || protocol == ir::Protocol::Udp || protocol == ir::Protocol::Sctp;
}

// policy.md 3.7 and 7.3
bool port_holds(const Port& port, bool cilium, const Packet& packet) {
  const std::string protocol = port.protocol.value_or(cilium ? "ANY" : "TCP");
  if (protocol == "ANY" ? !transport(packet.protocol) : to_text(packet.protocol) != protocol) return false;
  if (port.name) return packet.has_name(*port.name);
  if (!port.port || (cilium && *port.port == 0)) return true;
  return *port.port <= packet.port && packet.port <= std::max(*port.port, port.end.value_or(0));
}

/// What one element of a list says about a peer and a packet.
struct Reader {
  const Written& policy;
  const ir::Settings& settings;

  [[nodiscard]] bool np_holds(const Element& element, const View& peer, const Packet& packet) const {
    const auto item = [&](const Item& i) { return item_holds(i, policy.namespace_name, settings, peer); };
    // policy.md 3.8: a block has no named ports.
    const auto by_label = [&](const Item& i) { return !i.block && item(i); };
    const bool named_peer = !packet.names_of_peer || !element.items || element.items->empty() ||
                            std::any_of(element.items->begin(), element.items->end(), by_label);
    const auto port = [&](const Port& p) { return (!p.name || named_peer) && port_holds(p, false, packet); };
    const bool any_peer = !element.items || element.items->empty(), any_port = !element.ports || element.ports->empty();
    return (any_peer || std::any_of(element.items->begin(), element.items->end(), item)) &&
           (any_port || std::any_of(element.ports->begin(), element.ports->end(), port));
  }

  // policy.md 3.6
  [[nodiscard]] bool cilium_holds(const Element& element, const View& peer, const Packet& packet) const {
    const bool no_peers = !element.endpoints && !element.cidrs && !element.cidr_set && !element.entities;
    const bool no_ports = (!element.to_ports || element.to_ports->empty()) && (!element.icmps || element.icmps->empty());
    if (no_peers && no_ports) return false;
    return (no_peers || peer_holds(element, peer)) && (no_ports || packet_holds(element, packet));
  }

 private:
  [[nodiscard]] bool peer_holds(const Element& element, const View& peer) const {
    for (const Select& select : element.endpoints.value_or(std::vector<Select>{}))
      if (cilium_selects(select, policy, settings, peer)) return true;
    for (const std::string& cidr : element.cidrs.value_or(std::vector<std::string>{}))
      if (block_holds({cidr, {}}, settings, peer)) return true;
    for (const Block& block : element.cidr_set.value_or(std::vector<Block>{}))
      if (block_holds(block, settings, peer)) return true;
    for (const std::string& entity : element.entities.value_or(std::vector<std::string>{}))
      if (is_entity(entity, peer)) return true;
    return false;
  }

  [[nodiscard]] bool packet_holds(const Element& element, const Packet& packet) const {
    if (element.to_ports)
      for (const auto& rule : *element.to_ports)
        for (const Port& port : rule.value_or(std::vector<Port>{}))
          if ((!port.name || !packet.names_of_peer || !(element.cidrs || element.cidr_set)) && port_holds(port, true, packet)) return true;
    for (const Icmp& icmp : element.icmps.value_or(std::vector<Icmp>{})) {
      if (packet.protocol != (icmp.v6 ? ir::Protocol::Icmpv6 : ir::Protocol::Icmp)) continue;
      // policy.md 3.9: type 0 of IPv4 is written as port 0.
      const bool all = !icmp.v6 && icmp.type == 0 && settings.derived_icmp_type_zero_is_all;
      if (all || icmp.type == packet.port) return true;
    }
    return false;
  }
};

/// policy.md 4.2: what all policies together say.
struct Tally {
  bool selected = false, isolated = false, allowed = false, denied = false;
};

// policy.md 7.1 and 7.5d
void count_np(const Written& policy, const ir::Settings& settings, const View& subject, const View& peer, const Packet& packet,
              std::size_t direction, Tally& tally) {
  const Spec& spec = policy.specs.front();
  if (subject.pod->namespace_name != policy.namespace_name || !selects_view(spec.subject.value_or(Select{}), subject)) return;
  const Elements& rules = spec.allow[direction];
  const bool has_rules = rules && !rules->empty();
  const bool egress = direction == static_cast<std::size_t>(ir::Direction::Egress);
  const std::string name = egress ? "Egress" : "Ingress";
  const auto types = spec.types.value_or(std::vector<std::string>{});
  const bool listed = types.empty() ? !egress || has_rules : std::find(types.begin(), types.end(), name) != types.end();
  if (!listed && (!has_rules || !settings.derived_np_rules_isolate_unlisted_types)) return;
  tally.selected = tally.isolated = true;
  for (const Element& element : rules.value_or(std::vector<Element>{}))
    tally.allowed = tally.allowed || Reader{policy, settings}.np_holds(element, peer, packet);
}

void count_cilium(const Written& policy, const ir::Settings& settings, const View& subject, const View& peer,
                  const Packet& packet, std::size_t direction, Tally& tally) {
  const Reader reader{policy, settings};
  for (const Spec& spec : policy.specs) {
    // policy.md 2.5
    if (!policy.clusterwide && subject.pod->namespace_name != policy.namespace_name) continue;
    if (!selects_view(*spec.subject, subject)) continue;
    const auto allow = spec.allow[direction].value_or(std::vector<Element>{}), deny = spec.deny[direction].value_or(std::vector<Element>{});
    if (allow.empty() && deny.empty()) continue;
    tally.selected = true;
    // policy.md 4.1
    tally.isolated = tally.isolated || spec.default_deny[direction].value_or(true) || !settings.non_default_deny_policies;
    for (const Element& element : allow) tally.allowed = tally.allowed || reader.cilium_holds(element, peer, packet);
    for (const Element& element : deny) tally.denied = tally.denied || reader.cilium_holds(element, peer, packet);
  }
}

// policy.md 3.8
std::vector<std::string> port_names(const ir::Cluster& cluster, const View& owner, const ir::Flow& flow, bool egress) {
  std::vector<std::string> names;
  if (owner.who != Who::Pod) return names;
  const ir::Dialect dialect = cluster.settings.dialect;
  const bool old = dialect == ir::Dialect::Cilium118 || dialect == ir::Dialect::Cilium119;
  for (const ir::ContainerPort& own : owner.pod->ports) {
    if (own.protocol != flow.protocol || own.port != flow.port) continue;
    bool differs = false;
    for (const ir::Pod& pod : cluster.pods)
      for (const ir::ContainerPort& other : pod.ports)
        differs = differs || (!pod.host_network && other.name == own.name && other.protocol == own.protocol && other.port != own.port);
    if (!(egress && old && differs)) names.push_back(own.name);
  }
  return names;
}

View view_of(const ir::Cluster& cluster, const ir::IpAddress& address, const std::string& subject_node) {
  for (const ir::Pod& pod : cluster.pods)
    if (!pod.host_network && std::find(pod.addresses.begin(), pod.addresses.end(), address) != pod.addresses.end())
      return {Who::Pod, &pod, cluster.find_namespace(pod.namespace_name), address};
  for (const ir::Node& node : cluster.nodes)
    if (std::find(node.addresses.begin(), node.addresses.end(), address) != node.addresses.end())
      return {node.name == subject_node ? Who::Host : Who::RemoteNode, nullptr, nullptr, address};
  return {Who::World, nullptr, nullptr, address};
}

}  // namespace

Oracle::Oracle(const ir::Cluster& cluster, const std::vector<Written>& policies) : cluster_(cluster), policies_(policies) {}

Oracle::Answer Oracle::ask(const ir::Flow& flow, ir::Direction direction) const {
  const bool egress = direction == ir::Direction::Egress;
  const View subject = view_of(cluster_, *(egress ? flow.source : flow.destination).address, "");
  const ir::Settings& settings = cluster_.settings;
  if (subject.who != Who::Pod || settings.enforcement == ir::Enforcement::Never) return {};
  const View peer = view_of(cluster_, *(egress ? flow.destination : flow.source).address, subject.pod->node);
  const Packet packet{flow.protocol, flow.port, port_names(cluster_, egress ? peer : subject, flow, egress), egress};
  Tally tally;
  for (const Written& policy : policies_)
    (policy.cilium ? count_cilium : count_np)(policy, settings, subject, peer, packet, static_cast<std::size_t>(direction), tally);
  const bool forced = settings.enforcement == ir::Enforcement::Always;
  if (!tally.selected && !forced) return {};
  const bool frag_needed = flow.protocol == ir::Protocol::Icmp && flow.port == 3 && flow.icmp_code == 4;
  if (frag_needed && settings.allow_icmp_frag_needed) return {};
  if (tally.denied) return {ir::Verdict::Denied, ir::DropReason::PolicyDeny};
  if (tally.allowed || !(tally.isolated || forced)) return {};
  const bool localhost = !egress && peer.who == Who::Host && settings.allow_localhost;
  if (localhost && (tally.selected || settings.dialect != ir::Dialect::Cilium120)) return {};
  return {ir::Verdict::Denied, ir::DropReason::PolicyDenied};
}

}  // namespace weir::tests
