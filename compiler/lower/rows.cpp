#include "compiler/lower/rows.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "compiler/lower/hash.h"
#include "ir/base/check.h"

// One (subject class, direction) at a time: the port classes that its rules tell apart become local ones, and peer
// classes that its rules see alike share one row (datapath.md 3 "Classes"). Cost: one pass over the peer classes, and the
// walk of policy.md 4.2 once for each distinct row and local port. Test: tests/unit/compiler/lower/lower_test.cpp.
namespace weir::compiler {
namespace {

constexpr std::size_t kLocalPorts = 256;

/// The local port classes of a side, one packet class for each.
struct LocalPorts {
  std::vector<std::uint8_t> remap;
  std::vector<std::uint32_t> representative;  // local -> port class
};

std::set<ir::PortMatch> matches_of(const ir::RuleList& list) {
  std::set<ir::PortMatch> matches;
  for (const ir::IndexedGroup& group : list.groups)
    for (const ir::IndexedRule& rule : group.rules) matches.insert(rule.ports.begin(), rule.ports.end());
  return matches;
}

/// Whether the order of map entries can change the match type: only between rules that name their peers and rules that
/// do not (policy.md 6.4, 6.8).
bool order_matters(const ir::RuleList& list) {
  bool named = false, any = false;
  for (const ir::IndexedGroup& group : list.groups)
    for (const ir::IndexedRule& rule : group.rules)
      if (!rule.ports.empty()) (rule.any_peer ? any : named) = true;
  return named && any;
}

/// nullopt: more than the tables can number.
std::optional<LocalPorts> local_ports(const ir::RuleList& list, const PortClasses& ports) {
  const std::set<ir::PortMatch> used = matches_of(list);
  std::vector<bool> matters(ports.matches.size());
  for (std::size_t i = 0; i < matters.size(); ++i) matters[i] = used.count(ports.matches[i]) > 0;
  const bool ordered = order_matters(list);
  std::map<std::tuple<PortKind, std::vector<std::uint32_t>, std::vector<std::uint32_t>>, std::uint8_t> numbers;
  LocalPorts local;
  for (std::uint32_t i = 0; i < ports.classes.size(); ++i) {
    const PortClass& port = ports.classes[i];
    std::vector<std::uint32_t> matches, ranks;
    for (std::size_t m = 0; m < port.matches.size(); ++m) {
      if (!matters[port.matches[m]]) continue;
      matches.push_back(port.matches[m]);
      if (ordered && !port.ranks.empty()) ranks.push_back(port.ranks[m]);
    }
    const PortKind kind = list.enforced ? port.kind : PortKind::Plain;
    const auto next = static_cast<std::uint8_t>(numbers.size());
    const auto [at, added] = numbers.emplace(std::tuple(kind, std::move(matches), ranks_of(ranks)), next);
    if (added && numbers.size() > kLocalPorts) return std::nullopt;
    if (added) local.representative.push_back(i);
    local.remap.push_back(at->second);
  }
  return local;
}

/// The words of a signature that a side's rules look at.
std::vector<std::pair<std::size_t, std::uint64_t>> mask_of(const ir::RuleList& list) {
  std::map<std::size_t, std::uint64_t> words;
  for (const ir::IndexedGroup& group : list.groups)
    for (const ir::IndexedRule& rule : group.rules)
      for (const std::uint32_t bit : rule.matchers) words[bit / 64] |= std::uint64_t{1} << (bit % 64);
  return {words.begin(), words.end()};
}

ir::Cell cell_of(const ir::SideDecision& decision) {
  ir::Cell cell;
  cell.verdict = decision.verdict;
  cell.reason = decision.reason;
  cell.match = decision.match;
  cell.audit = decision.audit;
  cell.redirect = decision.redirect;
  cell.authenticate = decision.authenticate;
  if (!decision.decided_by.empty()) cell.rule = decision.decided_by.front().index;
  return cell;
}

/// A later fragment: only rules without ports apply, and the default deny says why (policy.md 6.5).
ir::Cell fragment_cell(ir::SideDecision decision) {
  if (decision.default_rule == ir::DefaultRule::DefaultDeny) decision.reason = ir::DropReason::FragmentUnsupported;
  return cell_of(decision);
}

class Filler {
 public:
  Filler(const Subjects& subjects, const PeerClasses& peers, const PortClasses& ports, ir::TableSet& tables)
      : subjects_(subjects), peers_(peers), ports_(ports), tables_(tables) {}

