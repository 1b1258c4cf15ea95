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

std::string ports_text(const InvariantPorts& ports) {
  std::string text, separator = " on ";
  for (const ir::PortMatch& match : ports.value_or(std::vector<ir::PortMatch>{})) {
    text += separator + port_text(match);
    separator = ", ";
  }
  return text;
}

struct PartyText {
  std::string operator()(const ir::Party& party) const { return to_text(party); }
  std::string operator()(const NamespaceParty& party) const { return "namespace:" + party.name; }
  std::string operator()(const CidrParty& party) const { return "cidr:" + to_text(party.prefix); }
  std::string operator()(const ClusterParty& party) const { return "cluster:" + party.name; }
  std::string operator()(const NodeParty& party) const { return "node:" + party.key + "=" + party.value; }
};

struct StatementText {
  std::string operator()(const ReachInvariant& reach) const {
    return std::string(reach.claim == Claim::Deny ? "deny" : "allow") + " from " + to_text(reach.source) + " to " + to_text(reach.destination) +
           ports_text(reach.ports);
  }
  std::string operator()(const OnlyInvariant& only) const {
    return "only " + to_text(only.source) + " may reach " + to_text(only.destination) + ports_text(only.ports);
  }
  std::string operator()(const IsolatedInvariant& isolated) const { return "isolated " + to_text(isolated.who); }
  std::string operator()(const CoveredInvariant& covered) const {
    return "every pod in " + to_text(covered.who) + " has " + std::string(to_text(covered.direction)) + " policy";
  }
  std::string operator()(const BandwidthInvariant& bandwidth) const {
    return "egress-bandwidth of " + to_text(bandwidth.who) + " at most " + std::to_string(bandwidth.most);
  }
  std::string operator()(const ServesInvariant& serves) const {
    const std::string port = serves.port ? ":" + std::to_string(*serves.port) : "";
    return "route " + serves.url + " reaches " + serves.namespace_name + "/" + serves.service + port;
  }
  std::string operator()(const ExposesInvariant& exposes) const { return "no route exposes " + to_text(exposes.who); }
};

}  // namespace

std::string to_text(const InvariantParty& party) { return std::visit(PartyText{}, party); }

std::string to_text(const Parties& parties) {
  std::string text;
  for (const InvariantParty& party : parties) text += (text.empty() ? "" : " or ") + to_text(party);
  return text;
}

std::string to_text(const Invariant& invariant) { return std::visit(StatementText{}, invariant.statement); }

}  // namespace weir::compiler
