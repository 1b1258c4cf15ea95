#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "ir/base/ip.h"
#include "ir/base/span.h"
#include "ir/cluster/party.h"
#include "ir/flow/flow.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// `namespace:NS`: every pod of it, whatever its labels.
struct NamespaceParty {
  std::string name;
  friend auto operator<=>(const NamespaceParty&, const NamespaceParty&) = default;
};

/// `cidr:10.0.0.0/8`: every address in it, as the outside.
struct CidrParty {
  ir::IpPrefix prefix;
  friend auto operator<=>(const CidrParty&, const CidrParty&) = default;
};

/// `cluster:east`: every pod of that cluster.
struct ClusterParty {
  std::string name;
  friend auto operator<=>(const ClusterParty&, const ClusterParty&) = default;
};

/// `node:role=worker`: the nodes with this label, as the inventory has them.
struct NodeParty {
  std::string key, value;
  friend auto operator<=>(const NodeParty&, const NodeParty&) = default;
};

/// One end of a statement: the parties of cli.md, and some that only properties have.
using InvariantParty = std::variant<ir::Party, NamespaceParty, CidrParty, ClusterParty, NodeParty>;
/// Any of these: a party, several joined with `or`, or what a named set stands for. Never empty.
using Parties = std::vector<InvariantParty>;
/// Absent: every port and protocol.
using InvariantPorts = std::optional<std::vector<ir::PortMatch>>;

/// Deny: no connection between the parties may pass. Allow: every one must.
enum class Claim : std::uint8_t { Deny, Allow };

/// `deny from A to B [on PORT, PORT]`
struct ReachInvariant {
  Claim claim = Claim::Deny;
  Parties source, destination;
  InvariantPorts ports;
  friend auto operator<=>(const ReachInvariant&, const ReachInvariant&) = default;
};

/// `only A may reach B [on PORT]`: nobody else does.
struct OnlyInvariant {
  Parties source, destination;
  InvariantPorts ports;
  friend auto operator<=>(const OnlyInvariant&, const OnlyInvariant&) = default;
};

/// `isolated S`: nothing outside S reaches it, and it reaches nothing outside.
struct IsolatedInvariant {
  Parties who;
  friend auto operator<=>(const IsolatedInvariant&, const IsolatedInvariant&) = default;
};

/// `every pod in S has ingress policy`: some rule isolates it.
struct CoveredInvariant {
  Parties who;
  ir::Direction direction = ir::Direction::Ingress;
  friend auto operator<=>(const CoveredInvariant&, const CoveredInvariant&) = default;
};

/// `egress-bandwidth of S at most 100M`: every pod of the inventory in S has a limit, and none a greater one.
struct BandwidthInvariant {
  Parties who;
  std::uint64_t most = 0;  // bits per second
  friend auto operator<=>(const BandwidthInvariant&, const BandwidthInvariant&) = default;
};

/// `route URL reaches NAMESPACE/SERVICE[:PORT]`: every backend that a GET of the URL may get is that Service.
struct ServesInvariant {
  std::string url;  // as written
  std::string namespace_name, service;
  std::optional<std::uint16_t> port;
  friend auto operator<=>(const ServesInvariant&, const ServesInvariant&) = default;
};

/// `no route exposes S`: no backend of an attached route has a pod of S behind it.
struct ExposesInvariant {
  Parties who;
  friend auto operator<=>(const ExposesInvariant&, const ExposesInvariant&) = default;
};

/// `except from A to B on PORT because "..." until 2027-01-31`, or `except S because ...` where a statement is about pods.
struct InvariantException {
  Parties source, destination;  // `destination` empty: `source` are the pods that the statement need not hold for
  InvariantPorts ports;
  std::string reason, until;    // the last day it counts, "2027-01-31"
  ir::Span origin;
  friend auto operator<=>(const InvariantException&, const InvariantException&) = default;
};

/// One written property. Later statements are further alternatives.
struct Invariant {
  using Statement = std::variant<ReachInvariant, OnlyInvariant, IsolatedInvariant, CoveredInvariant, BandwidthInvariant, ServesInvariant,
                                 ExposesInvariant>;
  Statement statement;
  ir::Severity severity = ir::Severity::Error;  // of a violation
  std::string reason;                           // why it is written: `because "..."`
  std::vector<InvariantException> exceptions;
  ir::Span origin;
  friend auto operator<=>(const Invariant&, const Invariant&) = default;
};

struct Invariants {
  std::vector<Invariant> statements;  // in the order of files and lines
};

/// Reads one file of invariants; its text must be kept in `files`. A line that cannot be read is WEIR0702, and the other
/// lines are still read. Named sets are those of the same file, defined anywhere in it.
[[nodiscard]] Invariants read_invariants(ir::FileId, const ir::Files& files, ir::Diagnostics&);

/// The one text form of the statement, sets written out: "deny from namespace:dev to labels:pci/app=vault on 443/TCP".
[[nodiscard]] std::string to_text(const Invariant&);
[[nodiscard]] std::string to_text(const InvariantParty&);
[[nodiscard]] std::string to_text(const Parties&);  // "namespace:a or namespace:b"

}  // namespace weir::compiler
