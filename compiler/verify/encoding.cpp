// policy.md sections 1, 2 and 4 as formulas. tests/unit/compiler/verify/encoding_test.cpp compares every answer with the
// reference evaluator.
#include "compiler/verify/encoding_internal.h"

#include <algorithm>

#include "ir/cluster/cluster.h"

namespace weir::compiler {
namespace {

using ir::Direction;

constexpr unsigned kKindBits = 8, kLabelBits = 16, kAddressBits = 128;
const std::string kNameLabel = std::string(ir::kNamespaceLabelPrefix) + "kubernetes.io/metadata.name";

bool of_pods(const ir::Requirement& requirement) {
  return requirement.source == "any" || requirement.source == "k8s" || requirement.source == "gen";
}

/// Named ports are labels of a source of their own (policy.md 3.8).
std::string written_key(const ir::Requirement& requirement) {
  return requirement.source == "gen" ? "gen:" + requirement.key : requirement.key;
}

}  // namespace

z3::expr any_of(const z3::expr_vector& terms) { return terms.empty() ? terms.ctx().bool_val(false) : z3::mk_or(terms); }
z3::expr all_of(const z3::expr_vector& terms) { return terms.empty() ? terms.ctx().bool_val(true) : z3::mk_and(terms); }

unsigned Domain::number(const std::string& value) const {
  const auto at = std::lower_bound(values.begin(), values.end(), value);
  return at != values.end() && *at == value ? static_cast<unsigned>(at - values.begin()) + 1 : other();
}

Encoding::Encoding(z3::context& context, const Space& space, const ir::PolicySet& policies, const std::vector<EndBox>& parties,
                   const ir::PolicySet* beside)
    : context_(context), space_(space), policies_(policies), protocol_(context.bv_const("protocol", 8)),
      port_(context.bv_const("port", 16)), source_(make_end("")), destination_(make_end("")) {
  learn_rules(policies_);
  if (beside != nullptr) learn_rules(*beside);
  learn_all(parties);
  source_ = make_end("src");
  destination_ = make_end("dst");
}

void Encoding::learn(const std::string& written, const std::vector<std::string>& values) {
  // Kubernetes gives every namespace its name as a label: two keys, one fact.
  const std::string key = written == kNameLabel ? std::string(ir::kNamespaceKey) : written;
  std::vector<std::string>& known = domains_[key].values;
  known.insert(known.end(), values.begin(), values.end());
}

void Encoding::learn(const ir::Selector& selector) {
  for (const ir::Requirement& requirement : selector.requirements)
    if (of_pods(requirement)) learn(written_key(requirement), requirement.values);
}

void Encoding::learn_rules(const ir::PolicySet& policies) {
  for (const ir::Rule& rule : policies.rules) {
    learn(rule.subject);
    for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{}))
      if (const auto* selector = std::get_if<ir::SelectorPeer>(&peer)) learn(selector->selector);
  }
}

void Encoding::learn_all(const std::vector<EndBox>& parties) {
  learn(std::string(ir::kNamespaceKey), {});
  learn(std::string(ir::kClusterKey), {space_.cluster().settings.cluster_name});
  learn(std::string(ir::kClusterKey), space_.cluster().remotes);
  learn(std::string(ir::kServiceAccountKey), {"default"});
  for (const EndBox& box : parties)
    for (const auto& [key, set] : box.labels.keys) learn(key, set.values);
  for (const ir::Namespace& item : space_.cluster().namespaces) {
    if (!item.origin.known()) continue;
    learn(std::string(ir::kNamespaceKey), {item.name});
    for (const auto& [key, value] : item.labels)
      // Only labels that somebody asks for.
      if (domains_.contains(std::string(ir::kNamespaceLabelPrefix) + key))
        learn(std::string(ir::kNamespaceLabelPrefix) + key, {value});
  }
  for (auto& [key, domain] : domains_) {
    std::sort(domain.values.begin(), domain.values.end());
    domain.values.erase(std::unique(domain.values.begin(), domain.values.end()), domain.values.end());
  }
}

