// Tested by testdata/diff/lookups-overlap and tests/differential/diff_test.cpp.
#include "compiler/verify/spoken_names.h"

#include <algorithm>

#include "compiler/verify/named_outside.h"
#include "compiler/verify/request_samples.h"
#include "compiler/verify/verify.h"
#include "ir/eval/patterns.h"

namespace weir::compiler {
namespace {

using Patterns = std::set<ir::NamePattern>;

/// Which of the patterns take the name.
std::vector<const ir::NamePattern*> taking(const SpokenNames& spoken, const std::string& name, ir::Dialect dialect) {
  std::vector<const ir::NamePattern*> out;
  for (const Patterns* patterns : {&spoken.peers, &spoken.lookups})
    for (const ir::NamePattern& one : *patterns)
      if (ir::name_matches(one, name, dialect)) out.push_back(&one);
  return out;
}

}  // namespace

void SpokenNames::merge(SpokenNames other) {
  peers.merge(other.peers);
  lookups.merge(other.lookups);
}

SpokenNames spoken_names(const ir::PolicySet& policies) {
  SpokenNames out;
  for (const ir::Rule& rule : policies.rules) {
    for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{}))
      if (const auto* name = std::get_if<ir::FqdnPeer>(&peer)) out.peers.insert(name->name);
    if (rule.l7) out.lookups.insert(rule.l7->dns.begin(), rule.l7->dns.end());
  }
  return out;
}

std::vector<std::string> names_told_apart(const SpokenNames& spoken, const ir::Cluster& cluster, std::string& unknown) {
  if (spoken.peers.empty()) return {};
  Patterns all = spoken.peers;
  all.insert(spoken.lookups.begin(), spoken.lookups.end());
  ir::L7Rules rules;
  rules.dns.assign(all.begin(), all.end());
  RequestSamples samples(cluster, VerifyLimits{}.pieces);
  std::vector<std::string> out;
  for (const ir::L7Request& request : samples.of({rules}, RequestKind::Dns))
    if (request.dns) out.push_back(*request.dns);
  if (!samples.why().empty()) unknown = "too many patterns of names overlap";
  return out;
}

std::set<ir::NamePattern> listed_names(const SpokenNames& spoken, const ir::Cluster& cluster, std::string& unknown) {
  const ir::Dialect dialect = cluster.settings.dialect;
  Patterns out = spoken.peers;
  if (out.empty()) return out;
  std::copy_if(spoken.lookups.begin(), spoken.lookups.end(), std::inserter(out, out.end()), [](const ir::NamePattern& one) { return one.literal; });
  std::set<std::vector<const ir::NamePattern*>> ways;
  for (const ir::NamePattern& one : out) ways.insert(taking(spoken, sample_of(one.text), dialect));
  const auto is_peer = [&](const ir::NamePattern* one) { return spoken.peers.contains(*one); };
  for (const std::string& name : names_told_apart(spoken, cluster, unknown)) {
    auto way = taking(spoken, name, dialect);
    if (std::any_of(way.begin(), way.end(), is_peer) && ways.insert(std::move(way)).second) out.insert({name, true});
  }
  return out;
}

}  // namespace weir::compiler
