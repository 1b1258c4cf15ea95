// Patterns of rules about requests as sets, against the evaluator's own matching (policy.md section 5).
#include "compiler/verify/request_patterns.h"

#include <catch2/catch.hpp>

#include "ir/eval/patterns.h"

using namespace weir;
using namespace weir::compiler;

namespace {

ir::Cluster cluster() {
  ir::Cluster out;
  out.secrets[{"shop", "token"}] = "t0ken";
  return out;
}

/// Whether the request that stands for an atom is one of the pattern.
bool matches(const ir::L7Rules& rules, const ir::L7Request& request, const ir::Cluster& where) {
  if (!rules.http.empty() && request.http && !ir::http_matches(rules.http[0], *request.http, where)) return false;
  if (!rules.dns.empty() && request.dns && !ir::name_matches(rules.dns[0], *request.dns, where.settings.dialect)) return false;
  return rules.server_names.empty() || !request.sni || ir::server_name_matches(rules.server_names[0], *request.sni);
}

ir::L7Rules http(std::string path, std::string method, std::string host, std::vector<ir::HeaderMatch> headers = {}) {
  ir::L7Rules out;
  out.http.push_back({std::move(path), std::move(method), std::move(host), std::move(headers)});
  return out;
}

ir::L7Rules dns(std::string text, bool literal = false) {
  ir::L7Rules out;
  out.dns.push_back({std::move(text), literal});
  return out;
}

ir::L7Rules sni(std::string text) {
  ir::L7Rules out;
  out.server_names.push_back(std::move(text));
  return out;
}

}  // namespace

TEST_CASE("each atom of requests is told apart by the evaluator as the sets say", "[verify][requests]") {
  const ir::Cluster where = cluster();
  const std::vector<ir::L7Rules> all = {
      http("/public", "GET", ""),         http("/public.*", "GET|POST", "shop:8080"), http("/items/[0-9]+", "P.*", ".*\\.example\\.com"), http("(", "", ""),
      http("", "", "", {{"X-Team", "a", {}, ir::Mismatch::Fail}}),
      http("/", "", "", {{"x-team", {}, {}, ir::Mismatch::Fail}, {"x-user", {}, ir::SecretName{"shop", "token"}, ir::Mismatch::Fail}}),
      http("", "", "", {{"x-user", {}, ir::SecretName{"shop", "missing"}, ir::Mismatch::Fail}}), http("", "", "", {{"x-log", "1", {}, ir::Mismatch::Log}}),
      dns("api.example.com", true),       dns("*.example.com"),                       dns("**.example.com"),                              dns("*"),
      dns("ex*.com"),                     sni("api.example.com"),                     sni("*.example.com"),                               sni("**.com"),
      sni("*")};
  int atoms_seen = 0;
  for (const RequestKind kind : kRequestKinds) {
    std::vector<RequestBox> patterns;
    std::vector<std::pair<ir::L7Rules, RequestBox>> of;
    for (const ir::L7Rules& rules : all) {
      const auto boxes = boxes_of(rules, kind, where);
      REQUIRE(boxes);
      for (const RequestBox& box : *boxes) patterns.push_back(box), of.emplace_back(rules, box);
    }
    const auto atoms = atoms_of(kind, patterns, 4000);
    REQUIRE(atoms);
    CHECK(atoms->size() > (kind == RequestKind::Tls || kind == RequestKind::Dns ? 3 : 20));
    for (const RequestBox& atom : *atoms) {
      const ir::L7Request request = request_of(atom, kind);
      INFO(to_text(request));
      ++atoms_seen;
      for (const auto& [rules, box] : of) {
        const auto both = intersect(atom, box);
        REQUIRE(both);
        INFO(to_text(rules));
        CHECK(matches(rules, request, where) == !is_empty(*both));
      }
    }
  }
  CHECK(atoms_seen > 100);
}

TEST_CASE("a request is written in common words where that is possible", "[verify][requests]") {
  CHECK(to_text(request_of(every_request(RequestKind::Http), RequestKind::Http)) == "http GET www.example.com/");
  CHECK(to_text(request_of(every_request(RequestKind::Dns), RequestKind::Dns)) == "dns www.example.com");
  CHECK(to_text(request_of(every_request(RequestKind::Tls), RequestKind::Tls)) == "tls www.example.com");
  CHECK(to_text(request_of(every_request(RequestKind::HttpInTls), RequestKind::HttpInTls)) == "tls www.example.com, http GET www.example.com/");
}

TEST_CASE("what overlaps too much is told, not guessed", "[verify][requests]") {
  std::vector<RequestBox> patterns;
  for (int i = 0; i < 8; ++i) patterns.push_back(boxes_of(http("", "", "", {{"h" + std::to_string(i), {}, {}, ir::Mismatch::Fail}}), RequestKind::Http, cluster())->front());
  CHECK(atoms_of(RequestKind::Http, patterns, 1000)->size() == 256);
  CHECK_FALSE(atoms_of(RequestKind::Http, patterns, 200));
}
