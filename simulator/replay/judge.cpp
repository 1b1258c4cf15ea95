#include "simulator/replay/judge.h"

#include <tsl/robin_map.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <tuple>

#include "compiler/lower/lower.h"
#include "compiler/lower/requests.h"
#include "ir/flow/endpoint.h"

namespace weir::simulator {
namespace {

constexpr std::uint32_t kUnknown = 0xffffffff;
/// Addresses whose signature is kept at a time; more than a cluster talks to within minutes.
constexpr std::size_t kAddresses = 100'000;

struct AddressKey {
  std::uint32_t actor;
  ir::IpAddress address;
  friend bool operator==(const AddressKey&, const AddressKey&) = default;
};

/// Peer, the subject's party, address.
using NamesKey = std::tuple<std::uint32_t, std::uint32_t, ir::IpAddress>;

struct AddressHash {
  std::size_t operator()(const AddressKey& key) const noexcept {
    return hash_bytes({reinterpret_cast<const char*>(key.address.bytes.data()), 16}) ^ (key.actor * 0x9e3779b97f4a7c15u);
  }
};

/// All that a side's decision depends on.
struct CaseKey {
  std::uint32_t subject_class = 0, signature = 0;
  std::uint32_t names = 0;  // number of State::names, 0: not asked for
  std::uint16_t port = 0;
  std::uint8_t protocol = 0, icmp_code = 0, direction = 0, host = 0;
  std::uint16_t unused = 0;
  friend bool operator==(const CaseKey&, const CaseKey&) = default;
};

struct CaseHash {
  std::size_t operator()(const CaseKey& key) const noexcept {
    static_assert(sizeof(CaseKey) == 20, "no padding");
    return hash_bytes({reinterpret_cast<const char*>(&key), sizeof key});
  }
};

}  // namespace

struct Judge::State {
  State(const compiler::Resolved& resolved_, const Actors& actors_, const KnownNames& known_, bool before_)
      : resolved(resolved_), actors(actors_), recorded_names(known_), before(before_), cluster(resolved.cluster), index(compiler::index_rules(resolved.policies, resolved.cluster)), classifier(index),
        addresses_matter(resolved.cluster.settings.cidr_match_pods || resolved.cluster.settings.cidr_match_nodes) {}

  const compiler::Resolved& resolved;
  const Actors& actors;
  const KnownNames& recorded_names;
  bool before;
  const ir::Cluster& cluster;
  ir::RuleIndex index;
  compiler::Classifier classifier;
  bool addresses_matter;  // CIDRs may match pods and nodes too
  std::vector<std::uint32_t> classes, signatures;  // by ActorId; kUnknown: not yet
  tsl::robin_map<AddressKey, std::uint32_t, AddressHash> by_address;
  tsl::robin_map<CaseKey, std::uint32_t, CaseHash> cases;
  std::map<ir::SideDecision, std::uint32_t> ids;  // equal decisions are one judgement
  std::deque<ir::SideDecision> decisions;
  std::map<std::pair<bool, std::vector<std::string>>, std::uint32_t> name_ids;
  std::deque<ir::PeerNames> names;  // by number - 1
  std::map<NamesKey, std::uint32_t> names_by_address;
  std::optional<compiler::RequestTable> requests;                           // made when the first is asked

  const ir::LabelSet& labels_of(ActorId id) const {
    const Actor& actor = actors.at(id);
    return before && actor.before ? *actor.before : actor.labels;
  }

  /// What DNS is known to have answered: to everybody by the inventory, to the subject by the recording.
  std::vector<std::string> all_names(const Question& question) const {
    std::vector<std::string> all = ir::names_of(cluster, question.peer_address);
    const std::vector<std::string>& recorded = recorded_names.of(question.subject_party, question.peer_address);
    all.insert(all.end(), recorded.begin(), recorded.end());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }

  // policy.md 5.6: rules by name ask what DNS is known to have answered.
  std::uint32_t names_of(const Question& question) {
    if (names_by_address.size() > kAddresses) names_by_address.clear();
    const auto [at, added] = names_by_address.try_emplace({question.peer.index, question.subject_party.index, question.peer_address}, 0u);
    if (!added) return at->second;
    ir::PeerNames found{actors.at(question.peer).labels.world(), all_names(question)};
    const auto [known, fresh] = name_ids.try_emplace({found.outside, found.names}, static_cast<std::uint32_t>(names.size()) + 1);
    if (fresh) names.push_back(std::move(found));
    return at->second = known->second;
  }

