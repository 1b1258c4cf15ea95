#pragma once

#include "ir/cluster/cluster.h"
#include "tests/differential/generator/random.h"

namespace weir::tests {

/// Words that share prefixes, so that a matcher that compares too little is caught.
struct Vocabulary {
  std::vector<std::string> namespaces{"shop", "shop2", "ops"};
  std::vector<std::string> keys{"app", "app2", "tier"};
  std::vector<std::string> values{"web", "web2", "we", "db", ""};
  std::vector<std::uint16_t> ports{0, 1, 79, 80, 81, 443, 8080, 8443, 32767, 32768, 65534, 65535};
};

/// Prefixes that nest, touch and are as long and as short as they come.
[[nodiscard]] ir::IpPrefix random_prefix(Random&);
[[nodiscard]] ir::Settings random_settings(Random&);
/// 3 namespaces, 2 or 3 nodes, 4 to 12 pods; no two own one address.
[[nodiscard]] ir::Cluster random_cluster(Random&, const ir::Settings&);

/// Gives pods container ports of the same names and other numbers; their labels stay.
void name_ports(Random&, ir::Cluster&);

/// What the manifests of documents.h do not write: labels of nodes, named ports, API servers, DNS names, and settings that
/// oracle.h does not know.
void widen(Random&, ir::Cluster&);

}  // namespace weir::tests