bool Encoding::knows(const std::vector<EndBox>& parties) const {
  for (const EndBox& box : parties)
    for (const auto& [key, set] : box.labels.keys) {
      const auto domain = domains_.find(key);
      if (domain == domains_.end()) return false;
      for (const std::string& value : set.values)
        if (domain->second.number(value) == domain->second.other()) return false;
    }
  return true;
}

EndTerms Encoding::make_end(const std::string& name) {
  EndTerms end{context_.bv_const((name + ".kind").c_str(), kKindBits), context_.bool_const((name + ".v6").c_str()),
               context_.bv_const((name + ".address").c_str(), kAddressBits), {}};
  for (const auto& [key, domain] : domains_)
    end.labels.emplace(key, context_.bv_const((name + "." + key).c_str(), kLabelBits));
  return end;
}

const EndTerms& Encoding::end(Direction direction, bool subject) const {
  return (direction == Direction::Egress) == subject ? source_ : destination_;
}

z3::expr Encoding::of_kinds(const EndTerms& end, const std::vector<unsigned>& kinds) {
  z3::expr_vector any(context_);
  for (const unsigned kind : kinds) any.push_back(end.kind == context_.bv_val(kind, kKindBits));
  return any_of(any);
}

z3::expr Encoding::number(const ir::IpAddress& address) {
  z3::expr whole = context_.bv_val(unsigned{address.bytes[0]}, 8);
  for (std::size_t i = 1; i < address.bytes.size(); ++i) whole = z3::concat(whole, context_.bv_val(unsigned{address.bytes[i]}, 8));
  return whole.simplify();
}

z3::expr Encoding::in_prefix(const ir::IpPrefix& prefix, const EndTerms& end) {
  const z3::expr family = prefix.address.family == ir::IpFamily::V6 ? end.v6 : !end.v6;
  if (prefix.length == 0) return family;
  const unsigned low = kAddressBits - prefix.length;
  return family && end.address.extract(kAddressBits - 1, low) == number(prefix.address).extract(kAddressBits - 1, low).simplify();
}

z3::expr Encoding::in_addresses(const ir::AddressSet& set, const EndTerms& end) {
  z3::expr_vector any(context_);
  for (const auto& [first, last] : set.intervals)
    any.push_back((first.family == ir::IpFamily::V6 ? end.v6 : !end.v6) && z3::uge(end.address, number(first)) &&
                  z3::ule(end.address, number(last)));
  return any_of(any);
}

// policy.md 2.2; the label of a pod has source k8s, which `any` matches too (2.1).
z3::expr Encoding::requires_label(const ir::Requirement& requirement, const EndTerms& end) {
  const bool negative = requirement.op == ir::Operator::NotIn || requirement.op == ir::Operator::DoesNotExist;
  if (!of_pods(requirement)) return context_.bool_val(negative);
  const std::string key = requirement.key == kNameLabel ? std::string(ir::kNamespaceKey) : written_key(requirement);
  const z3::expr& label = end.labels.at(key);
  const z3::expr present = label != context_.bv_val(0, kLabelBits);
  if (requirement.op == ir::Operator::Exists) return present;
  if (requirement.op == ir::Operator::DoesNotExist) return !present;
  z3::expr_vector listed(context_);
  for (const std::string& value : requirement.values) listed.push_back(label == context_.bv_val(domains_.at(key).number(value), kLabelBits));
  return requirement.op == ir::Operator::In ? any_of(listed) : !any_of(listed);
}

z3::expr Encoding::selects(const ir::Selector& selector, const EndTerms& end, Reading reading) {
  z3::expr pod = of_kinds(end, {0});
  for (const ir::Requirement& requirement : selector.requirements) pod = pod && requires_label(requirement, end);
  std::vector<unsigned> others;
  for (unsigned i = 1; i < space_.kinds().size(); ++i)
    if (space_.selects(selector, space_.kinds()[i].labels, reading)) others.push_back(i);
  return pod || of_kinds(end, others);
}

