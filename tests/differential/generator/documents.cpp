#include "tests/differential/generator/documents.h"

#include <filesystem>
#include <fstream>
#include <map>

namespace weir::tests {
namespace {

using compiler::Node;
using compiler::NodeKind;

Node text(const std::string& value) {
  Node node;
  node.kind = NodeKind::Scalar;
  node.text = value;
  node.quoted = true;
  return node;
}

Node number(std::uint64_t value) {
  Node node = text(std::to_string(value));
  node.quoted = false;
  return node;
}

Node boolean(bool value) {
  Node node = text(value ? "true" : "false");
  node.quoted = false;
  return node;
}

Node mapping() {
  Node node;
  node.kind = NodeKind::Mapping;
  return node;
}

Node& set(Node& node, const std::string& key, Node value) {
  Node name = text(key);
  name.quoted = key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos;
  node.entries.emplace_back(std::move(name), std::move(value));
  return node.entries.back().second;
}

template <class List, class Make>
Node list(const List& values, const Make& make) {
  Node node;
  node.kind = NodeKind::Sequence;
  for (const auto& value : values) node.items.push_back(make(value));
  return node;
}

Node texts(const std::vector<std::string>& values) { return list(values, text); }

Node labels(const auto& pairs) {
  Node node = mapping();
  for (const auto& [key, value] : pairs) set(node, key, text(value));
  return node;
}

class Printer {
 public:
  explicit Printer(Random& random) : random_(random) {}

  Node object(const std::string& version, const std::string& kind, const std::string& space, const std::string& name) {
    Node node = mapping();
    set(node, "apiVersion", text(version));
    set(node, "kind", text(kind));
    Node& meta = set(node, "metadata", mapping());
    set(meta, "name", text(name));
    if (!space.empty()) set(meta, "namespace", text(space));
    return node;
  }

  Node policy(const Written& written) {
    const std::string kind = written.clusterwide ? "CiliumClusterwideNetworkPolicy" : written.cilium ? "CiliumNetworkPolicy" : "NetworkPolicy";
    Node node = object(written.cilium ? "cilium.io/v2" : "networking.k8s.io/v1", kind, written.namespace_name, written.name);
    const auto print = [&](const Spec& s) { return written.cilium ? cilium_spec(s) : np_spec(s); };
    if (written.specs.size() == 1 && (!written.cilium || random_.chance(60))) set(node, "spec", print(written.specs.front()));
    else set(node, "specs", list(written.specs, print));
    return node;
  }

 private:
  /// An absent value is nothing or null (policy.md 3.6 "YAML null = absent").
  template <class Value, class Make>
  void maybe(Node& node, const std::string& key, const Value& value, const Make& make) {
    if (value) set(node, key, make(*value));
    else if (random_.chance(5)) set(node, key, Node{});
  }

  Node select(const Select& select) {
    Node node = mapping();
    // A key written twice would be an error of its own: the second goes to the expressions.
    std::map<std::string, std::string> once;
    std::vector<Expression> expressions = select.expressions;
    for (const auto& [key, value] : select.labels)
      if (!once.emplace(key, value).second) expressions.push_back({key, "In", {value}});
    if (!once.empty() || random_.chance(10)) set(node, "matchLabels", labels(once));
    if (expressions.empty()) return node;
    set(node, "matchExpressions", list(expressions, [](const Expression& expression) {
      Node item = mapping();
      set(item, "key", text(expression.key));
      set(item, "operator", text(expression.op));
      if (!expression.values.empty()) set(item, "values", texts(expression.values));
      return item;
    }));
    return node;
  }

  Node block(const Block& block) {
    Node node = mapping();
    set(node, "cidr", text(block.cidr));
    if (!block.except.empty() || random_.chance(10)) set(node, "except", texts(block.except));
    return node;
  }

  Node port(const Port& port, bool cilium) {
    Node node = mapping();
    maybe(node, "protocol", port.protocol, text);
    if (port.name) set(node, "port", text(*port.name));
    else maybe(node, "port", port.port, [&](std::uint16_t value) { return cilium ? text(std::to_string(value)) : number(value); });
    maybe(node, "endPort", port.end, number);
    return node;
  }

