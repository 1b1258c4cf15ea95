// Peers are told apart by refinement: every matcher of a list splits the patterns found so far, so that a list is decided
// once for each pattern and not for each peer. Test: tests/unit/compiler/verify/connectivity_test.cpp.
#include "compiler/verify/admission.h"

#include <algorithm>
#include <array>
#include <optional>

namespace weir::compiler {
namespace {

using Bits = std::vector<std::uint64_t>;

constexpr std::uint32_t kUnsplit = UINT32_MAX;

bool test(const Bits& bits, std::uint32_t bit) { return bit / 64 < bits.size() && (bits[bit / 64] >> (bit % 64) & 1) != 0; }

std::vector<std::uint32_t> matchers_of(const ir::RuleList& list) {
  std::vector<std::uint32_t> bits;
  for (const ir::IndexedGroup& group : list.groups)
    for (const ir::IndexedRule& rule : group.rules) bits.insert(bits.end(), rule.matchers.begin(), rule.matchers.end());
  std::sort(bits.begin(), bits.end());
  bits.erase(std::unique(bits.begin(), bits.end()), bits.end());
  return bits;
}

bool may_match(const ir::IndexedRule& rule, const Bits& bits, bool outside) {
  if (rule.any_peer || (outside && (rule.unresolved || !rule.names.empty()))) return true;
  return std::any_of(rule.matchers.begin(), rule.matchers.end(), [&](std::uint32_t bit) { return test(bits, bit); });
}

/// The list without the rules that never match this peer. Its groups stay: that there are any matters to the walk.
ir::RuleList for_peer(const ir::RuleList& list, const Bits& bits, bool outside) {
  ir::RuleList slim;
  slim.enforced = list.enforced;
  slim.default_deny = list.default_deny;
  slim.lookups = list.lookups;
  for (const ir::IndexedGroup& group : list.groups) {
    slim.groups.push_back({group.tier, group.priority, {}});
    for (const ir::IndexedRule& rule : group.rules)
      if (may_match(rule, bits, outside)) slim.groups.back().rules.push_back(rule);
  }
  for (const ir::RuleList& enforced : list.enforced_only) slim.enforced_only.push_back(for_peer(enforced, bits, outside));
  return slim;
}

/// Where a verdict may change: the first points of the pieces. Each entry of a port list cuts, also inside a wider one of the
/// same list: the narrowest that a packet meets says whose authentication counts (policy.md 3.11).
std::vector<std::uint32_t> pieces_of(const ir::RuleList& list, std::uint32_t last) {
  std::vector<std::uint32_t> starts{0};
  for (const ir::IndexedGroup& group : list.groups)
    for (const ir::IndexedRule& rule : group.rules) {
      if (rule.any_port) continue;
      for (const ir::PortMatch& match : rule.ports) {
        const ir::PortSet::Interval range = ir::interval_of(match);
        if (range.first > range.last) continue;
        starts.push_back(range.first);
        if (range.last < last) starts.push_back(range.last + 1);
      }
    }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  return starts;
}

}  // namespace

std::string_view to_text(RequestCheck check) {
  constexpr std::array<std::string_view, kRequestChecks.size()> kNames = {"http", "dns", "tls"};
  return kNames[static_cast<std::size_t>(check)];
}

ir::PortSet AdmittedPorts::unchecked() const {
  ir::PortSet rest = ports;
  for (const ir::PortSet& part : checked)
    if (!part.empty()) rest = rest.subtract(part);
  return rest;
}

PortsTable::PortsTable() {
  static_cast<void>(of({}));
  static_cast<void>(of({ir::every_port(), {}}));
}

PortsId PortsTable::of(const AdmittedPorts& set) {
  const auto [at, added] = numbers_.emplace(set, PortsId{static_cast<std::uint32_t>(sets_.size())});
  if (added) sets_.push_back(set);
  return at->second;
}

PortsId PortsTable::meet(PortsId a, PortsId b) {
  if (a == b || b == kEvery) return a;
  if (a == kEvery) return b;
  if (a == kNone || b == kNone) return kNone;
  if (b < a) std::swap(a, b);
  const std::uint64_t key = std::uint64_t{a.index} << 32 | b.index;
  if (const auto known = meets_.find(key); known != meets_.end()) return known->second;
  AdmittedPorts both{at(a).ports.intersect(at(b).ports), {}};
  ir::PortSet rest = both.ports;
  for (std::size_t i = 0; i < both.checked.size(); ++i) {
    both.checked[i] = at(a).checked[i].unite(at(b).checked[i]).intersect(rest);
    rest = rest.subtract(both.checked[i]);
  }
  const PortsId id = of(both);
  meets_.emplace(key, id);
  return id;
}

PortsId AdmissionRow::at(PeerId peer) const {
  const auto found = std::lower_bound(others.begin(), others.end(), peer,
                                      [](const auto& other, PeerId wanted) { return other.first < wanted; });
  return found != others.end() && found->first == peer ? found->second : usual;
}

RowMaker::RowMaker(const ir::PolicySet& policies, const ir::RuleIndex& index, const PeerClasses& classes, PortsTable& ports)
    : policies_(policies), index_(index), classes_(classes), peers_(classes.peers), ports_(ports),
      holders_(index.matchers.size()), named_(classes.names.size()), pattern_(classes.peers.size()) {
  for (std::uint32_t i = 0; i < peers_.size(); ++i) {
    if (peers_[i].local_host) local_hosts_.push_back(PeerId{i});
    if (peers_[i].names != 0) named_[peers_[i].names].push_back(PeerId{i});
    const Bits& bits = index.signatures[peers_[i].signature.index];
    for (std::uint32_t bit = 0; bit < holders_.size(); ++bit) {
      if (bit % 64 == 0 && bits[bit / 64] == 0) bit += 63;
      else if (test(bits, bit)) holders_[bit].push_back(PeerId{i});
    }
  }
}

AdmissionRow RowMaker::row(ir::SubjectClass subject, ir::Direction direction, bool node) {
  const ir::RuleList& list = index_.subjects[subject.index][static_cast<std::size_t>(direction)];
  members_.assign(1, static_cast<std::uint32_t>(peers_.size()));
  for (const std::uint32_t matcher : matchers_of(list)) refine(holders_[matcher]);
  if (!node) refine(local_hosts_);
  if (ir::asks_for_names(index_, subject, direction))
    for (const std::vector<PeerId>& peers : named_) refine(peers);
  std::vector<const PeerClass*> samples(members_.size());
  for (const PeerId peer : touched_) samples[pattern_[peer.index]] = &peers_[peer.index];
  std::vector<PortsId> ports(members_.size(), PortsTable::kNone);
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (i > 0 && members_[i] == 0) continue;
    ports[i] = admitted(list, direction, samples[i], samples[i] != nullptr && samples[i]->local_host && !node);
  }
  return take(ports);
}

