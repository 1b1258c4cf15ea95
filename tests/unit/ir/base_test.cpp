#include <catch2/catch.hpp>

#include "ir/base/diagnostic.h"
#include "ir/base/ip.h"
#include "ir/base/ports.h"
#include "ir/cluster/cluster.h"
#include "ir/cluster/party.h"

namespace weir::ir {

TEST_CASE("addresses are read strictly", "[base]") {
  struct Case { std::string_view why, text, back; };
  const auto c = GENERATE(values<Case>({{"plain", "10.0.0.1", "10.0.0.1"},
                                        {"leading zero is octal to some", "010.0.0.1", ""},
                                        {"three parts", "10.0.1", ""},
                                        {"shortest form", "2001:db8:0:0::1", "2001:db8::1"},
                                        {"zone", "fe80::1%eth0", ""},
                                        {"space", "10.0.0.1 ", ""},
                                        {"empty", "", ""}}));
  INFO(c.why);
  const auto address = parse_address(c.text);
  CHECK((address ? to_text(*address) : "") == c.back);
}

TEST_CASE("prefixes", "[base]") {
  struct Case { std::string_view why, prefix, address; bool inside; };
  const auto c = GENERATE(values<Case>({{"network address", "10.0.0.0/24", "10.0.0.0", true},
                                        {"last address", "10.0.0.0/24", "10.0.0.255", true},
                                        {"next network", "10.0.0.0/24", "10.0.1.0", false},
                                        {"odd length", "10.0.0.0/23", "10.0.1.7", true},
                                        {"everything", "0.0.0.0/0", "255.255.255.255", true},
                                        {"families do not mix", "0.0.0.0/0", "::", false},
                                        {"v6", "2001:db8::/33", "2001:db8:7fff::1", true},
                                        {"v6 next", "2001:db8::/33", "2001:db8:8000::", false}}));
  INFO(c.why);
  CHECK(contains(*parse_prefix(c.prefix), *parse_address(c.address)) == c.inside);
  bool host_bits = false;
  CHECK(to_text(*parse_prefix("10.0.0.7/24", &host_bits)) == "10.0.0.0/24");
  CHECK(host_bits);
  CHECK_FALSE(parse_prefix("10.0.0.0/33"));
  CHECK_FALSE(parse_prefix("10.0.0.0/08"));
  CHECK_FALSE(parse_prefix("10.0.0.0/"));
}

TEST_CASE("selectors", "[cluster]") {
  LabelSet set;
  set.set({"k8s", "app", "web"});
  set.set({"reserved", "world", ""});
  struct Case { std::string_view why; Requirement requirement; bool match; };
  const std::vector<Case> cases = {
      {"in", {"k8s", "app", Operator::In, {"api", "web"}}, true},
      {"any source", {"any", "app", Operator::In, {"web"}}, true},
      {"another source", {"cni", "app", Operator::In, {"web"}}, false},
      {"notin holds without the key", {"k8s", "tier", Operator::NotIn, {"a"}}, true},
      {"notin", {"k8s", "app", Operator::NotIn, {"web"}}, false},
      {"exists", {"reserved", "world", Operator::Exists, {}}, true},
      {"does not exist", {"k8s", "app", Operator::DoesNotExist, {}}, false}};
  for (const Case& c : cases) {
    INFO(c.why);
    CHECK(matches(c.requirement, set) == c.match);
  }
  CHECK(matches(Selector{}, set));
}

TEST_CASE("identity labels", "[cluster]") {
  Cluster cluster;
  cluster.namespaces.push_back({"shop", {{"team", "a"}}, {}, {}});
  const LabelSet set = identity_labels(cluster, "shop", {{"app", "web"}, {"pod-template-hash", "1"},
                                       {"app.kubernetes.io/name", "w"}, {std::string(kClusterKey), "fake"}}, "sa");
  CHECK(set.has("k8s", "app"));
  CHECK(set.has("k8s", "app.kubernetes.io/name"));
  CHECK_FALSE(set.has("k8s", "pod-template-hash"));
  CHECK(set.find("k8s", kClusterKey)->value == "default");
  CHECK(set.has("k8s", "io.cilium.k8s.namespace.labels.team"));
  CHECK(set.find("k8s", "io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name")->value == "shop");
}

TEST_CASE("parties have one text form", "[cluster]") {
  for (const std::string text : {"pod:shop/frontend", "workload:shop/backend", "pod:east/shop/frontend", "workload:east/shop/backend", "labels:shop/app=web,tier=a", "labels:shop/a=b/,c=d", "pod:s.0/web",
                                 "ip:2001:db8::1", "entity:world", "fqdn:example.com"}) {
    const auto party = parse_party(text, "default");
    REQUIRE(party);
    CHECK(to_text(*party) == text);
  }
  CHECK(to_text(*parse_party("pod:web", "shop")) == "pod:shop/web");
  CHECK(parse_party("pod:east/shop/web", "x")->cluster == "east");
  CHECK(parse_party("pod:east/shop/web", "x")->namespace_name == "shop");
  CHECK(parse_party("labels:shop/team/app=web", "x")->cluster.empty());
  CHECK(to_text(*parse_party("labels:app.kubernetes.io/name=x", "shop")) == "labels:shop/app.kubernetes.io/name=x");
  for (const std::string text : {"", "pod:", "shop/frontend", "entity:mars", "ip:10.0.0", "labels:shop/app", "pod:a/b/c/d"})
    CHECK(parse_party(text, "default").error().exit_code == 2);
}

TEST_CASE("settings are read and printed by the same keys", "[cluster]") {
  for (const auto& [key, value] : to_pairs(Settings{})) {
    if (key == "dialect") continue;
    INFO(key);
    CHECK(with(Settings{}, key, value) == Settings{});
  }
  CHECK(with(Settings{}, "enforcement", "sometimes").error().exit_code == 2);
  CHECK(with(Settings{}, "no_such_key", "true").error().exit_code == 2);
}

TEST_CASE("codes are unique", "[base]") {
  for (std::size_t i = 0; i + 1 < all_codes().size(); ++i)
    for (std::size_t j = i + 1; j < all_codes().size(); ++j) {
      CHECK(all_codes()[i].id != all_codes()[j].id);
      CHECK(all_codes()[i].slug != all_codes()[j].slug);
    }
}

}  // namespace weir::ir
