// What exists, the walk over groups of policy.md 4.2, and the way back from a model to a connection.
#include <algorithm>
#include <tuple>

#include "compiler/verify/encoding_internal.h"
#include "ir/cluster/cluster.h"

namespace weir::compiler {
namespace {

using ir::Direction;

constexpr unsigned kLabelBits = 16;

bool same_group(const ir::Rule& a, const ir::Rule& b) {
  return std::tie(a.tier, a.priority) == std::tie(b.tier, b.priority);
}

/// Words of users end no comment.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = '?';
  return text;
}

// policy.md 6.8: the empty selector names nobody.
bool names_peer(const ir::Rule& rule) {
  return rule.peers && std::none_of(rule.peers->begin(), rule.peers->end(), [](const ir::Peer& peer) {
    const auto* selector = std::get_if<ir::SelectorPeer>(&peer);
    return selector && selector->selector.everything();
  });
}

/// One allow and one of its port ranges: how narrow it is, whether it names a peer, and when it matches.
struct Mode {
  std::uint32_t width = 0x20000;
  bool any_peer = false, fails = false;
  z3::expr matches;
};

unsigned value_of(const z3::model& model, const z3::expr& term) { return model.eval(term, true).get_numeral_uint(); }

}  // namespace

/// A namespace of the inventory has the labels written there, and no others.
z3::expr Encoding::namespaces_are_as_known(const EndTerms& end) {
  z3::expr_vector all(context_);
  const Domain& names = domains_.at(std::string(ir::kNamespaceKey));
  for (const ir::Namespace& item : space_.cluster().namespaces) {
    if (!item.origin.known()) continue;
    z3::expr here = end.labels.at(std::string(ir::kNamespaceKey)) == context_.bv_val(names.number(item.name), kLabelBits);
    const std::string key_of_cluster(ir::kClusterKey);
    const std::string& cluster = item.cluster.empty() ? space_.cluster().settings.cluster_name : item.cluster;
    // With remote clusters a namespace has the labels that its own cluster gives it.
    if (!space_.cluster().remotes.empty())
      here = here && end.labels.at(key_of_cluster) == context_.bv_val(domains_.at(key_of_cluster).number(cluster), kLabelBits);
    for (const auto& [key, domain] : domains_) {
      if (!key.starts_with(ir::kNamespaceLabelPrefix)) continue;
      const auto label = item.labels.find(key.substr(ir::kNamespaceLabelPrefix.size()));
      const unsigned number = label == item.labels.end() ? 0 : domain.number(label->second);
      all.push_back(z3::implies(here, end.labels.at(key) == context_.bv_val(number, kLabelBits)));
    }
  }
  return all_of(all);
}

// policy.md 1.2 to 1.5
z3::expr Encoding::end_exists(const EndTerms& end) {
  z3::expr_vector all(context_);
  all.push_back(z3::ult(end.kind, context_.bv_val(static_cast<unsigned>(space_.kinds().size()), 8)));
  for (const auto& [key, domain] : domains_) {
    const z3::expr& label = end.labels.at(key);
    all.push_back(z3::ule(label, context_.bv_val(domain.other(), kLabelBits)));
    const bool derived = ir::is_derived_key(key);
    const bool always = derived && !key.starts_with(ir::kNamespaceLabelPrefix);
    if (always) all.push_back(label != context_.bv_val(0, kLabelBits));
    if (!derived && !is_identity_label(space_.cluster().settings, key)) all.push_back(label == context_.bv_val(0, kLabelBits));
  }
  for (unsigned i = 0; i < space_.kinds().size(); ++i)
    if (space_.kinds()[i].addressed)
      all.push_back(z3::implies(of_kinds(end, {i}), in_addresses(space_.kinds()[i].addresses, end)));
  // The bits behind an IPv4 address are zero.
  all.push_back(end.v6 || end.address.extract(95, 0) == context_.bv_val(0, 96));
  all.push_back(namespaces_are_as_known(end));
  return all_of(all);
}

