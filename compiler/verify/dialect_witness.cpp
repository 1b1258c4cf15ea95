// Connections that two dialects answer differently. Nothing is shown that ir::decide has not answered in both.
#include "compiler/verify/dialect_witness.h"

#include <algorithm>
#include <set>

#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

constexpr std::size_t kPodSample = 40, kNodeSample = 4, kQuestions = 4000, kFewQuestions = 600, kManyRules = 2000;

/// Names that a pattern of policy.md 5.5 may stand for, one label deep and two.
std::vector<std::string> names_for(const ir::NamePattern& pattern) {
  if (pattern.literal) return {pattern.text};
  std::vector<std::string> names;
  const bool deep = pattern.text.starts_with("**.");
  for (const char* first : {"a.b.", "a."}) {
    std::string name = deep ? first : "";
    for (const char c : deep ? pattern.text.substr(3) : pattern.text)
      if (c != '*') name += c;
      else if (name.empty() || name.back() != 'x') name += 'x';
    names.push_back(std::move(name));
    if (!deep) break;
  }
  return names;
}

std::vector<ir::PortMatch> ports_to_ask(const ir::Rule& rule) {
  if (!rule.ports || rule.ports->empty()) return {{ir::Protocol::Tcp, {80, 80}}};
  std::vector<ir::PortMatch> ports;
  for (const ir::PortMatch& match : *rule.ports) {
    const bool choice = match.ports.first == 0 && match.ports.last >= 80;
    const std::uint16_t port = choice ? 80 : match.ports.first;
    ports.push_back({match.protocol, {port, port}});
  }
  constexpr std::size_t kPorts = 6;
  if (ports.size() > kPorts) ports.resize(kPorts);
  return ports;
}

std::vector<std::optional<std::string>> queries_to_ask(const ir::Rule& rule) {
  std::vector<std::optional<std::string>> queries = {std::nullopt};
  if (!rule.l7) return queries;
  for (const ir::NamePattern& pattern : rule.l7->dns)
    for (std::string& name : names_for(pattern)) queries.emplace_back(std::move(name));
  return queries;
}

/// policy.md 1.3: what a pod with these labels shows in this dialect.
void filter_labels(const ir::Settings& settings, ir::LabelSet& set) {
  std::erase_if(set.labels, [&](const ir::Label& label) {
    return label.source == "k8s" && !ir::is_derived_key(label.key) && !is_identity_label(settings, label.key);
  });
}

}  // namespace

DialectSearch::DialectSearch(const DialectWorld& from, const DialectWorld& to)
    : from_(from), to_(to), from_space_(from.cluster), to_space_(to.cluster) {
  std::set<ir::LabelSet> seen;
  for (std::uint32_t i = 0; i < from.cluster.pods.size() && sample_.size() < kPodSample; ++i) {
    const ir::Pod& pod = from.cluster.pods[i];
    if (pod.host_network || !seen.insert(pod.labels).second) continue;
    sample_.push_back({.pod = ir::PodId{i}, .party = "pod:" + pod.namespace_name + "/" + pod.name});
    if (!pod.cluster.empty()) sample_.back().notes.push_back("`" + sample_.back().party + "` is a pod of cluster `" + pod.cluster + "`");
  }
  for (std::size_t i = 0; i < from.cluster.nodes.size() && i < kNodeSample; ++i)
    sample_.push_back({.node = from.cluster.nodes[i].name, .party = "node " + from.cluster.nodes[i].name});
}

ir::Endpoint DialectSearch::endpoint(const DialectWorld& world, const End& end, const ir::Endpoint* other) {
  if (end.pod) return endpoint_of(world.cluster, *end.pod);
  if (end.address) return endpoint_of(world.cluster, *end.address);
  if (!end.node.empty()) return ir::node_endpoint(world.cluster, end.node);
  ir::Party party;
  party.kind = end.fqdn.empty() ? ir::PartyKind::Entity : ir::PartyKind::Fqdn;
  party.name = end.fqdn.empty() ? end.party.substr(end.party.find(':') + 1) : end.fqdn;
  const bool named = !end.fqdn.empty() || end.party.starts_with("entity:");
  if (named)
    if (auto found = endpoint_of(world.cluster, party, other)) return *found;
  ir::Endpoint made = end.made;
  filter_labels(world.cluster.settings, made.labels);
  return made;
}

ir::Verdict DialectSearch::ask(const DialectWorld& world, const Question& question) {
  ir::Flow flow;
  flow.source = endpoint(world, question.source, nullptr);
  flow.destination = endpoint(world, question.destination, &flow.source);
  // `entity:host` as a source is the node of the destination.
  flow.source = endpoint(world, question.source, &flow.destination);
  flow.protocol = question.port.protocol;
  flow.port = question.port.ports.first;
  if (question.dns) flow.request = ir::L7Request{std::nullopt, question.dns, std::nullopt};
  return decide(world.policies, world.cluster, flow).verdict;
}

ir::Verdict DialectSearch::ask(const DialectWorld& world) const { return ask(world, last_); }