  /// One end as the evaluator sees it. The other side's policy is another question: only the subject is a pod.
  ir::Endpoint endpoint(ActorId id, bool subject) const {
    ir::Endpoint end;
    end.kind = subject ? ir::EndpointKind::Pod : ir::EndpointKind::Other;
    end.labels = labels_of(id);
    return end;
  }

  std::uint32_t class_of(ActorId id) {
    if (classes.size() <= id.index) classes.resize(actors.size(), kUnknown);
    std::uint32_t& known = classes[id.index];
    if (known == kUnknown) known = classifier.subject(labels_of(id)).index;
    return known;
  }

  std::uint32_t signature_of(ActorId id, const ir::IpAddress& address) {
    const Actor& actor = actors.at(id);
    if (actor.by_address || addresses_matter) {
      if (by_address.size() > kAddresses) by_address.clear();
      const auto [at, added] = by_address.try_emplace(AddressKey{id.index, address}, 0u);
      if (added) at.value() = classifier.peer(labels_of(id), address).index;
      return at->second;
    }
    if (signatures.size() <= id.index) signatures.resize(actors.size(), kUnknown);
    std::uint32_t& known = signatures[id.index];
    if (known == kUnknown) known = classifier.peer(labels_of(id), address).index;
    return known;
  }
};

Judge::Judge(const compiler::Resolved& resolved, const Actors& actors, const KnownNames& names, bool before)
    : state_(std::make_unique<State>(resolved, actors, names, before)) {}
Judge::~Judge() = default;

JudgementId Judge::decide(const Question& question) {
  State& state = *state_;
  const bool host = state.actors.at(question.peer).host;
  const std::uint32_t subject = state.class_of(question.subject);
  const std::uint32_t signature = state.signature_of(question.peer, question.peer_address);
  const bool by_name = ir::asks_for_names(state.index, ir::SubjectClass{subject}, question.direction);
  const std::uint32_t names = by_name ? state.names_of(question) : 0;
  const CaseKey key{subject, signature, names, question.port,
                    static_cast<std::uint8_t>(question.protocol), question.icmp_code,
                    static_cast<std::uint8_t>(question.direction), host, 0};
  if (const auto at = state.cases.find(key); at != state.cases.end()) return {at->second};
  ir::SideDecision decision =
      ir::decide(state.index, ir::SubjectClass{key.subject_class}, question.direction,
                 state.index.signatures[key.signature], host, question.protocol, question.port, question.icmp_code,
                 names == 0 ? nullptr : &state.names[names - 1]);
  const auto [at, added] = state.ids.try_emplace(decision, static_cast<std::uint32_t>(state.decisions.size()));
  if (added) state.decisions.push_back(std::move(decision));
  state.cases.emplace(key, at->second);
  return {at->second};
}

RequestJudgement Judge::decide(const Question& question, const ir::L7Request& request) {
  State& state = *state_;
  RequestJudgement out{decide(question), std::nullopt};
  if (!state.requests) state.requests.emplace(state.resolved.policies, state.cluster);
  const bool egress = question.direction == ir::Direction::Egress;
  ir::Flow flow;
  (egress ? flow.source : flow.destination) = state.endpoint(question.subject, true);
  ir::Endpoint& peer = egress ? flow.destination : flow.source;
  peer = state.endpoint(question.peer, false);
  peer.address = question.peer_address;
  peer.dns_names = state.all_names(question);
  flow.protocol = question.protocol;
  flow.port = question.port;
  flow.request = request;
  out.request = state.requests->decide(state.index, state.classifier, flow);
  return out;
}

const ir::SideDecision& Judge::at(JudgementId id) const { return state_->decisions[id.index]; }

bool Judge::enforced(const ir::LabelSet& labels, ir::Direction direction) {
  const ir::SubjectClass subject = state_->classifier.subject(labels);
  return state_->index.subjects[subject.index][static_cast<std::size_t>(direction)].enforced;
}

}  // namespace weir::simulator
