#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ir/base/ip.h"
#include "ir/base/result.h"

namespace weir::ir {

enum class PartyKind : std::uint8_t { Pod, Workload, Labels, Ip, Entity, Fqdn };

/// How a person names one end of a connection (cli.md "Naming a party"). Only text: nothing is looked up yet.
struct Party {
  PartyKind kind = PartyKind::Pod;
  std::string namespace_name;                 // Pod, Workload, Labels
  std::string name;                           // Pod, Workload, Entity, Fqdn
  std::string cluster;                        // of a remote cluster; empty: the local one
  std::map<std::string, std::string> labels;  // Labels
  std::optional<IpAddress> address;           // Ip
  friend auto operator<=>(const Party&, const Party&) = default;
};

/// "pod:shop/frontend", "workload:shop/frontend", "labels:shop/app=web,tier=a", "ip:192.0.2.1", "entity:world",
/// "fqdn:example.com"; "pod:east/shop/frontend" and "workload:east/shop/backend" of cluster east. A name without a namespace takes `default_namespace`. Exit code 2 when it cannot be read.
[[nodiscard]] Result<Party> parse_party(std::string_view text, std::string_view default_namespace);
[[nodiscard]] std::string to_text(const Party&);

}  // namespace weir::ir
