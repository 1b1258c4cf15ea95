#include <catch2/catch.hpp>

#include "compiler/lower/cidr_index.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/selector_index.h"
#include "ir/flow/endpoint.h"
#include "tests/unit/compiler/lower/fixture.h"

namespace weir::compiler {

TEST_CASE("a selector index finds what matching one by one finds", "[lower]") {
  std::vector<ir::Selector> selectors(6);
  selectors[1].add(ir::equals("k8s", "app", "web"));
  selectors[2].add(ir::exists("any", "app"));
  selectors[3].add({"k8s", "app", ir::Operator::NotIn, {"web"}});
  selectors[4].add({"k8s", "tier", ir::Operator::DoesNotExist, {}});
  selectors[5].add({"k8s", "app", ir::Operator::In, {"db", "web"}});
  selectors[5].add(ir::exists("k8s", "tier"));
  std::vector<const ir::Selector*> pointers;
  for (const ir::Selector& selector : selectors) pointers.push_back(&selector);
  const SelectorIndex index(pointers);
  for (const auto& texts : std::vector<std::vector<std::string>>{
           {}, {"k8s:app=web"}, {"k8s:app=db", "k8s:tier=a"}, {"any:app=web"}, {"k8s:app=", "k8s:tier="}, {"reserved:host"}}) {
    ir::LabelSet labels;
    for (const std::string& text : texts) labels.set(ir::parse_label(text));
    std::vector<std::uint32_t> wanted;
    for (std::uint32_t i = 0; i < selectors.size(); ++i)
      if (matches(selectors[i], labels)) wanted.push_back(i);
    INFO(to_text(labels));
    CHECK(index.matching(labels) == wanted);
  }
}

TEST_CASE("which CIDR peers hold an address", "[lower]") {
  CidrIndex index;
  index.add(7, std::get<ir::CidrPeer>(cidr_peer("10.0.0.0/8", {"10.1.0.0/16"})));
  index.add(8, std::get<ir::CidrPeer>(cidr_peer("10.1.2.0/24")));
  index.add(9, std::get<ir::CidrPeer>(cidr_peer("0.0.0.0/0", {"10.0.0.0/8"})));
  index.add(10, std::get<ir::CidrPeer>(cidr_peer("::/0")));
  struct Case { std::string_view why, prefix; std::vector<std::uint32_t> holding; };
  const auto c = GENERATE(values<Case>({
      {"inside the first", "10.2.0.1", {7}},
      {"inside its except", "10.1.0.1", {}},
      {"an except belongs to its own rule alone", "10.1.2.3", {8}},
      {"/0 with a hole", "11.0.0.0", {9}},
      {"the other family", "2001:db8::1", {10}},
      {"a whole prefix", "10.0.0.0/8", {7}},
      {"a prefix that is an except", "10.1.0.0/16", {}},
      {"the shortest", "0.0.0.0/0", {9}}}));
  INFO(c.why);
  CHECK(index.holding(prefix(c.prefix)) == c.holding);
  CHECK(index.prefixes().size() == 5);
}

TEST_CASE("labels never seen before get a class, equal ones the same", "[lower]") {
  const ir::Cluster cluster = small_cluster();
  ir::RuleIndex index = index_rules(policies_of({rule_on("web", ir::Direction::Ingress, {app_peer("db"), cidr_peer("10.0.0.0/8")})}), cluster);
  Classifier classifier(index);
  const ir::LabelSet web = ir::identity_labels(cluster, "shop", {{"app", "web"}}, "default");
  const ir::LabelSet new_web = ir::identity_labels(cluster, "shop", {{"app", "web"}, {"new", "yes"}}, "default");
  const ir::LabelSet db = ir::identity_labels(cluster, "shop", {{"app", "db"}}, "default");
  CHECK(classifier.subject(web) == classifier.subject(new_web));
  CHECK(classifier.subject(web) != classifier.subject(db));
  CHECK(classifier.peer(web, address("10.0.0.1")) == classifier.peer(new_web, std::nullopt));
  CHECK(classifier.peer(db, std::nullopt) != classifier.peer(web, std::nullopt));
  const ir::LabelSet world = ir::world_labels(cluster.settings, ir::IpFamily::V4);
  CHECK(classifier.peer(world, address("10.0.0.1")) != classifier.peer(world, std::nullopt));
  CHECK(classifier.peer(world, address("11.0.0.1")) == classifier.peer(world, std::nullopt));
}

TEST_CASE("a pod that talks to itself is not asked", "[lower]") {
  const ir::Cluster cluster = small_cluster();
  const ir::PolicySet policies = policies_of({rule_on("web", ir::Direction::Ingress, {})});
  ir::RuleIndex index = index_rules(policies, cluster);
  Classifier classifier(index);
  ir::Flow flow{ir::endpoint_of(cluster, address("10.0.0.1")), ir::endpoint_of(cluster, address("10.0.0.1")), ir::Protocol::Tcp, 80, 0};
  CHECK(decide(policies, index, classifier, flow).verdict == ir::Verdict::Allowed);
  flow.source = ir::endpoint_of(cluster, address("10.0.0.2"));
  CHECK(decide(policies, index, classifier, flow).verdict == ir::Verdict::Denied);
}

}  // namespace weir::compiler
