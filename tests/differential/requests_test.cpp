// The request rules in the evaluator and in the table form, on random rules and requests (policy.md section 5).
// WEIR_SEED=n repeats a run, WEIR_CASES=n changes its length.
#include <catch2/catch.hpp>
#include <iostream>

#include "compiler/lower/requests.h"
#include "ir/eval/l7.h"
#include "ir/eval/patterns.h"
#include "ir/tables/name_match.h"
#include "tests/differential/generator/agreement.h"
#include "tests/differential/generator/random_cluster.h"
#include "tests/differential/generator/random_flows.h"
#include "tests/differential/generator/random_policies.h"

namespace weir::tests {
namespace {

constexpr std::uint64_t kRequestsOfASet = 200;

std::string random_name(Random& random) {
  const std::vector<std::string> labels{"a", "api", "b", "example", "com", "*", "**", "ex*", "*e", "A-1", "_x", ""};
  std::string name;
  for (std::uint32_t count = 1 + random.below(4); count > 0; --count) name += (name.empty() ? "" : ".") + random.pick(labels);
  return random.chance(15) ? name + "." : name;
}

/// A name that real things have: no star, no empty label.
std::string random_real_name(Random& random) {
  const std::vector<std::string> names{"api.example.com", "example.com", "a.b.example.com", "API.example.com.", "xexample.com", "a", "com", "."};
  return random.pick(names);
}

ir::HeaderMatch random_header(Random& random) {
  ir::HeaderMatch header{random.chance(50) ? "X-Team" : "x-user", {}, {}, ir::Mismatch::Fail};
  if (random.chance(60)) header.value = random.chance(50) ? "a" : "b";
  if (random.chance(20)) header.secret = ir::SecretName{"shop", random.chance(50) ? "token" : "missing"};
  if (random.chance(15)) header.mismatch = ir::Mismatch::Log;
  return header;
}

ir::HttpMatch random_http(Random& random) {
  const std::vector<std::string> paths{"", "/public", "/public.*", "/a|/b", "/items/[0-9]+", "/", "("};
  const std::vector<std::string> methods{"", "GET", "GET|POST", "P.*"}, hosts{"", "shop", "shop:8080", ".*\\.example\\.com"};
  ir::HttpMatch match{random.pick(paths), random.pick(methods), random.pick(hosts), {}};
  while (random.chance(30)) match.headers.push_back(random_header(random));
  return match;
}

ir::L7Rules random_rules(Random& random) {
  ir::L7Rules rules;
  const std::uint32_t kind = random.below(10);
  if (kind < 5)
    for (std::uint32_t count = 1 + random.below(3); count > 0; --count) rules.http.push_back(random_http(random));
  if (kind >= 5 && kind < 8)
    for (std::uint32_t count = 1 + random.below(2); count > 0; --count) rules.dns.push_back(random.chance(40) ? ir::NamePattern{random_real_name(random), true} : ir::NamePattern{random_name(random), false});
  if (kind == 8 || random.chance(15)) {
    rules.server_names.push_back(random_name(random));
    rules.terminates_tls = random.chance(40);
  }
  if (kind == 9) (random.chance(50) ? rules.listener : rules.parser) = "other";
  return rules;
}

/// More request rules, on few ports and peers, so that they meet.
void add_requests(Random& random, ir::PolicySet& policies) {
  for (ir::Rule& rule : policies.rules) {
    if (rule.action != ir::Action::Allow) continue;
    rule.l7.reset();
    if (random.chance(60)) rule.l7 = random_rules(random);
    if (random.chance(50)) rule.peers.reset();
    if (random.chance(60)) rule.ports = std::vector<ir::PortMatch>{{random.chance(70) ? ir::Protocol::Tcp : ir::Protocol::Udp, {80, static_cast<std::uint16_t>(random.chance(70) ? 80 : 90)}}};
  }
}

ir::L7Request random_request(Random& random) {
  ir::L7Request request;
  const std::uint32_t kind = random.below(10);
  if (kind < 5) {
    const std::vector<std::string> paths{"/", "/public", "/public?x=1", "/a", "/items/7", "/publicx"}, hosts{"shop", "shop:8080", "a.example.com"};
    request.http = ir::HttpRequest{random.chance(60) ? "GET" : "POST", random.pick(paths), random.pick(hosts), {}};
    while (random.chance(40)) request.http->headers.emplace_back(random.chance(50) ? "X-TEAM" : "x-user", random.chance(50) ? "a" : "t0ken");
  }
  if (kind >= 5 && kind < 8) request.dns = random.chance(50) ? random_real_name(random) : random_name(random);
  if (kind >= 8 || (request.http && random.chance(20))) request.sni = random.chance(15) ? "" : random_real_name(random);
  return request;
}

std::string text(const std::optional<ir::L7Decision>& decision) {
  if (!decision) return "none";
  std::string out = std::string(to_text(decision->verdict)) + " " + decision->protocol + " " + std::string(to_text(decision->side));
  for (const ir::RuleId id : decision->decided_by) out += " " + std::to_string(id.index);
  return out;
}

}  // namespace

TEST_CASE("request rules mean the same in the evaluator and in the table form", "[differential]") {
  // More than a million tells nothing new.
  const std::uint64_t wanted = std::min<std::uint64_t>(cases(50'000), 1'000'000);
  std::uint64_t done = 0, sets = 0, denied = 0, spoken = 0;
  while (done < wanted) {
    Random random(seed() + ++sets);
    ir::Cluster cluster = random_cluster(random, random_settings(random));
    widen(random, cluster);
    cluster.secrets[{"shop", "token"}] = "t0ken";
    ir::PolicySet policies = random_policies(random, cluster, Language::Whole);
    add_requests(random, policies);
    ir::RuleIndex index = compiler::index_rules(policies, cluster);
    compiler::Classifier classifier(index);
    const compiler::RequestTable table(policies, cluster);
    const FlowSource flows(cluster, policies);
    for (std::uint64_t i = 0; i < kRequestsOfASet && !flows.empty(); ++i, ++done) {
      ir::Flow flow = flows.draw(random);
      flow.request = random_request(random);
      const auto reference = ir::decide_request(policies, cluster, flow);
      const auto got = table.decide(index, classifier, flow);
      spoken += reference.has_value();
      denied += reference && reference->verdict == ir::Verdict::Denied;
      if (got == reference) continue;
      FAIL("WEIR_SEED=" << seed() << ", policy set " << sets << "\n" << describe(policies, cluster) << "\n" << to_text(flow) << "\ntable: "
                        << text(got) << "\nevaluator: " << text(reference));
    }
  }
  std::cout << "differential: " << done << " requests, " << sets << " policy sets, " << spoken << " met request rules, " << denied
            << " denied, seed " << seed() << ", 0 differences\n";
  CHECK(spoken > done / 20);
  CHECK(denied > spoken / 50);
}

TEST_CASE("names match alike with and without expressions", "[differential]") {
  Random random(seed());
  const std::uint64_t wanted = std::min<std::uint64_t>(cases(50'000), 1'000'000);
  std::uint64_t matched = 0;
  for (std::uint64_t i = 0; i < wanted; ++i) {
    // The importer lets no star into a literal name.
    const bool literal = random.chance(30);
    const ir::NamePattern pattern{literal ? random_real_name(random) : random_name(random), literal};
    const std::string name = random.chance(60) ? random_real_name(random) : random_name(random);
    const ir::Dialect dialect = random.chance(50) ? ir::Dialect::Cilium120 : ir::Dialect::Cilium118;
    INFO("WEIR_SEED=" << seed() << " `" << pattern.text << "` and `" << name << "`" << (pattern.literal ? " literal" : ""));
    const bool reference = ir::name_matches(pattern, name, dialect);
    matched += reference;
    REQUIRE(ir::matches_name(pattern, name, dialect) == reference);
    REQUIRE(ir::matches_server_name(pattern.text, name) == ir::server_name_matches(pattern.text, name));
  }
  std::cout << "differential: " << wanted << " names, " << matched << " matched, seed " << seed() << ", 0 differences\n";
  CHECK(matched > wanted / 100);
}

}  // namespace weir::tests
