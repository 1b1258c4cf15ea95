#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/base/ip.h"
#include "ir/base/ports.h"
#include "ir/cluster/label.h"
#include "ir/flow/rule_ref.h"

namespace weir::simulator {

/// One connection as a rule of its own would name it.
struct Admission {
  ir::Direction direction = ir::Direction::Ingress;
  ir::Protocol protocol = ir::Protocol::Tcp;
  std::uint16_t port = 0;                   // the type for ICMP
  ir::LabelSet peer;                        // as the subject sees it
  bool managed = false;                     // the peer is a pod
  bool other_namespace = false;             // the peer's namespace must be said
  std::string peer_namespace;
  std::string peer_cluster;                 // empty: of the subject's cluster
  std::optional<ir::IpAddress> address;     // of an end outside; absent: the entity `world` stands for it
};

/// The smallest element of a rule list that names it, as one line of YAML: "{fromEndpoints: [...], toPorts: [...]}".
/// `kind` is that of the policy. Empty when this kind cannot say it.
[[nodiscard]] std::string admitting_rule(const Admission&, std::string_view kind);

/// The labels that people select a pod by: "{app: web}".
[[nodiscard]] std::string label_map(const ir::LabelSet&);
/// A YAML scalar in flow style; quoted unless it is surely a plain string.
[[nodiscard]] std::string scalar(const std::string&);

}  // namespace weir::simulator
