#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/base/ip.h"
#include "ir/base/ports.h"
#include "ir/flow/decision.h"
#include "ir/flow/rule_ref.h"

namespace weir::ir {

/// datapath.md 3 "port classes": how a packet's protocol picks a page table and what the u16 key means.
enum class PortSlot : std::uint8_t {
  Tcp = 0,       // destination port
  Udp = 1,       // destination port
  Sctp = 2,      // destination port
  Icmp = 3,      // type << 8 | code
  Icmpv6 = 4,    // type << 8 | code
  Other = 5,     // the protocol number
  NoHeader = 6,  // a later fragment: key 0
};
inline constexpr std::size_t kPortSlots = 7;

[[nodiscard]] PortSlot port_slot(Protocol);
/// The key inside a slot for a connection: port, type << 8 | code, or the protocol number.
[[nodiscard]] std::uint16_t port_key(Protocol, std::uint16_t port, std::uint8_t icmp_code);

inline constexpr std::uint32_t kNoRule = 0xffffffff;

/// One verdict, resolved at compile time (datapath.md 3). The kernel stores it in 8 bytes.
struct Cell {
  Verdict verdict = Verdict::Allowed;  // never Unknown
  DropReason reason = DropReason::None;
  MatchType match = MatchType::None;
  bool audit = false;                  // denied, reported as AUDIT and let through
  std::uint32_t rule = kNoRule;        // RuleId of SideDecision::decided_by.front(); kNoRule: a default without a rule
  bool redirect = false;               // allowed as far as its requests are, which only a proxy can tell
  bool authenticate = false;           // allowed once the peers have authenticated each other
  friend auto operator<=>(const Cell&, const Cell&) = default;
};

/// An identity a node knows: every address of it is equal to policy. Index 0 is always world without any CIDR.
struct TableIdentity {
  std::uint32_t number = 0;      // Cilium's numbers (policy.md 1.7): 1 host, 2 world, 6 remote-node, 256+ pods, 1<<24+ CIDR
  std::uint16_t peer_class = 0;
  std::string name;              // "shop/frontend", "host", "10.0.0.0/8"
  std::vector<std::string> labels;  // "k8s:app=web" ..., sorted
  friend auto operator<=>(const TableIdentity&, const TableIdentity&) = default;
};

/// One ipcache entry: longest prefix wins.
struct TablePrefix {
  IpPrefix prefix;
  std::uint32_t identity = 0;  // index into TableSet::identities
  friend auto operator<=>(const TablePrefix&, const TablePrefix&) = default;
};

/// An endpoint of this node that policy is enforced on.
struct TableEndpoint {
  std::string namespace_name, pod, workload;  // workload "Deployment/frontend"
  std::vector<IpAddress> addresses;
  std::uint32_t identity = 0;       // index into identities
  std::uint16_t subject_class = 0;
  std::uint64_t egress_bandwidth = 0, ingress_bandwidth = 0;  // bytes per second, 0: no limit
  friend auto operator<=>(const TableEndpoint&, const TableEndpoint&) = default;
};

/// What the datapath does with new connections to a listener of a Gateway (datapath.md 3 "Gateways").
enum class ListenerKind : std::uint8_t {
  Balance,   // destination NAT to one of the backends, by weight
  Redirect,  // only a proxy can tell where they go
  Refuse,    // nobody serves them
};
[[nodiscard]] std::string_view to_text(ListenerKind);  // "balance", "redirect", "refuse"

struct TableBackend {
  IpAddress address;         // of the listener's family
  std::uint16_t port = 0;    // network address translation goes there; 0: this share is refused
  std::uint64_t weight = 0;  // of the sum of all; never 0
  friend auto operator<=>(const TableBackend&, const TableBackend&) = default;
};

/// One address, port and protocol that a Gateway answers on.
struct TableListener {
  IpAddress address;
  std::uint16_t port = 0;
  Protocol protocol = Protocol::Tcp;  // Tcp or Udp
  ListenerKind kind = ListenerKind::Refuse;
  std::vector<TableBackend> backends;  // Balance: sorted, at least one
  std::string name;                    // "shop/web/http"
  std::string reason;                  // why it is not balanced
  friend auto operator<=>(const TableListener&, const TableListener&) = default;
};

/// The policy of one node as class tables (datapath.md section 3). A plain value; the same inputs give the same bytes.
///
/// verdict(subject class s, direction d, identity i, slot t, key k):
///   port  = pages[page[t][k >> 8]][k & 255]
///   local = remap[(s * 2 + d) * port_classes + port]
///   base  = rows[(s * 2 + d) * peer_classes + identities[i].peer_class]
///   cells[base + local]
struct TableSet {
  std::string node;
  std::vector<TableIdentity> identities;
  std::vector<TablePrefix> prefixes;                            // sorted
  std::array<std::array<std::uint16_t, 256>, kPortSlots> page{};  // -> index into pages
  std::vector<std::array<std::uint16_t, 256>> pages;            // -> port class
  std::uint32_t subject_classes = 0, peer_classes = 0, port_classes = 0;
  std::vector<std::uint8_t> remap;    // [(subject class, direction)][port class] -> local port class
  std::vector<std::uint32_t> rows;    // [(subject class, direction)][peer class] -> offset into cells
  std::vector<Cell> cells;            // equal rows are stored once
  std::vector<TableEndpoint> endpoints;
  std::vector<RuleRef> rules;         // by RuleId
  bool dual_stack = false;
  std::vector<TableListener> listeners;  // sorted; one for each (address, port, protocol)
  friend auto operator<=>(const TableSet&, const TableSet&) = default;
};

[[nodiscard]] std::uint32_t find_identity(const TableSet&, const IpAddress&);  // longest prefix; 0 when none
[[nodiscard]] const Cell& lookup(const TableSet&, std::uint16_t subject_class, Direction, std::uint32_t identity,
                                 PortSlot, std::uint16_t key);
/// Null: no listener there.
[[nodiscard]] const TableListener* find_listener(const TableSet&, const IpAddress&, std::uint16_t port, Protocol);
/// Every index in range, so that a masked kernel access can never leave its row. Empty, or what is wrong.
[[nodiscard]] std::string check(const TableSet&);
/// --emit tables: the deterministic text form.
[[nodiscard]] std::string to_text(const TableSet&);

}  // namespace weir::ir
