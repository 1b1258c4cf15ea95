#pragma once

#include <compare>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "ir/base/ip.h"
#include "ir/base/span.h"
#include "ir/cluster/party.h"
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

/// One end of a statement: the parties of cli.md, and two that only properties have.
using InvariantParty = std::variant<ir::Party, NamespaceParty, CidrParty>;

/// Deny: no connection between the parties may pass. Allow: every one must.
enum class Claim : std::uint8_t { Deny, Allow };

/// `deny from A to B [on PORT, PORT]`
struct ReachInvariant {
  Claim claim = Claim::Deny;
  InvariantParty source, destination;
  std::optional<std::vector<ir::PortMatch>> ports;  // absent: every port and protocol
  friend auto operator<=>(const ReachInvariant&, const ReachInvariant&) = default;
};

/// One written property. Later statements are further alternatives.
struct Invariant {
  std::variant<ReachInvariant> statement;
  ir::Span origin;
  friend auto operator<=>(const Invariant&, const Invariant&) = default;
};

struct Invariants {
  std::vector<Invariant> statements;  // in the order of files and lines
};

/// Reads one file of invariants; its text must be kept in `files`. A line that cannot be read is WEIR0702, and the other
/// lines are still read.
[[nodiscard]] Invariants read_invariants(ir::FileId, const ir::Files& files, ir::Diagnostics&);

/// The one text form, as it could be written: "deny from namespace:dev to labels:pci/app=vault on 443/TCP".
[[nodiscard]] std::string to_text(const Invariant&);
[[nodiscard]] std::string to_text(const InvariantParty&);

}  // namespace weir::compiler