  Node np_element(const Element& element, bool egress) {
    Node node = mapping();
    maybe(node, egress ? "to" : "from", element.items, [&](const std::vector<Item>& items) {
      return list(items, [&](const Item& item) {
        Node peer = mapping();
        maybe(peer, "podSelector", item.pods, [&](const Select& s) { return select(s); });
        maybe(peer, "namespaceSelector", item.namespaces, [&](const Select& s) { return select(s); });
        maybe(peer, "ipBlock", item.block, [&](const Block& b) { return block(b); });
        return peer;
      });
    });
    maybe(node, "ports", element.ports, [&](const std::vector<Port>& ports) {
      return list(ports, [&](const Port& p) { return port(p, false); });
    });
    return node;
  }

  Node np_spec(const Spec& spec) {
    Node node = mapping();
    maybe(node, "podSelector", spec.subject, [&](const Select& s) { return select(s); });
    maybe(node, "policyTypes", spec.types, texts);
    for (const bool egress : {false, true})
      maybe(node, egress ? "egress" : "ingress", spec.allow[egress ? 1 : 0], [&](const std::vector<Element>& elements) {
        return list(elements, [&](const Element& element) { return np_element(element, egress); });
      });
    return node;
  }

  Node port_rules(const std::vector<std::optional<std::vector<Port>>>& rules) {
    return list(rules, [&](const std::optional<std::vector<Port>>& rule) {
      Node node = mapping();
      maybe(node, "ports", rule, [&](const std::vector<Port>& ports) {
        return list(ports, [&](const Port& p) { return port(p, true); });
      });
      return node;
    });
  }

  Node icmps(const std::vector<Icmp>& types) {
    Node rule = mapping();
    set(rule, "fields", list(types, [&](const Icmp& icmp) {
      Node field = mapping();
      if (icmp.v6 || random_.chance(50)) set(field, "family", text(icmp.v6 ? "IPv6" : "IPv4"));
      const bool echo = !icmp.v6 && icmp.type == 8 && random_.chance(50);
      set(field, "type", echo ? text("EchoRequest") : number(icmp.type));
      return field;
    }));
    return list(std::vector<Node>{rule}, [](const Node& node) { return node; });
  }

  Node cilium_element(const Element& element, bool egress) {
    const std::string side = egress ? "to" : "from";
    Node node = mapping();
    maybe(node, side + "Endpoints", element.endpoints, [&](const std::vector<Select>& all) {
      return list(all, [&](const Select& s) { return select(s); });
    });
    maybe(node, side + "CIDR", element.cidrs, texts);
    maybe(node, side + "CIDRSet", element.cidr_set, [&](const std::vector<Block>& all) {
      return list(all, [&](const Block& b) { return block(b); });
    });
    maybe(node, side + "Entities", element.entities, texts);
    maybe(node, "toPorts", element.to_ports, [&](const auto& rules) { return port_rules(rules); });
    maybe(node, "icmps", element.icmps, [&](const std::vector<Icmp>& types) { return icmps(types); });
    return node;
  }

  Node cilium_spec(const Spec& spec) {
    Node node = mapping();
    set(node, "endpointSelector", select(*spec.subject));
    for (const bool egress : {false, true})
      for (const bool deny : {false, true}) {
        const std::string key = std::string(egress ? "egress" : "ingress") + (deny ? "Deny" : "");
        maybe(node, key, (deny ? spec.deny : spec.allow)[egress ? 1 : 0], [&](const std::vector<Element>& elements) {
          return list(elements, [&](const Element& element) { return cilium_element(element, egress); });
        });
      }
    if (!spec.default_deny[0] && !spec.default_deny[1]) return node;
    Node& isolate = set(node, "enableDefaultDeny", mapping());
    maybe(isolate, "ingress", spec.default_deny[0], boolean);
    maybe(isolate, "egress", spec.default_deny[1], boolean);
    return node;
  }

