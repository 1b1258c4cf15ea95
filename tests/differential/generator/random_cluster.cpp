#include "tests/differential/generator/random_cluster.h"

#include <algorithm>
#include <tuple>

namespace weir::tests {
namespace {

const std::vector<std::string>& cidr_texts() {
  static const std::vector<std::string> kTexts{
      "0.0.0.0/0",      "0.0.0.0/1",      "128.0.0.0/1",    "10.0.0.0/8",      "10.0.0.0/16",     "10.0.0.0/24",
      "10.0.0.0/25",    "10.0.0.128/25",  "10.0.1.0/24",    "10.0.0.1/32",     "10.0.0.2/32",     "10.0.0.0/31",
      "192.0.2.0/24",   "192.0.2.7/32",   "192.0.2.8/29",   "172.16.0.0/12",   "172.16.0.1/32",   "255.255.255.255/32",
      "0.0.0.0/32",     "::/0",           "2001:db8::/32",  "2001:db8::/64",   "2001:db8:0:1::/64",
      "2001:db8::1/128", "2001:db8::2/128", "fd00::/8",     "fd00::/127",      "fd00::1/128",     "8000::/1",
      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"};
  return kTexts;
}

ir::IpAddress address(const std::string& text) { return *ir::parse_address(text); }

void add_nodes(Random& random, ir::Cluster& cluster) {
  const std::uint32_t count = 2 + random.below(2);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i + 1);
    cluster.nodes.push_back({"n" + number, {},
                             {address("172.16.0." + number), address("fd00::" + number)}, {}, {}});
  }
}

void add_pod(Random& random, ir::Cluster& cluster, std::uint32_t number) {
  const Vocabulary words;
  ir::Pod pod;
  pod.namespace_name = random.pick(words.namespaces);
  pod.name = "pod-" + std::to_string(10 + number);
  pod.workload = {"Pod", pod.name};
  for (const std::string& key : words.keys)
    if (random.chance(60)) pod.pod_labels[key] = random.pick(words.values);
  pod.node = random.chance(90) ? random.pick(cluster.nodes).name : "";
  pod.host_network = !pod.node.empty() && random.chance(10);
  if (pod.host_network) {
    pod.addresses = cluster.find_node(pod.node)->addresses;
  } else {
    pod.labels = ir::identity_labels(cluster, pod.namespace_name, pod.pod_labels, "default");
    const std::string low = std::to_string(number + 1);
    if (random.chance(95)) pod.addresses.push_back(address("10.0." + std::to_string(number % 2) + "." + low));
    if (random.chance(70)) pod.addresses.push_back(address("2001:db8::" + low));
  }
  cluster.pods.push_back(std::move(pod));
}

}  // namespace

ir::IpPrefix random_prefix(Random& random) { return *ir::parse_prefix(random.pick(cidr_texts())); }

ir::Settings random_settings(Random& random) {
  const std::vector<ir::Dialect> dialects{ir::Dialect::Cilium120, ir::Dialect::Cilium120, ir::Dialect::Cilium119,
                                          ir::Dialect::Cilium118, ir::Dialect::K8s};
  ir::Settings settings = ir::settings_for(random.pick(dialects));
  if (random.chance(10)) settings.enforcement = ir::Enforcement::Always;
  if (random.chance(3)) settings.enforcement = ir::Enforcement::Never;
  if (random.chance(30)) settings.allow_localhost = false;
  if (random.chance(20)) settings.cidr_match_nodes = !settings.cidr_match_nodes;
  if (random.chance(20)) settings.cidr_match_pods = !settings.cidr_match_pods;
  if (random.chance(20)) settings.allow_icmp_frag_needed = false;
  if (random.chance(15)) settings.non_default_deny_policies = false;
  if (random.chance(25)) settings.default_local_cluster = !settings.default_local_cluster;
  settings.dual_stack = random.chance(40);
  // oracle.h knows no labels of nodes (policy.md 1.4); widen() turns them on again.
  settings.node_selector_labels = false;
  return settings;
}

ir::Cluster random_cluster(Random& random, const ir::Settings& settings) {
  ir::Cluster cluster;
  cluster.settings = settings;
  for (const std::string& name : Vocabulary{}.namespaces) {
    ir::Namespace entry{name, {{"kubernetes.io/metadata.name", name}}, {}, {}};
    if (random.chance(50)) entry.labels["env"] = random.chance(50) ? "prod" : "pro";
    cluster.namespaces.push_back(std::move(entry));
  }
  std::sort(cluster.namespaces.begin(), cluster.namespaces.end());
  add_nodes(random, cluster);
  const std::uint32_t pods = 4 + random.below(9);
  for (std::uint32_t i = 0; i < pods; ++i) add_pod(random, cluster, i);
  std::sort(cluster.pods.begin(), cluster.pods.end(), [](const ir::Pod& a, const ir::Pod& b) {
    return std::tie(a.namespace_name, a.name) < std::tie(b.namespace_name, b.name);
  });
  return cluster;
}

void name_ports(Random& random, ir::Cluster& cluster) {
  const bool alike = random.chance(40);
  for (ir::Pod& pod : cluster.pods)
    for (const std::string name : {"http", "dns"}) {
      if (random.chance(50)) continue;
      const ir::Protocol protocol = random.chance(75) ? ir::Protocol::Tcp : ir::Protocol::Udp;
      pod.ports.push_back({name, protocol, static_cast<std::uint16_t>(alike || random.chance(50) ? 80 : 8080)});
    }
}

void widen(Random& random, ir::Cluster& cluster) {
  ir::Settings& settings = cluster.settings;
  settings.node_selector_labels = random.chance(40);
  if (random.chance(30)) settings.derived_baseline_before_default_deny = !settings.derived_baseline_before_default_deny;
  settings.host_firewall = random.chance(15);
  settings.audit_mode = random.chance(5);
  for (ir::Node& node : cluster.nodes) node.labels["pool"] = random.chance(50) ? "edge" : "core";
  for (ir::Pod& pod : cluster.pods)
    if (!pod.host_network && random.chance(40))
      pod.labels.set(ir::named_port_label("http", ir::Protocol::Tcp, random.chance(50) ? 80 : 8080));
  if (random.chance(40)) cluster.api_servers.push_back(cluster.nodes.front().addresses.front());
  if (random.chance(30)) cluster.api_servers.push_back(address("192.0.2.7"));
  std::sort(cluster.api_servers.begin(), cluster.api_servers.end());
  if (random.chance(60)) cluster.names["api.example.com"] = {address("203.0.113.9")};
  if (random.chance(40)) cluster.names["a.b.example.com"] = {address("192.0.2.8"), address("203.0.113.9")};
}

}  // namespace weir::tests
