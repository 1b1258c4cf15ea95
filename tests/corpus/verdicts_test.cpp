// flows.md 1.5, "Real oracle": every policy verdict that was really recorded is what the policies beside it say: verdict,
// redirect and match type. What differs has a name.

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>

#include "compiler/api/object_set.h"
#include "compiler/resolve/resolve.h"
#include "compiler/source/load.h"
#include "simulator/flows/flow_reader.h"
#include "simulator/replay/evidence.h"
#include "simulator/replay/judge.h"

using namespace weir;
using namespace weir::simulator;
namespace fs = std::filesystem;

namespace {

std::optional<fs::path> recordings() {
  const char* path = std::getenv("WEIR_FLOWS");
  if (path != nullptr && *path != 0) return fs::path(path) / "hubble-otel";
  std::cout << "SKIPPED: WEIR_FLOWS is not set\n";
  return std::nullopt;
}

compiler::Resolved policies_of(const fs::path& file, const ir::Settings& settings) {
  ir::Files files;
  ir::Diagnostics diagnostics;
  const auto sources = compiler::load({file.string()}, {}, files, diagnostics);
  REQUIRE(sources);
  const compiler::Objects objects = compiler::read(*sources, files, diagnostics);
  compiler::Resolved resolved = compiler::resolve(objects, settings, files, diagnostics);
  REQUIRE_FALSE(diagnostics.has_errors());
  return resolved;
}

/// Why a recorded verdict and the policies differ. Cilium 1.10.5 made the recordings.
enum class Reason {
  Reproduced,
  OtherCluster,  // since 1.19 a selector without a cluster means the own one; 1.10.5 knew of none
  NotExplained,
};

bool same(const Record& record, const ir::SideDecision& decision) {
  const bool redirected = record.verdict == FlowVerdict::Redirected;
  const bool denied = record.verdict == FlowVerdict::Dropped;
  return denied == (decision.verdict == ir::Verdict::Denied) && redirected == decision.redirect &&
         record.match_type == static_cast<std::uint8_t>(decision.match);
}

Reason reason_of(const Record& record, const ir::SideDecision& decision, const Party& peer, const ir::Settings& settings) {
  if (same(record, decision)) return Reason::Reproduced;
  if (settings.default_local_cluster && peer.cluster != settings.cluster_name) return Reason::OtherCluster;
  return Reason::NotExplained;
}

struct Verdicts {
  std::map<Reason, std::size_t> reasons;
  std::map<std::pair<std::uint16_t, ir::MatchType>, std::size_t> predicted;  // (port, match) of redirects
};

Question question_of(const Record& record, const SideEvidence& side, ir::Direction direction, Actors& actors) {
  const ActorId source = actors.find(side.source, *record.source_address);
  const ActorId destination = actors.find(side.destination, *record.destination_address);
  const bool egress = direction == ir::Direction::Egress;
  return {direction, egress ? source : destination, egress ? destination : source,
          egress ? *record.destination_address : *record.source_address, *record.protocol, record.destination_port, record.icmp_code};
}

Verdicts verdicts_of(const fs::path& recording, const compiler::Resolved& policies) {
  Gathered gathered;
  Interned& interned = gathered.interned;
  const KnownNames no_names(gathered);
  Actors actors(policies.cluster, interned.parties, LabelSource::Flow);
  Judge judge(policies, actors, no_names);
  auto reader = FlowReader::open(recording.string(), interned);
  REQUIRE(reader);
  Verdicts verdicts;
  for (Record record; reader->next(record);) {
    if (record.event_type != kPolicyVerdict) continue;
    const Evidence evidence = classify(record, interned.parties);
    for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress}) {
      const SideEvidence& side = evidence.sides[static_cast<std::size_t>(direction)];
      if (side.rank != Rank::PolicyVerdict) continue;
      const ir::SideDecision& decision = judge.at(judge.decide(question_of(record, side, direction, actors)));
      const PartyId peer = direction == ir::Direction::Egress ? record.destination : record.source;
      ++verdicts.reasons[reason_of(record, decision, interned.parties.at(peer), policies.cluster.settings)];
      if (decision.redirect) ++verdicts.predicted[{record.destination_port, decision.match}];
    }
  }
  return verdicts;
}

}  // namespace

TEST_CASE("recorded policy verdicts are reproduced", "[corpus][flows]") {
  const auto folder = recordings();
  if (!folder) return;
  struct Case { std::string why, cluster; ir::Dialect dialect; std::map<Reason, std::size_t> verdicts_only, mixed; };
  const auto c = GENERATE(values<Case>({
      {"today's dialect", "kind-kind", ir::Dialect::Cilium120, {{Reason::Reproduced, 400}}, {{Reason::Reproduced, 27}}},
      {"1.19", "kind-kind", ir::Dialect::Cilium119, {{Reason::Reproduced, 400}}, {{Reason::Reproduced, 27}}},
      {"1.18", "kind-kind", ir::Dialect::Cilium118, {{Reason::Reproduced, 400}}, {{Reason::Reproduced, 27}}},
      {"before 1.19 a cluster's name does not matter", "default", ir::Dialect::Cilium118, {{Reason::Reproduced, 400}}, {{Reason::Reproduced, 27}}},
      {"today it does: the DNS rule names no cluster", "default", ir::Dialect::Cilium120,
       {{Reason::Reproduced, 222}, {Reason::OtherCluster, 178}}, {{Reason::Reproduced, 27}}}}));
  INFO(c.why);
  ir::Settings settings = ir::settings_for(c.dialect);
  settings.cluster_name = c.cluster;
  const compiler::Resolved policies = policies_of(*folder / "visibility-policies.yaml", settings);
  const Verdicts only = verdicts_of(*folder / "basic-sample-400-l7-redirected-flows.jsonl", policies);
  CHECK(only.reasons == c.verdicts_only);
  CHECK(verdicts_of(*folder / "basic-sample-400-tcp-flows.jsonl", policies).reasons == c.mixed);
  // flows.md 1.5: an L3-only rule admits everything as well, and the more specific redirect wins.
  CHECK(only.predicted.at({9080, ir::MatchType::L4Only}) == 222);
  if (c.cluster == "kind-kind") CHECK(only.predicted.at({53, ir::MatchType::L3L4}) == 178);
}
