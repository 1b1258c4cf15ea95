#include "tests/differential/generator/random_requests.h"

#include <algorithm>

namespace weir::tests {

std::string random_name(Random& random) {
  const std::vector<std::string> labels{"a", "api", "b", "example", "com", "*", "**", "ex*", "*e", "A-1", "_x", ""};
  std::string name;
  for (std::uint32_t count = 1 + random.below(4); count > 0; --count) name += (name.empty() ? "" : ".") + random.pick(labels);
  return random.chance(15) ? name + "." : name;
}

std::string random_real_name(Random& random) {
  const std::vector<std::string> names{"api.example.com", "example.com", "a.b.example.com", "API.example.com.", "xexample.com", "a", "com", "."};
  return random.pick(names);
}

namespace {

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

}  // namespace

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

namespace {

bool is_host(const std::string& name) {
  return name.empty() || (name.find('*') == std::string::npos && name.find("..") == std::string::npos && !name.starts_with('.') && !name.ends_with('.'));
}

}  // namespace

ir::L7Request random_real_request(Random& random) {
  for (;;) {
    ir::L7Request request = random_request(random);
    std::string dns = request.dns.value_or("a");
    if (dns.size() > 1 && dns.ends_with('.')) dns.pop_back();
    if (!request.sni.value_or("").empty() && !is_host(*request.sni)) continue;
    if (dns != "." && (dns.empty() || !is_host(dns))) continue;
    if (request.http) {
      std::vector<std::string> names;
      for (const auto& [name, value] : request.http->headers) names.push_back(name);
      std::sort(names.begin(), names.end());
      if (std::adjacent_find(names.begin(), names.end()) != names.end()) continue;
    }
    return request;
  }
}

}  // namespace weir::tests
