#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "ir/cluster/cluster.h"
#include "tests/differential/generator/random.h"

/// Policies as people write them: what documents.h prints and what oracle.h understands. Optional means that the field may
/// be absent; a list that is there may be empty, which is something else (policy.md 3.6).
namespace weir::tests {

struct Expression {
  std::string key, op;
  std::vector<std::string> values;
};

/// A LabelSelector.
struct Select {
  std::vector<std::pair<std::string, std::string>> labels;
  std::vector<Expression> expressions;
};

struct Block {
  std::string cidr;
  std::vector<std::string> except;
};

struct Port {
  std::optional<std::string> protocol;
  std::optional<std::uint16_t> port, end;  // NetworkPolicy: a number; CiliumNetworkPolicy: text, 0 for every port
  std::optional<std::string> name;         // instead of a number
};

struct Icmp {
  bool v6 = false;
  std::uint16_t type = 0;
};

/// One item of `from` or `to` of a NetworkPolicy.
struct Item {
  std::optional<Select> pods, namespaces;
  std::optional<Block> block;
};

/// One item of ingress, egress, ingressDeny or egressDeny; each kind uses its own fields.
struct Element {
  std::optional<std::vector<Item>> items;   // NetworkPolicy
  std::optional<std::vector<Port>> ports;   // NetworkPolicy
  std::optional<std::vector<Select>> endpoints;
  std::optional<std::vector<std::string>> cidrs, entities;
  std::optional<std::vector<Block>> cidr_set;
  std::optional<std::vector<std::optional<std::vector<Port>>>> to_ports;  // rules with or without `ports`
  std::optional<std::vector<Icmp>> icmps;
};

using Elements = std::optional<std::vector<Element>>;

/// The spec of a NetworkPolicy, or one item of spec and specs of a CiliumNetworkPolicy.
struct Spec {
  std::optional<Select> subject;                    // podSelector may be absent
  std::optional<std::vector<std::string>> types;    // NetworkPolicy
  std::array<Elements, 2> allow, deny;              // by ir::Direction
  std::array<std::optional<bool>, 2> default_deny;  // enableDefaultDeny
};

struct Written {
  bool cilium = false;
  bool clusterwide = false;  // CiliumClusterwideNetworkPolicy: cilium, without a namespace
  std::string namespace_name, name;
  std::vector<Spec> specs;  // one, unless cilium
};

[[nodiscard]] std::vector<Written> random_written(Random&, const ir::Settings&);

}  // namespace weir::tests