  Random& random_;
};

std::string quoted(const std::string& value) { return "\"" + value + "\""; }

std::string to_json(const Node& node) {
  std::string out;
  switch (node.kind) {
    case NodeKind::Null: return "null";
    case NodeKind::Scalar: return node.quoted ? quoted(node.text) : node.text;
    case NodeKind::Sequence:
      for (const Node& item : node.items) out += (out.empty() ? "" : ", ") + to_json(item);
      return "[" + out + "]";
    case NodeKind::Mapping:
      for (const auto& [key, value] : node.entries) out += (out.empty() ? "" : ", ") + quoted(key.text) + ": " + to_json(value);
      return "{" + out + "}";
  }
  return out;
}

Node addresses(const std::vector<ir::IpAddress>& all, const std::string& key, const std::string& type) {
  return list(all, [&](const ir::IpAddress& address) {
    Node node = mapping();
    if (!type.empty()) set(node, "type", text(type));
    set(node, key, text(to_text(address)));
    return node;
  });
}

Node pod_node(Printer& printer, const ir::Pod& pod) {
  Node node = printer.object("v1", "Pod", pod.namespace_name, pod.name);
  set(node.entries[2].second, "labels", labels(pod.pod_labels));
  Node& spec = set(node, "spec", mapping());
  if (!pod.node.empty()) set(spec, "nodeName", text(pod.node));
  if (pod.host_network) set(spec, "hostNetwork", boolean(true));
  if (!pod.ports.empty()) {
    Node container = mapping();
    set(container, "name", text("main"));
    set(container, "ports", list(pod.ports, [](const ir::ContainerPort& port) {
      Node entry = mapping();
      set(entry, "name", text(port.name));
      set(entry, "protocol", text(to_text(port.protocol)));
      set(entry, "containerPort", number(port.port));
      return entry;
    }));
    set(spec, "containers", list(std::vector<Node>{container}, [](const Node& one) { return one; }));
  }
  if (!pod.addresses.empty()) set(set(node, "status", mapping()), "podIPs", addresses(pod.addresses, "ip", ""));
  return node;
}

}  // namespace

std::vector<Manifest> manifests_of(Random& random, const ir::Cluster& cluster, const std::vector<Written>& policies) {
  Printer printer(random);
  std::vector<Node> nodes;
  for (const ir::Namespace& space : cluster.namespaces) {
    std::map<std::string, std::string> own = space.labels;
    own.erase("kubernetes.io/metadata.name");
    Node node = printer.object("v1", "Namespace", "", space.name);
    set(node.entries[2].second, "labels", labels(own));
    nodes.push_back(std::move(node));
  }
  for (const ir::Node& host : cluster.nodes) {
    Node node = printer.object("v1", "Node", "", host.name);
    set(set(node, "status", mapping()), "addresses", addresses(host.addresses, "address", "InternalIP"));
    nodes.push_back(std::move(node));
  }
  for (const ir::Pod& pod : cluster.pods) nodes.push_back(pod_node(printer, pod));
  for (const Written& policy : policies) nodes.push_back(printer.policy(policy));
  std::vector<Manifest> manifests;
  for (const Node& node : nodes) {
    const bool json = random.chance(25);
    const std::string name = "document-" + std::to_string(manifests.size());
    manifests.push_back({name + (json ? ".json" : ".yaml"), json ? to_json(node) + "\n" : compiler::to_yaml(node)});
  }
  return manifests;
}

FrontEnd compile(const std::vector<Manifest>& manifests, const ir::Settings& settings) {
  FrontEnd out;
  compiler::Sources sources;
  for (const Manifest& manifest : manifests) {
    compiler::Sources more = compiler::read_text(manifest.name, manifest.text, {}, out.files, out.diagnostics);
    for (compiler::Document& document : more.documents) sources.documents.push_back(std::move(document));
  }
  const compiler::Objects objects = compiler::read(sources, out.files, out.diagnostics);
  out.resolved = compiler::resolve(objects, settings, out.files, out.diagnostics);
  out.of_any_pod = compiler::policies_of_any_pod(objects, out.resolved.cluster);
  return out;
}

std::string keep(const std::vector<Manifest>& manifests, const std::string& name) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / name;
  std::filesystem::create_directories(folder);
  for (const Manifest& manifest : manifests) std::ofstream(folder / manifest.name) << manifest.text;
  return folder.string();
}

}  // namespace weir::tests
