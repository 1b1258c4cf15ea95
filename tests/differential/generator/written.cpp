#include "tests/differential/generator/written.h"

#include "tests/differential/generator/random_cluster.h"

// Biased to the edges: absent, empty and `{}` are all frequent, prefixes nest and touch, labels share beginnings.
namespace weir::tests {
namespace {

std::string random_key(Random& random, bool cilium) {
  const Vocabulary words;
  std::string key = random.pick(words.keys);
  if (!cilium) return key;
  const std::uint32_t kind = random.below(12);
  if (kind == 0) return std::string(random.chance(50) ? "k8s:" : "") + std::string(ir::kNamespaceLabelPrefix) + "env";
  if (kind == 1) return std::string(random.chance(50) ? "k8s:" : "any:") + key;
  if (kind == 2) return std::string(random.chance(50) ? "k8s:" : "") + std::string(ir::kClusterKey);
  return key;
}

std::string random_value(Random& random, const std::string& key) {
  if (key.ends_with("env")) return random.chance(50) ? "prod" : "pro";
  if (key.ends_with(ir::kClusterKey)) return random.chance(80) ? "default" : "other";
  return random.pick(Vocabulary{}.values);
}

Select random_select(Random& random, bool cilium) {
  Select select;
  if (random.chance(30)) return select;
  for (std::uint32_t count = random.below(2); count > 0; --count) {
    const std::string key = random_key(random, cilium);
    select.labels.emplace_back(key, random_value(random, key));
  }
  for (std::uint32_t count = random.below(2); count > 0; --count) {
    const std::vector<std::string> ops{"In", "NotIn", "Exists", "DoesNotExist"};
    Expression expression{random_key(random, cilium), random.pick(ops), {}};
    if (expression.op.ends_with("In"))
      for (std::uint32_t i = 0; i <= random.below(2); ++i) expression.values.push_back(random_value(random, expression.key));
    select.expressions.push_back(std::move(expression));
  }
  return select;
}

Select random_namespaces(Random& random) {
  Select select;
  if (random.chance(30)) return select;
  if (random.chance(40)) select.labels.emplace_back("kubernetes.io/metadata.name", random.pick(Vocabulary{}.namespaces));
  else if (random.chance(50)) select.labels.emplace_back("env", random.chance(50) ? "prod" : "pro");
  else select.expressions.push_back({"env", random.chance(50) ? "DoesNotExist" : "Exists", {}});
  return select;
}

Select random_endpoints(Random& random) {
  Select select = random_select(random, true);
  const std::string prefix = random.chance(50) ? "k8s:" : "";
  if (random.chance(40)) select.labels.emplace_back(prefix + std::string(ir::kNamespaceKey), random.pick(Vocabulary{}.namespaces));
  if (random.chance(5)) return {{{random.chance(50) ? "reserved:host" : "reserved:remote-node", ""}}, {}};
  return select;
}

Block random_block(Random& random) {
  const ir::IpPrefix cidr = random_prefix(random);
  Block block{to_text(cidr), {}};
  for (std::uint32_t tries = random.below(4); tries > 0; --tries)
    if (const ir::IpPrefix except = random_prefix(random); contains(cidr, except) && except != cidr)
      block.except.push_back(to_text(except));
  return block;
}

Port random_port(Random& random, bool cilium) {
  const Vocabulary words;
  Port port;
  if (random.chance(70)) port.protocol = random.chance(60) ? "TCP" : random.chance(50) ? "UDP" : "SCTP";
  if (cilium && random.chance(15)) port.protocol = "ANY";
  if (!cilium && random.chance(20)) return port;
  if (random.chance(20)) {
    port.name = random.chance(70) ? "http" : "dns";
    return port;
  }
  port.port = random.pick(words.ports);
  if (!cilium && *port.port == 0) port.port = 1;
  if (*port.port == 0 || random.chance(60)) return port;
  port.end = random.pick(words.ports);
  if (!cilium && *port.end < *port.port) port.end = port.port;
  if (*port.end == 0) port.end.reset();
  return port;
}

template <class Make>
auto some(Random& random, unsigned absent, unsigned empty, const Make& make) {
  std::optional<std::vector<decltype(make())>> list;
  if (random.chance(absent)) return list;
  list.emplace();
  if (random.chance(empty)) return list;
  for (std::uint32_t count = 1 + random.below(2); count > 0; --count) list->push_back(make());
  return list;
}

Element random_np_element(Random& random) {
  Element element;
  element.items = some(random, 20, 10, [&] {
    Item item;
    const std::uint32_t kind = random.below(4);
    if (kind == 0) item.block = random_block(random);
    if (kind == 1 || kind == 3) item.pods = random_select(random, false);
    if (kind == 2 || kind == 3) item.namespaces = random_namespaces(random);
    return item;
  });
  element.ports = some(random, 30, 10, [&] { return random_port(random, false); });
  return element;
}

void add_peers(Random& random, const ir::Settings& settings, Element& element) {
  std::vector<std::string> entities{"all", "world", "host", "remote-node", "cluster", "none", "init", "health"};
  if (settings.dialect == ir::Dialect::Cilium120) entities.push_back("cluster-mesh");
  switch (random.below(6)) {
    case 0: element.cidrs = some(random, 0, 10, [&] { return to_text(random_prefix(random)); }); break;
    case 1: element.cidr_set = some(random, 0, 10, [&] { return random_block(random); }); break;
    case 2: element.entities = some(random, 0, 10, [&] { return random.pick(entities); }); break;
    case 3: break;
    default: element.endpoints = some(random, 0, 10, [&] { return random_endpoints(random); });
  }
}

Element random_cilium_element(Random& random, const ir::Settings& settings) {
  Element element;
  add_peers(random, settings, element);
  const auto port = [&] { return random_port(random, true); };
  if (random.chance(20)) {
    const std::vector<std::uint16_t> types{0, 3, 8, 128, 129, 254, 255};
    element.icmps = some(random, 0, 0, [&] { return Icmp{random.chance(40), random.pick(types)}; });
  } else {
    element.to_ports = some(random, 40, 10, [&] { return some(random, 5, 5, port); });
  }
  return element;
}

Spec random_np_spec(Random& random) {
  Spec spec;
  if (random.chance(95)) spec.subject = random_select(random, false);
  const std::vector<std::vector<std::string>> types{{"Ingress"}, {"Egress"}, {"Ingress", "Egress"}, {}};
  if (random.chance(60)) spec.types = random.pick(types);
  for (Elements& elements : spec.allow) elements = some(random, 35, 15, [&] { return random_np_element(random); });
  return spec;
}

Spec random_cilium_spec(Random& random, const ir::Settings& settings) {
  Spec spec;
  spec.subject = random_select(random, true);
  const auto element = [&] { return random.chance(5) ? Element{} : random_cilium_element(random, settings); };
  for (Elements& elements : spec.allow) elements = some(random, 40, 10, element);
  for (Elements& elements : spec.deny) elements = some(random, 70, 10, element);
  for (std::optional<bool>& value : spec.default_deny)
    if (random.chance(25)) value = random.chance(40);
  // policy.md 3.1: a rule with nothing in any of its four lists is refused.
  for (const auto* lists : {&spec.allow, &spec.deny})
    for (const Elements& elements : *lists)
      if (elements && !elements->empty()) return spec;
  spec.allow[random.below(2)] = std::vector<Element>{element()};
  return spec;
}

}  // namespace

std::vector<Written> random_written(Random& random, const ir::Settings& settings) {
  std::vector<Written> policies(random.below(6));
  for (std::size_t i = 0; i < policies.size(); ++i) {
    Written& policy = policies[i];
    policy.cilium = random.chance(60);
    policy.clusterwide = policy.cilium && random.chance(30);
    if (!policy.clusterwide) policy.namespace_name = random.pick(Vocabulary{}.namespaces);
    policy.name = "policy-" + std::to_string(i);
    const std::uint32_t specs = policy.cilium ? 1 + random.below(2) : 1;
    for (std::uint32_t s = 0; s < specs; ++s)
      policy.specs.push_back(policy.cilium ? random_cilium_spec(random, settings) : random_np_spec(random));
  }
  return policies;
}

}  // namespace weir::tests