z3::expr Encoding::connection_exists() {
  const auto is = [&](ir::Protocol protocol) { return protocol_ == context_.bv_val(static_cast<unsigned>(protocol), 8); };
  const z3::expr ported = is(ir::Protocol::Tcp) || is(ir::Protocol::Udp) || is(ir::Protocol::Sctp);
  const z3::expr typed = is(ir::Protocol::Icmp) || is(ir::Protocol::Icmpv6);
  const z3::expr ports = ported || (typed && z3::ule(port_, context_.bv_val(255, 16))) || port_ == context_.bv_val(0, 16);
  // policy.md 4.5: a pod that talks to its own address is not judged. Addresses of pods count only where CIDRs may match them.
  const z3::expr itself = context_.bool_val(space_.kinds()[0].addressed) && of_kinds(source_, {0}) && of_kinds(destination_, {0}) &&
                          source_.v6 == destination_.v6 && source_.address == destination_.address;
  return end_exists(source_) && end_exists(destination_) && ports && !itself;
}

// dd of policy.md 4.2
z3::expr Encoding::isolated(Direction direction) {
  if (space_.cluster().settings.enforcement == ir::Enforcement::Always) return context_.bool_val(true);
  z3::expr_vector isolated(context_);
  for (std::uint32_t i = 0; i < policies_.rules.size(); ++i)
    if (policies_.rules[i].direction == direction && policies_.rules[i].default_deny)
      isolated.push_back(subject_matches(ir::RuleId{i}));
  return any_of(isolated);
}

// policy.md 4.2, what comes after the groups.
z3::expr Encoding::default_allows(Direction direction) {
  const ir::Settings& settings = space_.cluster().settings;
  if (direction == Direction::Egress || !settings.allow_localhost) return !isolated(direction);
  z3::expr_vector selected(context_);
  for (std::uint32_t i = 0; i < policies_.rules.size(); ++i)
    if (policies_.rules[i].direction == direction) selected.push_back(subject_matches(ir::RuleId{i}));
  std::vector<unsigned> hosts;
  for (unsigned i = 0; i < space_.kinds().size(); ++i)
    if (space_.kinds()[i].labels.reserved("host")) hosts.push_back(i);
  const z3::expr counts = any_of(selected) || context_.bool_val(settings.dialect != ir::Dialect::Cilium120);
  return !isolated(direction) || (of_kinds(end(direction, false), hosts) && counts);
}

// The mode of the most specific rule that has one; of equal ones the higher.
z3::expr Encoding::authentication_fails(std::size_t first, std::size_t last, Direction direction) {
  std::vector<Mode> modes;
  for (std::size_t i = first; i < last; ++i) {
    const ir::Rule& rule = policies_.rules[i];
    if (rule.direction != direction || rule.action != ir::Action::Allow || rule.auth == ir::Auth::Unset) continue;
    const z3::expr peers = peers_match(ir::RuleId{static_cast<std::uint32_t>(i)}, Reading::Sure);
    const bool fails = rule.auth == ir::Auth::AlwaysFail;
    if (!rule.ports) modes.push_back({0x20000, !names_peer(rule), fails, peers});
    for (const ir::PortMatch& match : rule.ports.value_or(std::vector<ir::PortMatch>{}))
      modes.push_back({std::uint32_t{match.ports.last} - match.ports.first + 1, !names_peer(rule), fails, peers && port_matches(match)});
  }
  const auto level = [](const Mode& mode) { return std::tie(mode.width, mode.any_peer); };
  std::stable_sort(modes.begin(), modes.end(), [&](const Mode& a, const Mode& b) { return level(a) < level(b); });
  z3::expr failed = context_.bool_val(false), known = failed;
  for (std::size_t begin = 0, next = 0; begin < modes.size(); begin = next) {
    z3::expr some = context_.bool_val(false), fails = some;
    for (next = begin; next < modes.size() && level(modes[next]) == level(modes[begin]); ++next) {
      some = some || modes[next].matches;
      if (modes[next].fails) fails = fails || modes[next].matches;
    }
    failed = failed || (!known && fails);
    known = known || some;
  }
  return failed;
}