/// A pod made from the selector, or pods of the input that it selects.
void DialectSearch::add_pods(const DialectWorld& world, const ir::Selector& selector, bool hypothetical, std::vector<End>& into) const {
  if (hypothetical) {
    const Space& space = &world == &from_ ? from_space_ : to_space_;
    const auto box = space.pods_of(selector);
    const auto witness = box ? space.witness(*box) : std::nullopt;
    if (witness) into.push_back({.made = witness->endpoint, .party = witness->party, .notes = witness->notes});
    return;
  }
  constexpr std::size_t kEach = 2;
  std::size_t found = 0;
  for (const End& end : sample_)
    if (end.pod && found < kEach && matches(selector, world.cluster.pod(*end.pod).labels)) {
      into.push_back(end);
      ++found;
    }
}

/// The same pod in another cluster (policy.md 2.4c, 4.8).
void DialectSearch::add_elsewhere(const DialectWorld& world, const ir::Selector& selector, std::vector<End>& into) const {
  ir::Selector elsewhere = selector;
  std::erase_if(elsewhere.requirements, [](const ir::Requirement& r) { return r.key == ir::kClusterKey; });
  const auto& remotes = world.cluster.remotes;
  elsewhere.add(ir::equals("k8s", ir::kClusterKey, remotes.empty() ? "other" : remotes.front()));
  add_pods(world, elsewhere, true, into);
}

std::vector<DialectSearch::End> DialectSearch::subjects(const DialectWorld& world, const ir::Rule& rule) const {
  std::vector<End> ends;
  if (rule.subject_is_node) {
    std::copy_if(sample_.begin(), sample_.end(), std::back_inserter(ends), [](const End& end) { return !end.node.empty(); });
    return ends;
  }
  add_pods(world, rule.subject, false, ends);
  add_pods(world, rule.subject, true, ends);
  return ends;
}

std::vector<DialectSearch::End> DialectSearch::fixed() const {
  std::vector<End> ends;
  for (const char* entity : {"world", "host", "remote-node", "kube-apiserver", "ingress", "health"})
    ends.push_back({.party = std::string("entity:") + entity});
  return ends;
}

std::vector<DialectSearch::End> DialectSearch::peers(const DialectWorld& world, const ir::Rule& rule) const {
  std::vector<End> ends;
  for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{ir::SelectorPeer{}})) {
    if (const auto* selector = std::get_if<ir::SelectorPeer>(&peer)) {
      add_pods(world, selector->selector, false, ends);
      add_pods(world, selector->selector, true, ends);
      add_elsewhere(world, selector->selector, ends);
    } else if (const auto* cidr = std::get_if<ir::CidrPeer>(&peer)) {
      if (const auto inside = ir::witness(addresses_of(*cidr))) ends.push_back({.address = inside, .party = "ip:" + to_text(*inside)});
    } else if (const auto* name = std::get_if<ir::FqdnPeer>(&peer)) {
      for (const std::string& one : names_for(name->name)) ends.push_back({.fqdn = one, .party = "fqdn:" + one});
    }
  }
  for (End& end : fixed()) ends.push_back(std::move(end));
  ends.insert(ends.end(), sample_.begin(), sample_.end());
  return ends;
}

std::optional<DialectWitness> DialectSearch::try_one(const Question& question) {
  const ir::Verdict from = ask(from_, question), to = ask(to_, question);
  if (from == to) return std::nullopt;
  last_ = question;
  DialectWitness witness{question.source.party, question.destination.party, question.port.protocol, question.port.ports.first,
                         question.dns, from, to, {}};
  for (const End* end : {&question.source, &question.destination})
    witness.given.insert(witness.given.end(), end->notes.begin(), end->notes.end());
  return witness;
}

std::optional<DialectWitness> DialectSearch::try_rule(const DialectWorld& world, const ir::Rule& rule) {
  const std::vector<End> all = peers(world, rule);
  for (const End& subject : subjects(world, rule))
    for (const ir::PortMatch& port : ports_to_ask(rule))
      for (const std::optional<std::string>& dns : queries_to_ask(rule))
        for (const End& peer : all) {
          if (left_ == 0) return std::nullopt;
          --left_;
          const bool egress = rule.direction == ir::Direction::Egress;
          if (auto found = try_one({egress ? subject : peer, egress ? peer : subject, port, dns})) return found;
        }
  return std::nullopt;
}

std::optional<DialectWitness> DialectSearch::find(const std::vector<const ir::Rule*>& from_rules,
                                                  const std::vector<const ir::Rule*>& to_rules) {
  left_ = std::max(from_.policies.rules.size(), to_.policies.rules.size()) > kManyRules ? kFewQuestions : kQuestions;
  for (const auto* world : {&from_, &to_})
    for (const ir::Rule* rule : world == &from_ ? from_rules : to_rules)
      if (auto found = try_rule(*world, *rule)) return found;
  return std::nullopt;
}

}  // namespace weir::compiler