void RowMaker::refine(const std::vector<PeerId>& members) {
  split_.assign(members_.size(), kUnsplit);
  for (const PeerId peer : members) {
    std::uint32_t& pattern = pattern_[peer.index];
    if (pattern == 0) touched_.push_back(peer);
    --members_[pattern];
    std::uint32_t& next = split_[pattern];
    if (next == kUnsplit) {
      next = static_cast<std::uint32_t>(members_.size());
      members_.push_back(0);
    }
    ++members_[next];
    pattern = next;
  }
}

/// Reads the row off the patterns and forgets them.
AdmissionRow RowMaker::take(const std::vector<PortsId>& ports) {
  std::map<PortsId, std::uint32_t> counts;
  for (std::size_t i = 0; i < ports.size(); ++i) counts[ports[i]] += members_[i];
  AdmissionRow row;
  row.usual = counts.begin()->first;
  for (const auto& [id, count] : counts)
    if (count > counts.at(row.usual)) row.usual = id;
  if (ports[0] == row.usual) {
    for (const PeerId peer : touched_)
      if (const PortsId id = ports[pattern_[peer.index]]; id != row.usual) row.others.emplace_back(peer, id);
    std::sort(row.others.begin(), row.others.end());
  } else {
    for (std::uint32_t i = 0; i < peers_.size(); ++i)
      if (const PortsId id = ports[pattern_[i]]; id != row.usual) row.others.emplace_back(PeerId{i}, id);
  }
  for (const PeerId peer : touched_) pattern_[peer.index] = 0;
  touched_.clear();
  return row;
}

PortsId RowMaker::admitted(const ir::RuleList& list, ir::Direction direction, const PeerClass* peer, bool local_host) {
  static const Bits kNothing;
  if (!list.enforced) return PortsTable::kEvery;
  const Bits& bits = peer != nullptr ? index_.signatures[peer->signature.index] : kNothing;
  const ir::PeerNames* names = peer != nullptr && peer->names != 0 ? &classes_.names[peer->names] : nullptr;
  ir::RuleIndex slim;
  slim.settings = index_.settings;
  slim.subjects.resize(1);
  slim.subjects[0][static_cast<std::size_t>(direction)] = for_peer(list, bits, names != nullptr);
  const std::uint32_t last = ir::every_port().intervals.back().last;
  const auto starts = pieces_of(slim.subjects[0][static_cast<std::size_t>(direction)], last);
  std::vector<ir::PortSet::Interval> open;
  std::array<std::vector<ir::PortSet::Interval>, kRequestChecks.size()> checked;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const auto protocol = static_cast<ir::Protocol>(starts[i] >> 16);
    const auto port = static_cast<std::uint16_t>(starts[i] & 0xffff);
    const auto side = ir::decide(slim, {}, direction, bits, local_host, protocol, port, 0, names);
    // policy.md 6.9
    if (side.verdict != ir::Verdict::Allowed && !side.audit) continue;
    open.push_back({starts[i], i + 1 < starts.size() ? starts[i + 1] - 1 : last});
    if (const auto check = check_of(side)) checked[static_cast<std::size_t>(*check)].push_back(open.back());
  }
  AdmittedPorts result{ir::PortSet::joined(std::move(open)), {}};
  for (std::size_t i = 0; i < checked.size(); ++i) result.checked[i] = ir::PortSet::joined(std::move(checked[i]));
  return ports_.of(result);
}

/// What the rules check that let a connection through; nothing when one of them lets every request through.
std::optional<RequestCheck> RowMaker::check_of(const ir::SideDecision& side) const {
  std::optional<RequestCheck> first;
  if (!side.redirect) return first;
  for (const ir::RuleId id : side.decided_by) {
    const std::optional<ir::L7Rules>& rules = policies_.rule(id).l7;
    if (!rules || (rules->http.empty() && rules->dns.empty() && rules->server_names.empty())) return std::nullopt;
    if (first) continue;
    first = !rules->http.empty() ? RequestCheck::Http : !rules->dns.empty() ? RequestCheck::Dns : RequestCheck::Tls;
  }
  return first;
}

}  // namespace weir::compiler