z3::expr Encoding::side_allows(Direction direction) {
  if (space_.cluster().settings.enforcement == ir::Enforcement::Never) return context_.bool_val(true);
  z3::expr allowed = context_.bool_val(false), decided = context_.bool_val(false), skipped = context_.bool_val(false);
  const auto& rules = policies_.rules;
  for (std::size_t begin = 0, next = 0; begin < rules.size(); begin = next) {
    if (begin > 0 && rules[begin].tier != rules[begin - 1].tier) skipped = context_.bool_val(false);
    z3::expr_vector denies(context_), allows(context_), passes(context_);
    for (next = begin; next < rules.size() && same_group(rules[begin], rules[next]); ++next) {
      if (rules[next].direction != direction) continue;
      z3::expr_vector& which = rules[next].action == ir::Action::Deny    ? denies
                               : rules[next].action == ir::Action::Allow ? allows
                                                                         : passes;
      which.push_back(rule_matches(ir::RuleId{static_cast<std::uint32_t>(next)}, Reading::Sure));
    }
    const z3::expr deny = any_of(denies), allow = any_of(allows), pass = any_of(passes);
    z3::expr asked = !decided && !skipped;
    // policy.md 8.2
    const bool last_word = !space_.cluster().settings.derived_baseline_before_default_deny;
    if (rules[begin].tier == ir::Tier::Baseline && last_word) asked = asked && !isolated(direction);
    allowed = allowed || (asked && !deny && allow && !authentication_fails(begin, next, direction));
    skipped = skipped || (asked && !deny && !allow && pass);
    decided = decided || (asked && (deny || allow));
  }
  // policy.md 4.4: an end that is no pod has no policy.
  return !of_kinds(end(direction, true), {0}) || allowed || (!decided && default_allows(direction));
}

std::string Encoding::legend() const {
  std::string text = "; kind:";
  for (std::size_t i = 0; i < space_.kinds().size(); ++i)
    text += " " + std::to_string(i) + " " + (i == 0 ? "pod" : to_text(space_.kinds()[i].labels));
  for (const auto& [key, domain] : domains_) {
    text += "\n; " + one_line(key) + ": 0 absent";
    for (const std::string& value : domain.values) text += ", " + std::to_string(domain.number(value)) + " " + one_line(value);
    text += ", " + std::to_string(domain.other()) + " any other";
  }
  return text + "\n";
}

EndBox Encoding::decode(const z3::model& model, const EndTerms& end) const {
  EndBox box;
  box.kind = value_of(model, end.kind);
  if (space_.kinds()[box.kind].addressed) {
    ir::IpAddress address{model.eval(end.v6, true).is_true() ? ir::IpFamily::V6 : ir::IpFamily::V4, {}};
    for (unsigned i = 0; i < 16; ++i)
      address.bytes[i] = static_cast<std::uint8_t>(value_of(model, end.address.extract(127 - 8 * i, 120 - 8 * i)));
    box.addresses = ir::AddressSet::of(address, address);
  }
  if (box.kind != 0) return box;
  for (const auto& [key, domain] : domains_) {
    const unsigned number = value_of(model, end.labels.at(key));
    ir::ValueSet set = number == 0 ? ir::ValueSet::of(ir::Operator::DoesNotExist, {})
                       : number == domain.other() ? ir::ValueSet{false, true, domain.values}
                                                  : ir::ValueSet::one(domain.values[number - 1]);
    // The model obeys end_exists, so no key is left without a value.
    (void)box.labels.constrain(key, set);
  }
  return box;
}

std::optional<ConnectionWitness> Encoding::decode(const z3::model& model) const {
  const std::uint32_t point = (value_of(model, protocol_) << 16) + value_of(model, port_);
  return witness(space_, {decode(model, source_), decode(model, destination_), ir::PortSet::of(point, point)});
}

}  // namespace weir::compiler
