#pragma once

#include <cstdint>
#include <vector>

#include "compiler/lower/owners.h"
#include "ir/flow/flow.h"
#include "ir/policy/policy_set.h"
#include "ir/tables/table_set.h"

namespace weir::compiler {

/// One peer that leads to an identity of the tables. A Node with `relative` set is host or remote-node for every subject.
struct PeerSample {
  std::uint32_t identity = 0;
  ir::Endpoint endpoint;
  enum class Relative : std::uint8_t { No, Host, RemoteNode } relative = Relative::No;
};

/// One packet that leads to a port class of the tables.
struct PortSample {
  ir::PortSlot slot = ir::PortSlot::Tcp;
  std::uint16_t key = 0;
  ir::Protocol protocol = ir::Protocol::Tcp;  // NoHeader: one that no rule names
  std::uint16_t port = 0;
  std::uint8_t icmp_code = 0;
};

/// For every prefix the first and the last address that no longer prefix covers, for world an address of each family
/// outside all prefixes, and the identities that no prefix leads to.
[[nodiscard]] std::vector<PeerSample> peer_samples(const ir::TableSet&, const ir::Cluster&, const Owners&);

/// For every slot the first key of every run of one class, and the keys at and around every end of a port match.
[[nodiscard]] std::vector<PortSample> port_samples(const ir::TableSet&, const ir::PolicySet&);

}  // namespace weir::compiler
