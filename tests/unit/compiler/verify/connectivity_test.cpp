#include "compiler/verify/connectivity.h"

#include <catch2/catch.hpp>

#include "tests/unit/compiler/verify/verified.h"

namespace weir::test {
namespace {

std::string pod(const std::string& space, const std::string& name, const std::string& app, const std::string& owner = "",
                const std::string& more = "") {
  std::string text = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: " + space + ", labels: {app: " + app + "}";
  if (!owner.empty()) text += ", ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: " + owner + ", uid: u}]";
  return text + "}\nspec: {nodeName: n1" + more + ", containers: [{name: c, image: i}]}\n";
}

const std::string kThree = pod("shop", "web", "web") + pod("shop", "db", "db") + pod("ops", "cron", "cron");

std::string policy(const std::string& name, const std::string& spec, const std::string& kind = "CiliumNetworkPolicy") {
  const std::string api = kind == "NetworkPolicy" ? "networking.k8s.io/v1" : "cilium.io/v2";
  return "---\napiVersion: " + api + "\nkind: " + kind + "\nmetadata: {name: " + name + ", namespace: shop}\nspec: " + spec + "\n";
}

std::string ports_of(const compiler::Connectivity& all, compiler::PortsId id) {
  if (all.ports.at(id).ports == ir::every_port()) return "all";
  std::string text;
  for (const auto& interval : all.ports.at(id).ports.intervals)
    text += (text.empty() ? "" : ",") + to_text(static_cast<ir::Protocol>(interval.first >> 16)) + "/" + std::to_string(interval.first & 0xffff) +
            "-" + std::to_string(interval.last & 0xffff);
  return text;
}

std::vector<std::string> lines(const std::string& yaml, const compiler::ConnectivityQuestion& question = {}, ir::Settings settings = {}) {
  const Verified run = verified(yaml, "", settings);
  CHECK_FALSE(run.diagnostics.has(ir::Effect::Refuse));
  const auto all = compiler::connectivity(run.resolved.policies, run.resolved.cluster, question);
  REQUIRE(all);
  std::vector<std::string> found;
  for (const compiler::Connection& c : all->connections)
    found.push_back(all->end(c.source).text + " => " + all->end(c.destination).text + " : " + ports_of(*all, c.ports) +
                    (c.check ? " " + std::string(to_text(*c.check)) : ""));
  for (const compiler::Exposure& e : all->exposures)
    found.push_back(all->end(e.workload).text + " " + std::string(to_text(e.direction)) + " " + e.peer + " : " + ports_of(*all, e.ports));
  return found;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("without policies everybody reaches everybody, once", "[verify]") {
  CHECK(lines(pod("shop", "web", "web") + pod("shop", "db", "db")) ==
        Lines{"entity:world => shop/db[Pod] : all", "entity:world => shop/web[Pod] : all", "shop/db[Pod] => entity:world : all",
              "shop/db[Pod] => shop/web[Pod] : all", "shop/web[Pod] => entity:world : all", "shop/web[Pod] => shop/db[Pod] : all"});
}

TEST_CASE("a connection is egress and ingress", "[verify]") {
  const std::string both =
      policy("db", "{endpointSelector: {matchLabels: {app: db}}, ingress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: '5432', endPort: 5440, protocol: TCP}]}]}]}") +
      policy("web", "{endpointSelector: {matchLabels: {app: web}}, egress: [{toEndpoints: [{}], toPorts: [{ports: [{port: '5438', endPort: 6000, protocol: TCP}]}]}]}");
  CHECK(lines(kThree + both, {.workloads = {"shop/web"}, .peers = {"db"}}) ==
        Lines{"shop/db[Pod] => shop/web[Pod] : all", "shop/web[Pod] => shop/db[Pod] : TCP/5438-5440"});
}

TEST_CASE("a deny cuts the ports out of an allow", "[verify]") {
  const std::string cut = policy("db", "{endpointSelector: {matchLabels: {app: db}}, ingress: [{fromEndpoints: [{}]}], "
                                       "ingressDeny: [{fromEndpoints: [{matchLabels: {app: web}}], toPorts: [{ports: [{port: '80', protocol: TCP}]}]}]}");
  const auto found = lines(kThree + cut, {.workloads = {"db"}, .peers = {"web"}, .direction = ir::Direction::Ingress});
  REQUIRE(found.size() == 1);
  CHECK(found.front() == "shop/web[Pod] => shop/db[Pod] : 0/0-79,TCP/81-65535");
}

TEST_CASE("outside ends are cut by the CIDRs and joined where they fare alike", "[verify]") {
  const std::string block = policy("db", "{endpointSelector: {matchLabels: {app: db}}, ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}, {cidr: 11.0.0.0/8}]}]}");
  CHECK(lines(kThree + block, {.workloads = {"db"}, .peers = {"entity:world"}, .direction = ir::Direction::Ingress}) ==
        Lines{"10.0.0.0-10.0.255.255 => shop/db[Pod] : all", "10.2.0.0-11.255.255.255 => shop/db[Pod] : all"});
  CHECK(lines(kThree + block, {.peers = {"ip:10.3.0.1"}, .direction = ir::Direction::Ingress}) ==
        Lines{"10.2.0.0-11.255.255.255 => shop/db[Pod] : all", "entity:world => ops/cron[Pod] : all", "entity:world => shop/web[Pod] : all"});
}

TEST_CASE("nodes are listed where they differ from the world", "[verify]") {
  const std::string closed = policy("db", "{endpointSelector: {matchLabels: {app: db}}, ingress: [{}], egress: [{toEntities: [remote-node]}]}");
  CHECK(lines(kThree + closed, {.workloads = {"shop/db"}}) ==
        Lines{"entity:host => shop/db[Pod] : all", "shop/db[Pod] => entity:remote-node : all"});
}

TEST_CASE("the pods of a workload are one end when they fare alike", "[verify]") {
  const std::string two = pod("shop", "db-0", "db", "db") + pod("shop", "db-1", "db", "db") + pod("shop", "web", "web");
  const std::string some = policy("db", "{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}", "NetworkPolicy");
  CHECK(lines(two + some, {.workloads = {"web"}, .direction = ir::Direction::Ingress, .ports = ir::ports_of(std::vector{ir::PortMatch{}})}) ==
        Lines{"entity:world => shop/web[Pod] : TCP/0-65535", "shop/db[StatefulSet] => shop/web[Pod] : TCP/0-65535"});
  const std::string odd = pod("shop", "db-0", "db", "db") + pod("shop", "db-1", "leader", "db") + pod("shop", "web", "web");
  CHECK(lines(odd + some, {.workloads = {"db"}, .peers = {"db"}}) == Lines{"shop/db-0[Pod] => shop/db-1[Pod] : all"});
}

TEST_CASE("a host-network pod is its node", "[verify]") {
  const std::string inside = pod("kube-system", "proxy", "proxy", "", ", hostNetwork: true") + pod("shop", "db", "db") +
                             policy("db", "{endpointSelector: {matchLabels: {app: db}}, ingress: [{}], egress: [{}]}");
  const std::string far = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: far, namespace: kube-system}\nspec: {nodeName: n2, hostNetwork: true, containers: [{name: c, image: i}]}\n";
  CHECK(lines(inside + far, {.workloads = {"shop/db"}, .peers = {"kube-system/proxy", "kube-system/far"}}) ==
        Lines{"kube-system/proxy[Pod] => shop/db[Pod] : all"});
}

TEST_CASE("ports that only request rules admit say which", "[verify]") {
  const std::string http = policy("db", "{endpointSelector: {matchLabels: {app: db}}, ingress: [{fromEndpoints: [{matchLabels: {app: web}}], toPorts: "
                                        "[{ports: [{port: '80', protocol: TCP}], rules: {http: [{path: /a}]}}, {ports: [{port: '81', protocol: TCP}]}]}]}");
  CHECK(lines(kThree + http, {.workloads = {"db"}, .peers = {"web"}, .direction = ir::Direction::Ingress}) ==
        Lines{"shop/web[Pod] => shop/db[Pod] : TCP/81-81", "shop/web[Pod] => shop/db[Pod] : TCP/80-80 http"});
}

TEST_CASE("a name that rules speak of is an end", "[verify]") {
  const std::string names = policy("web", "{endpointSelector: {matchLabels: {app: web}}, egress: [{toFQDNs: [{matchPattern: '*.example.com'}], toPorts: "
                                          "[{ports: [{port: '443', protocol: TCP}]}]}, {toEntities: [ingress], toPorts: [{ports: [{port: '53', protocol: UDP}], rules: {dns: [{matchPattern: '*'}]}}]}]}");
  CHECK(lines(kThree + names, {.workloads = {"web"}, .direction = ir::Direction::Egress}) ==
        Lines{"shop/web[Pod] => entity:ingress : UDP/53-53 dns", "shop/web[Pod] => fqdn:*.example.com : TCP/443-443"});
}

TEST_CASE("exposure names the peers that do not exist yet", "[verify]") {
  const std::string open = policy("db", "{endpointSelector: {matchLabels: {app: db}}, ingress: [{fromEndpoints: [{matchLabels: {app: new}}]}, "
                                        "{fromEndpoints: [{matchLabels: {'k8s:io.kubernetes.pod.namespace': ops}}], toPorts: [{ports: [{port: '80', protocol: TCP}]}]}]}");
  const auto found = lines(kThree + open, {.workloads = {"db"}, .direction = ir::Direction::Ingress, .exposure = true});
  CHECK(found == Lines{"entity:host => shop/db[Pod] : all", "ops/cron[Pod] => shop/db[Pod] : TCP/80-80",
                       "shop/db[Pod] ingress any pod of namespace ops : TCP/80-80",
                       "shop/db[Pod] ingress pods any:app=new,k8s:io.cilium.k8s.policy.cluster=default,k8s:io.kubernetes.pod.namespace=shop : all"});
}

TEST_CASE("a workload that is not there is a mistake in the question", "[verify]") {
  const Verified run = verified(kThree);
  const auto all = compiler::connectivity(run.resolved.policies, run.resolved.cluster, {.workloads = {"shop/nobody"}});
  REQUIRE_FALSE(all);
  CHECK(all.error().exit_code == 2);
}

}  // namespace weir::test
