// Which matches requests reach, and what is told of those that none does: small tables from YAML.
#include "compiler/verify/route_reach.h"

#include <catch2/catch.hpp>

#include "ir/cluster/settings_merge.h"
#include "tests/unit/compiler/verify/verified.h"

namespace weir::test {
namespace {

using Status = compiler::MatchReach::Status;
using Lines = std::vector<std::string>;

std::string route(const std::string& name, const std::string& rules, const std::string& hostnames = "", const std::string& kind = "HTTPRoute") {
  return "---\napiVersion: gateway.networking.k8s.io/v1\nkind: " + kind + "\nmetadata: {name: " + name + ", namespace: shop}\nspec: {parentRefs: [{name: web}], " +
         (hostnames.empty() ? "" : "hostnames: [" + hostnames + "], ") + "rules: [" + rules + "]}\n";
}

std::string rule(const std::string& matches) { return "{matches: [" + matches + "]}, "; }

ir::Settings settings(const std::string& dialect) { return *ir::merge_settings({{"gateway_dialect", dialect}}); }

Verified run(const std::string& routes, const std::string& dialect = "spec", const std::string& listener = "{name: http, port: 80, protocol: HTTP}") {
  return verified("apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: web, namespace: shop}\nspec: {gatewayClassName: own, listeners: [" + listener +
                      "]}\n" + routes,
                  "", settings(dialect));
}

/// "a 0.0 reached", "b 0.1 taken by a 0.0"
Lines reach(const std::string& routes, const std::string& dialect = "spec") {
  const Verified done = run(routes, dialect);
  const ir::RouteTable& table = done.resolved.routes;
  const auto name = [&](const ir::RouteChoice& choice) { return table.routes[choice.route].name + " " + std::to_string(choice.rule) + "." + std::to_string(choice.match); };
  Lines out;
  for (const compiler::MatchReach& one : compiler::route_reach(compiler::RouteSpace(table))) {
    std::string line = name(one.choice);
    switch (one.status) {
      case Status::Unasked: line += " unasked"; break;
      case Status::Reached: line += " reached"; break;
      case Status::Taken: line += " taken by"; break;
      case Status::Nothing: line += " nothing"; break;
      case Status::Unknown: line += " unknown"; break;
    }
    for (const ir::RouteChoice& taker : one.takers) line += " " + name(taker);
    out.push_back(line);
  }
  return out;
}

std::string prefix(const std::string& path, const std::string& more = "") { return "{path: {value: \"" + path + "\"}" + more + "}"; }
std::string regex(const std::string& path) { return "{path: {type: RegularExpression, value: \"" + path + "\"}}"; }
std::string header(const std::string& value, const std::string& type = "Exact") { return ", headers: [{name: x-user, type: " + type + ", value: \"" + value + "\"}]"; }

Lines details(const Verified& done) {
  Lines out;
  for (const ir::Diagnostic& one : done.diagnostics.list())
    if (info(one.kind).id == "WEIR0430") out.push_back(one.detail);
  return out;
}

}  // namespace

TEST_CASE("what an older or earlier match takes", "[verify][routes]") {
  CHECK(reach(route("a", rule(prefix("/"))) + route("b", rule(prefix("/")))) == Lines{"a 0.0 reached", "b 0.0 taken by a 0.0"});
  CHECK(reach(route("a", rule(prefix("/x")) + rule(prefix("/x/")))) == Lines{"a 0.0 taken by a 1.0", "a 1.0 reached"});
  CHECK(reach(route("a", rule(prefix("/x")) + rule(prefix("/x")))) == Lines{"a 0.0 reached", "a 1.0 taken by a 0.0"});
  CHECK(reach(route("a", rule(prefix("/")) + rule(prefix("/x")))) == Lines{"a 0.0 reached", "a 1.0 reached"});
}

TEST_CASE("equal matches share what Cilium joins", "[verify][routes]") {
  CHECK(reach(route("a", rule(prefix("/"))) + route("b", rule(prefix("/"))), "cilium-1.20") == Lines{"a 0.0 reached", "b 0.0 reached"});
}

TEST_CASE("expressions hide prefixes, and the other way round in Istio", "[verify][routes]") {
  const std::string routes = route("a", rule(regex("/cart.*")) + rule(prefix("/cart")));
  CHECK(reach(routes) == Lines{"a 0.0 reached", "a 1.0 taken by a 0.0"});
  CHECK(reach(routes, "istio") == Lines{"a 0.0 reached", "a 1.0 reached"});
  CHECK(reach(route("a", rule(regex("/cart/.*")) + rule(prefix("/cart"))), "istio") == Lines{"a 0.0 taken by a 1.0", "a 1.0 reached"});
}

TEST_CASE("several take together what none of them takes alone", "[verify][routes]") {
  const std::string all = rule(prefix("/", ", method: GET"));
  CHECK(reach(route("a", rule(regex("/x[a-m].*")) + rule(regex("/x[n-z].*")) + rule(regex("/x[a-z]")))) ==
        Lines{"a 0.0 reached", "a 1.0 reached", "a 2.0 taken by a 0.0 a 1.0"});
  const std::string absent = rule(prefix("/", header("a.*", "RegularExpression"))) + rule(prefix("/", header("[^a].*|", "RegularExpression"))) + rule(prefix("/"));
  CHECK(reach(route("a", absent))[2] == "a 2.0 reached");  // a request without the header
}

TEST_CASE("what no request can meet", "[verify][routes]") {
  CHECK(reach(route("a", rule(regex("[^/].*x")) + rule(prefix("/")))) == Lines{"a 0.0 nothing", "a 1.0 reached"});
  CHECK(reach(route("a", rule(regex("/a\\\\b")) + rule(regex("/.*\\\\n"))))[1] == "a 1.0 nothing");
}

TEST_CASE("hosts keep routes apart", "[verify][routes]") {
  CHECK(reach(route("a", rule(prefix("/")), "a.example.com") + route("b", rule(prefix("/")), "b.example.com")) == Lines{"a 0.0 reached", "b 0.0 reached"});
  CHECK(reach(route("a", rule(prefix("/")), "a.example.com") + route("b", rule("{path: {type: Exact, value: /x}}"), "\"*.example.com\"")) == Lines{"a 0.0 reached", "b 0.0 reached"});
  CHECK(reach(route("a", rule(prefix("/x")), "\"*.example.com\", a.example.com") + route("b", rule(prefix("/x/y")), "a.example.com")) ==
        Lines{"a 0.0 reached", "b 0.0 reached"});
}

TEST_CASE("methods, headers and parameters", "[verify][routes]") {
  const std::string get = ", method: GET", query = ", queryParams: [{name: v, value: \"1\"}]";
  CHECK(reach(route("a", rule(prefix("/", get)) + rule(prefix("/")))) == Lines{"a 0.0 reached", "a 1.0 reached"});
  CHECK(reach(route("a", rule(prefix("/", header(".*", "RegularExpression"))) + rule(prefix("/", header("x"))))) == Lines{"a 0.0 reached", "a 1.0 taken by a 0.0"});
  CHECK(reach(route("a", rule(prefix("/", header("x"))) + rule(prefix("/", header(".*", "RegularExpression"))))) == Lines{"a 0.0 reached", "a 1.0 reached"});
  CHECK(reach(route("a", rule(prefix("/x", query)) + rule(prefix("/", query)))) == Lines{"a 0.0 reached", "a 1.0 reached"});
  CHECK(reach(route("a", rule(prefix("/", header("a"))) + rule(prefix("/", query)) + rule(prefix("/", get + header("a") + query)))) ==
        Lines{"a 0.0 reached", "a 1.0 reached", "a 2.0 reached"});
}

TEST_CASE("it is told once, at the widest level", "[verify][routes]") {
  CHECK(details(run(route("a", rule(regex("/.*")) + rule(prefix("/x"))))) ==
        Lines{"no request reaches rule 1 of HTTPRoute `shop/a`: `RegularExpression /.*` in rule 0 of HTTPRoute `shop/a` takes all that it matches"});
  CHECK(details(run(route("a", rule(regex("/.*"))) + route("b", rule(prefix("/x") + ", " + prefix("/y")) + rule(prefix("/z"))))) ==
        Lines{"no request reaches HTTPRoute `shop/b`: `RegularExpression /.*` in rule 0 of HTTPRoute `shop/a` takes all that they match"});
  CHECK(details(run(route("a", rule(regex("/x.*")) + rule(prefix("/x") + ", " + prefix("/y"))))) ==
        Lines{"no request reaches `PathPrefix /x` in rule 1 of HTTPRoute `shop/a`: `RegularExpression /x.*` in rule 0 of HTTPRoute `shop/a` takes all that it matches"});
}

TEST_CASE("a finding has its witness, its places and a way to mend it", "[verify][routes]") {
  const Verified done = run(route("a", rule(regex("/.*")) + rule(prefix("/x")), "a.example.com"));
  const ir::Diagnostic* found = done.find("WEIR0430");
  REQUIRE(found != nullptr);
  CHECK(found->witness == R"({"gateway":"shop/web","method":"GET","url":"http://a.example.com/x","decided_by":"`RegularExpression /.*` in rule 0 of HTTPRoute `shop/a`"})");
  REQUIRE(found->labels.size() == 1);
  CHECK(found->labels[0].text == "this takes them first: a regular expression ranks before a prefix");
  CHECK(found->fix == "delete the rule, or make `RegularExpression /.*` narrower");
}

TEST_CASE("equal matches of two routes are told as a tie alone", "[verify][routes]") {
  const Verified done = run(route("a", rule(prefix("/"))) + route("b", rule(prefix("/"))));
  CHECK(done.find("WEIR0408") != nullptr);
  CHECK(details(done).empty());
}

TEST_CASE("of two TCPRoutes the second gets nothing", "[verify][routes]") {
  const auto tcp = [](const std::string& name) { return route(name, "{backendRefs: [{name: x, port: 1}]}", "", "TCPRoute"); };
  const Verified done = run(tcp("a") + tcp("b"), "spec", "{name: tcp, port: 9000, protocol: TCP}");
  REQUIRE(details(done).size() == 1);
  CHECK(details(done)[0].starts_with("no request reaches TCPRoute `shop/b`: "));
}

}  // namespace weir::test