// policy.md 2.6
z3::expr Encoding::peer_matches(const ir::Peer& peer, const EndTerms& end, Reading reading) {
  if (const auto* selector = std::get_if<ir::SelectorPeer>(&peer)) return selects(selector->selector, end, reading);
  const auto* cidr = std::get_if<ir::CidrPeer>(&peer);
  std::vector<unsigned> reachable;
  if (cidr == nullptr) {
    // Names and groups: somebody outside, nobody knows who (policy.md 5.6, 2.10).
    for (unsigned i = 0; i < space_.kinds().size(); ++i)
      if (space_.kinds()[i].labels.world() && reading == Reading::May) reachable.push_back(i);
    return of_kinds(end, reachable);
  }
  for (unsigned i = 0; i < space_.kinds().size(); ++i)
    if (space_.kinds()[i].addressed) reachable.push_back(i);
  z3::expr_vector excepted(context_);
  for (const ir::IpPrefix& except : cidr->except) excepted.push_back(in_prefix(except, end));
  return of_kinds(end, reachable) && in_prefix(cidr->cidr, end) && !any_of(excepted);
}

z3::expr Encoding::subject_matches(ir::RuleId id) {
  const ir::Rule& rule = policies_.rule(id);
  if (rule.subject_is_node) return context_.bool_val(false);
  const EndTerms& subject = end(rule.direction, true);
  return of_kinds(subject, {0}) && selects(rule.subject, subject, Reading::May);
}

z3::expr Encoding::peers_match(ir::RuleId id, Reading reading) {
  const ir::Rule& rule = policies_.rule(id);
  if (!rule.peers) return subject_matches(id);
  z3::expr_vector peers(context_);
  for (const ir::Peer& item : *rule.peers) peers.push_back(peer_matches(item, end(rule.direction, false), reading));
  return subject_matches(id) && any_of(peers);
}

z3::expr Encoding::port_matches(const ir::PortMatch& match) {
  return protocol_ == context_.bv_val(static_cast<unsigned>(match.protocol), 8) &&
         z3::uge(port_, context_.bv_val(unsigned{match.ports.first}, 16)) &&
         z3::ule(port_, context_.bv_val(unsigned{match.ports.last}, 16));
}

z3::expr Encoding::rule_matches(ir::RuleId id, Reading reading) {
  const ir::Rule& rule = policies_.rule(id);
  if (!rule.ports) return peers_match(id, reading);
  z3::expr_vector ports(context_);
  for (const ir::PortMatch& match : *rule.ports) ports.push_back(port_matches(match));
  return peers_match(id, reading) && any_of(ports);
}

z3::expr Encoding::in_values(const std::string& key, const ir::ValueSet& set, const EndTerms& end) {
  const auto label = end.labels.find(key);
  if (label == end.labels.end()) return context_.bool_val(true);
  z3::expr_vector values(context_);
  for (const std::string& value : set.values) values.push_back(label->second == context_.bv_val(domains_.at(key).number(value), kLabelBits));
  const z3::expr listed = any_of(values);
  const z3::expr missing = label->second == context_.bv_val(0, kLabelBits);
  return (missing && context_.bool_val(set.absent)) || (!missing && (set.all_but ? !listed : listed));
}

z3::expr Encoding::in_box(const EndBox& box, const EndTerms& end) {
  z3::expr inside = of_kinds(end, {box.kind});
  for (const auto& [key, set] : box.labels.keys) inside = inside && in_values(key, set, end);
  return space_.kinds()[box.kind].addressed ? inside && in_addresses(box.addresses, end) : inside;
}

z3::expr Encoding::in_ports(const ir::PortSet& set) {
  z3::expr_vector any(context_);
  const z3::expr both = z3::concat(protocol_, port_);
  for (const auto& [first, last] : set.intervals)
    any.push_back(z3::uge(both, context_.bv_val(first, 24)) && z3::ule(both, context_.bv_val(last, 24)));
  return any_of(any);
}

}  // namespace weir::compiler
