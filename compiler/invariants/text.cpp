#include "compiler/invariants/invariants.h"

namespace weir::compiler {
namespace {

/// "8080/TCP", "8000-8100/TCP", "ICMP"
std::string port_text(const ir::PortMatch& match) {
  if (match.ports.all()) return to_text(match.protocol);
  std::string text = std::to_string(match.ports.first);
  if (match.ports.last != match.ports.first) text += "-" + std::to_string(match.ports.last);
  return text + "/" + to_text(match.protocol);
}

struct PartyText {
  std::string operator()(const ir::Party& party) const { return to_text(party); }
  std::string operator()(const NamespaceParty& party) const { return "namespace:" + party.name; }
  std::string operator()(const CidrParty& party) const { return "cidr:" + to_text(party.prefix); }
};

struct StatementText {
  std::string operator()(const ReachInvariant& reach) const {
    std::string text = reach.claim == Claim::Deny ? "deny from " : "allow from ";
    text += to_text(reach.source) + " to " + to_text(reach.destination);
    if (!reach.ports) return text;
    std::string separator = " on ";
    for (const ir::PortMatch& match : *reach.ports) {
      text += separator + port_text(match);
      separator = ", ";
    }
    return text;
  }
};

}  // namespace

std::string to_text(const InvariantParty& party) { return std::visit(PartyText{}, party); }

std::string to_text(const Invariant& invariant) { return std::visit(StatementText{}, invariant.statement); }

}  // namespace weir::compiler