  /// False when the side has too many local port classes.
  bool add_side(const TableSubject& subject, ir::Direction direction) {
    const ir::RuleList& list = subjects_.index.subjects[subject.lists.index][static_cast<std::size_t>(direction)];
    const std::optional<LocalPorts> local = local_ports(list, ports_);
    if (!local) return false;
    tables_.remap.insert(tables_.remap.end(), local->remap.begin(), local->remap.end());
    const auto mask = mask_of(list);
    std::unordered_map<std::vector<std::uint64_t>, std::uint32_t, WordsHash> known;
    std::vector<std::uint64_t> key;
    for (const PeerClass& peer : peers_.classes) {
      const auto& bits = subjects_.index.signatures[peer.seen_from(subject.locality).index];
      const bool host = direction == ir::Direction::Ingress && peer.is_host_of(subject.locality);
      key.assign(1, host);
      for (const auto& [word, wanted] : mask) key.push_back(bits[word] & wanted);
      const auto found = known.find(key);
      const std::uint32_t row = found != known.end() ? found->second : add_row(subject, direction, bits, host, *local);
      if (found == known.end()) known.emplace(key, row);
      tables_.rows.push_back(row);
    }
    return true;
  }

 private:
  std::uint32_t add_row(const TableSubject& subject, ir::Direction direction, const std::vector<std::uint64_t>& signature,
                        bool host, const LocalPorts& local) {
    std::vector<ir::Cell> row;
    for (const std::uint32_t number : local.representative) {
      const PortClass& port = ports_.classes[number];
      const bool fragment = port.kind == PortKind::NoHeader;
      const ir::SideDecision decision =
          ir::decide(subjects_.index, subject.lists, direction, signature, host,
                     fragment ? unnamed_protocol() : port.protocol, fragment ? 0 : port.port, port.icmp_code);
      row.push_back(fragment ? fragment_cell(decision) : cell_of(decision));
    }
    const auto [at, added] = rows_.emplace(std::move(row), static_cast<std::uint32_t>(tables_.cells.size()));
    if (added) tables_.cells.insert(tables_.cells.end(), at->first.begin(), at->first.end());
    return at->second;
  }

  /// A protocol that no rule names: what is left of the rules are those without ports.
  [[nodiscard]] ir::Protocol unnamed_protocol() const {
    for (std::uint32_t number = 255;; --number) {
      const auto protocol = static_cast<ir::Protocol>(number);
      const auto names_it = [&](const ir::PortMatch& match) { return match.protocol == protocol; };
      if (std::none_of(ports_.matches.begin(), ports_.matches.end(), names_it)) return protocol;
      WEIR_CHECK(number > 0);
    }
  }

  const Subjects& subjects_;
  const PeerClasses& peers_;
  const PortClasses& ports_;
  ir::TableSet& tables_;
  std::map<std::vector<ir::Cell>, std::uint32_t> rows_;
};

}  // namespace

ir::Result<void> fill_rows(const Subjects& subjects, const PeerClasses& peers, const PortClasses& ports, ir::TableSet& tables) {
  Filler filler(subjects, peers, ports, tables);
  for (std::size_t i = 0; i < subjects.classes.size(); ++i)
    for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress})
      if (!filler.add_side(subjects.classes[i], direction)) {
        const auto at = std::find(subjects.class_of_pod.begin(), subjects.class_of_pod.end(), i);
        const ir::Pod& pod = *subjects.pods[static_cast<std::size_t>(at - subjects.class_of_pod.begin())];
        return ir::failure("the " + std::string(to_text(direction)) + " rules of pod `" + pod.namespace_name + "/" + pod.name +
                           "` cut the ports into more than 256 classes, which the tables cannot hold", 3);
      }
  return {};
}

}  // namespace weir::compiler
