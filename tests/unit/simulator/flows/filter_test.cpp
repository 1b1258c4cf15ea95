#include <catch2/catch.hpp>

#include "simulator/flows/filter.h"
#include "simulator/flows/filter_times.h"
#include "simulator/flows/label_query.h"
#include "simulator/flows/times.h"

using namespace weir;
using namespace weir::simulator;

namespace {

/// shop/web-1 (10.0.0.1:40000) asks pay/db-1 (10.1.0.2:8080) for GET http://db.pay:8080/items/a%20b?x=1; allowed.
struct Flow {
  Interned interned;
  FlowDetail detail;
  Record record;

  PartyId add(Party party) {
    const std::string key = party.namespace_name + "/" + party.pod;
    return interned.parties.add(key, hash_bytes(key), std::move(party));
  }
  Flow() {
    record.source = add({2001, "east", "shop", "web-1", {"k8s:app=web", "k8s:tier=front", "unlabelled"}, "Deployment", "web", false, 0});
    record.destination = add({2002, "west", "pay", "db-1", {"k8s:app=db", "any:zone=a"}, "StatefulSet", "db", false, 0});
    record.verdict = FlowVerdict::Forwarded;
    record.type = FlowType::L7;
    record.event_type = kL7;
    record.direction = FlowDirection::Ingress;
    record.is_reply = Tristate::No;
    record.protocol = ir::Protocol::Tcp;
    record.has_ports = true;
    record.source_port = 40000;
    record.destination_port = 8080;
    record.source_address = ir::parse_address("10.0.0.1");
    record.destination_address = ir::parse_address("10.1.0.2");
    record.node = interned.nodes.id("east/node-1.example.com");
    record.time = *parse_time("2026-01-01T12:00:00Z");
    record.has_time = true;
    record.uuid = {0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0};
    detail.destination_names = {"db.pay.svc.cluster.local", "API.example.com"};
    detail.destination_service_namespace = "pay";
    detail.destination_service = "db";
    detail.tcp_flags = 0x12;
    detail.source_translated = ir::parse_address("192.0.2.7");
    detail.node_labels = {"kubernetes.io/os=linux", "io.cilium/egress-gateway"};
    detail.http = HttpDetail{"GET", "http://db.pay:8080/items/a%20b?x=1", "HTTP/1.1", 404, {{"X-Team", "a"}}};
    record.detail = &detail;
  }
  Flow(const Flow&) = delete;
};

/// "--not --pod a --port 1" as a command line has it; flags without a value end in "!".
FilterFlags flags_of(const std::string& line) {
  FilterFlags flags;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = std::min(line.find(" --", at), line.size());
    const std::string one = line.substr(at + 2, end - at - 2);
    const std::size_t space = one.find(' ');
    flags.emplace_back(one.substr(0, space), space == std::string::npos ? "" : one.substr(space + 1));
    at = end + 1;
  }
  return flags;
}

const std::optional<std::int64_t> kEnd = parse_time("2026-01-01T13:00:00Z");

bool passes(const std::string& line, const Flow& flow) {
  const auto filter = FlowFilter::parse(flags_of(line), kEnd);
  INFO((filter ? line : line + ": " + filter.error().message));
  REQUIRE(filter);
  return filter->matches(flow.record, flow.interned);
}

}  // namespace

TEST_CASE("filters of hubble", "[filter]") {
  struct Case { std::string flags; bool passes; };
  const auto c = GENERATE(values<Case>({
      {"", true},
      {"--namespace shop", true}, {"--namespace pay", true}, {"--namespace sho", false},
      {"--from-namespace shop", true}, {"--from-namespace pay", false}, {"--to-namespace pay", true}, {"--to-namespace shop", false},
      {"--from-namespace shop --to-namespace pay", true}, {"--from-namespace shop --to-namespace shop", false},
      {"--from-namespace a --from-namespace shop", true}, {"--all-namespaces", true}, {"--from-all-namespaces", true},
      {"--pod shop/web", true}, {"--pod pay/db-1", true}, {"--pod shop/db", false}, {"--pod web", false}, {"--pod shop/", true},
      {"--from-pod shop/web-1", true}, {"--from-pod pay/db", false}, {"--to-pod pay/db", true}, {"--to-pod shop/web", false},
      {"--namespace shop --pod web", true}, {"--namespace shop --pod db", false}, {"--namespace pay --pod db", true},
      {"--from-namespace shop --from-pod web", true}, {"--from-namespace shop --from-pod shop/web", true},
      {"--service pay/d", true}, {"--to-service pay/db", true}, {"--from-service pay/db", false}, {"--to-namespace pay --to-service db", true},
      {"--to-service db", false},
      {"--workload web", true}, {"--workload Deployment/web", true}, {"--workload StatefulSet/web", false}, {"--workload StatefulSet/", true},
      {"--from-workload db", false}, {"--to-workload db", true},
      {"--label app=web", true}, {"--label k8s:app=db", true}, {"--label reserved:app=db", false}, {"--label zone", true},
      {"--label app=web,tier=front", true}, {"--label app=web,zone=a", false}, {"--label app in (a, web),!legacy", true},
      {"--label app notin (web,db)", false}, {"--label app!=web", true}, {"--from-label app!=web", false}, {"--from-label unlabelled", true},
      {"--from-label app=db", false}, {"--to-label app=db", true}, {"--label app=x --label app=db", true},
      // One end that is both, not one each.
      {"--pod shop/web --label app=db", false}, {"--pod shop/web --label app=web", true}, {"--pod shop/web --port 8080", false},
      {"--pod shop/web --to-port 8080", true},
      {"--ip 10.0.0.1", true}, {"--ip 10.1.0.0/16", true}, {"--ip 10.2.0.0/16", false}, {"--from-ip 10.1.0.2", false}, {"--to-ip 10.1.0.2", true},
      {"--snat-ip 192.0.2.0/24", true}, {"--snat-ip 192.0.3.0/24", false},
      {"--identity 2002", true}, {"--from-identity 2002", false}, {"--to-identity 2002", true}, {"--identity world", false},
      {"--fqdn *.example.com", true}, {"--to-fqdn db.pay.*", true}, {"--from-fqdn *", false}, {"--fqdn example.com", false},
      {"--to-fqdn DB.pay.svc.cluster.local.", true}, {"--to-fqdn dbxpay*", false},
      {"--cluster west", true}, {"--from-cluster west", false}, {"--to-cluster w*", true}, {"--cluster north", false},
      {"--verdict FORWARDED", true}, {"--verdict DROPPED", false}, {"--verdict DROPPED --verdict FORWARDED", true},
      {"--drop-reason-desc POLICY_DENIED", false},
      {"--protocol tcp", true}, {"--protocol HTTP", true}, {"--protocol udp", false}, {"--protocol dns", false}, {"--protocol icmp --protocol tcp", true},
      {"--port 8080", true}, {"--port 40000", true}, {"--from-port 8080", false}, {"--to-port 8080", true}, {"--to-port 8000-8080", true},
      {"--to-port 8081-9000", false}, {"--port 1", false},
      {"--type l7", true}, {"--type trace", false}, {"--type 129", true}, {"--type l7:0", true}, {"--type l7:1", false}, {"--type trace:to-endpoint", false},
      {"--traffic-direction INGRESS", true}, {"--traffic-direction egress", false},
      {"--reply", false}, {"--reply true", false}, {"--reply false", true},
      {"--http-status 404", true}, {"--http-status 4+", true}, {"--http-status 40+", true}, {"--http-status 4xx", true}, {"--http-status 404+", true},
      {"--http-status 5+", false}, {"--http-status 405", false},
      {"--http-method get", true}, {"--http-method POST", false},
      {"--http-path ^/items/a b$", true}, {"--http-path x=1", false}, {"--http-path /items/\\w", true},
      {"--http-url x=1$", true}, {"--http-url ^/items", false}, {"--http-header X-Team:a", true}, {"--http-header X-Team:b", false},
      {"--http-status 404 --type l7", true},
      {"--dns-query .*", false},
      {"--tcp-flags syn", true}, {"--tcp-flags SYN,ack", true}, {"--tcp-flags fin", false}, {"--tcp-flags syn,fin", false},
      {"--tcp-flags fin --tcp-flags ack", true},
      {"--node-name node-1.example.com", true}, {"--node-name node-*", true}, {"--node-name east/", true}, {"--node-name west/node*", false},
      {"--node-name east/*.example.com", true}, {"--node-name node-2*", false},
      {"--node-label kubernetes.io/os=linux", true}, {"--node-label io.cilium/egress-gateway", true}, {"--node-label kubernetes.io/os=windows", false},
      {"--uuid 12345678-9abc-def0-1234-56789abcdef0", true}, {"--uuid 00000000-0000-0000-0000-000000000001", false},
      {"--ipv4", true}, {"--ipv6", false}, {"--ipv4 --ipv6", true}, {"--ip-version v6", false}, {"--ip-version none", false},
      {"--since 2026-01-01T12:00:00Z", true}, {"--since 2026-01-01T12:00:00.000000001Z", false}, {"--until 2026-01-01T12:00:00Z", true},
      {"--until 2026-01-01T11:59:59Z", false}, {"--since 1h", true}, {"--since 59m59s", false}, {"--until 1h", true}, {"--until 1h0m1s", false},
      {"--since 2026-01-01 --until 2026-01-01T12:00Z", true}, {"--since 2026-01-01T13+00:00", false},
      {"--not --pod shop/web", false}, {"--not --pod shop/x", true}, {"--not --verdict DROPPED", true}, {"--verdict FORWARDED --not --port 8080", false},
      // All of them, as in hubble: it is left out only when it is both.
      {"--not --verdict FORWARDED --not --port 99", true}, {"--not --verdict FORWARDED --not --port 8080", false},
      {"--not --port 99 --not --port 8080", false}}));
  INFO(c.flags);
  CHECK(passes(c.flags, Flow()) == c.passes);
}

TEST_CASE("flows that lack what a filter asks for do not match it", "[filter]") {
  Flow flow;
  flow.record.detail = nullptr;
  for (const char* flags : {"--fqdn *", "--http-status 4+", "--http-path .*", "--dns-query .*", "--tcp-flags syn", "--service pay/db", "--snat-ip 0.0.0.0/0",
                            "--node-label a", "--http-header X-Team:a", "--protocol http"}) {
    INFO(flags);
    CHECK_FALSE(passes(flags, flow));
    CHECK(passes(std::string("--not ") + flags, flow));
  }
  flow.record.has_time = false;
  CHECK_FALSE(passes("--since 2020-01-01", flow));
  flow.record.source_address.reset(), flow.record.destination_address.reset();
  CHECK(passes("--ip-version none", flow));
  CHECK_FALSE(passes("--ip 0.0.0.0/0", flow));
  flow.record.protocol.reset();
  CHECK_FALSE(passes("--port 8080", flow));
  flow.record.source = flow.record.destination = PartyId{0};
  CHECK_FALSE(passes("--all-namespaces", flow));
  CHECK(passes("--label !app", flow));
}

TEST_CASE("other events and protocols", "[filter]") {
  Flow flow;
  flow.record.event_type = kTrace;
  flow.record.sub_type = 11;
  CHECK(passes("--type trace:to-network", flow));
  CHECK(passes("--type trace:11", flow));
  CHECK_FALSE(passes("--type trace:from-endpoint", flow));
  flow.record.event_type = kDrop;
  flow.record.drop_reason = 132;
  CHECK(passes("--drop-reason-desc INVALID_SOURCE_IP --type drop", flow));
  CHECK_FALSE(passes("--drop-reason-desc POLICY_DENIED", flow));
  flow.record.protocol = ir::Protocol::Icmpv6;
  CHECK(passes("--protocol icmp", flow));
  CHECK(passes("--protocol icmpv6", flow));
  CHECK_FALSE(passes("--protocol icmpv4", flow));
  CHECK_FALSE(passes("--port 8080", flow));
  flow.record.dns = true;
  flow.detail.dns = DnsDetail{};
  flow.detail.dns->query = "api.example.com.";
  CHECK(passes("--dns-query ^api\\.", flow));
  CHECK(passes("--protocol dns", flow));
  flow.record.is_reply = Tristate::Unknown;
  CHECK_FALSE(passes("--reply false", flow));
  // A node name without a cluster is in the cluster `default`.
  flow.record.node = flow.interned.nodes.id("n1");
  CHECK(passes("--node-name default/n1", flow));
  CHECK_FALSE(passes("--node-name east/n1", flow));
  // Not a URI: it has no path.
  flow.detail.http->url = "%zz";
  CHECK_FALSE(passes("--http-path .*", flow));
  CHECK(passes("--http-url zz", flow));
}

TEST_CASE("what no filter is", "[filter]") {
  struct Case { std::string flags, says; };
  const auto c = GENERATE(values<Case>({
      {"--verdict MAYBE", "FORWARDED"}, {"--verdict forwarded", "FORWARDED"}, {"--drop-reason-desc NONSENSE", "POLICY_DENIED"},
      {"--protocol kafka", "tcp"}, {"--port x", "8080"}, {"--port 65536", "8080"}, {"--port 9-8", "8080"}, {"--ip 1.2.3", "10.0.0.1"},
      {"--identity 16777216", "on each node"}, {"--identity nobody", "reserved name"}, {"--identity 0", "reserved name"},
      {"--type nonsense", "policy-verdict"}, {"--type trace:nonsense", "to-endpoint"}, {"--traffic-direction up", "ingress"},
      {"--http-status 909", "599"}, {"--http-status +", "599"}, {"--http-status 3++", "599"}, {"--http-status 4x", "599"}, {"--http-status ", "599"},
      {"--http-path (", "regular expression"}, {"--dns-query [", "regular expression"}, {"--http-header nonsense", "NAME:VALUE"},
      {"--http-status 404 --type trace", "--type l7"}, {"--tcp-flags syn,ns", "cwr"}, {"--node-name a/b/c", "CLUSTER"}, {"--node-name ", "CLUSTER"},
      {"--label ()", "selector"}, {"--label =", "selector"}, {"--label any:k8s:x", "selector"}, {"--label a>1", "selector"}, {"--label !a=b", "selector"},
      {"--label a in b", "selector"}, {"--uuid 12", "uuid"}, {"--ip-version 5", "v4"}, {"--fqdn a b", "name"}, {"--cluster ", "cluster"},
      {"--reply maybe", "true"}, {"--pod ", "PREFIX"}, {"--workload ", "KIND"}, {"--since yesterday", "duration"}, {"--until -5m", "duration"},
      {"--cel-expression true", "not supported"}, {"--interface eth0", "not supported"}, {"--encrypted", "not supported"}, {"--trace-id a", "not supported"},
      {"--nonsense a", "no filter of hubble"}, {"--not", "last `--not`"}, {"--not --not --pod a", "in a row"}, {"--not --since 1h", "--since"},
      {"--label a --from-label b", "cannot be combined"}, {"--from-pod a --namespace b", "cannot be combined"}, {"--ip 1.1.1.1 --pod a", "cannot be combined"},
      {"--from-namespace shop --from-pod pay/db", "not in the namespace"}, {"--namespace shop --pod pay/db", "not in the namespace"}}));
  INFO(c.flags);
  const auto filter = FlowFilter::parse(flags_of(c.flags), kEnd);
  REQUIRE_FALSE(filter);
  CHECK(filter.error().exit_code == 2);
  INFO(filter.error().message);
  CHECK(filter.error().message.find(c.says) != std::string::npos);
}

TEST_CASE("a duration needs an end to count from", "[filter]") {
  CHECK_FALSE(FlowFilter::parse({{"since", "1h"}}));
  CHECK(FlowFilter::parse({{"since", "2026-01-01T00:00:00Z"}}));
  CHECK(FlowFilter::parse({})->matches_everything());
  CHECK(FlowFilter().matches_everything());
  CHECK_FALSE(FlowFilter::parse({{"port", "1"}})->matches_everything());
  CHECK_FALSE(FlowFilter::parse({{"until", "2026-01-01"}})->matches_everything());
}

TEST_CASE("durations and short times", "[filter]") {
  constexpr std::int64_t kSecond = 1'000'000'000;
  CHECK(parse_duration("90s") == 90 * kSecond);
  CHECK(parse_duration("1h30m") == 5400 * kSecond);
  CHECK(parse_duration("1.5h") == 5400 * kSecond);
  CHECK(parse_duration("1h43") == 6180 * kSecond);
  CHECK(parse_duration("250ms") == kSecond / 4);
  for (const char* bad : {"", "5", "h", "5x", "-5m", "5s3", "1e3s", "99999999999h"}) {
    INFO(bad);
    CHECK_FALSE(parse_duration(bad));
  }
  const auto at = [](const char* text) { return parse_loose_time(text); };
  CHECK(at("2026-01-01") == parse_time("2026-01-01T00:00:00Z"));
  CHECK(at("2026-01-01T15Z") == parse_time("2026-01-01T15:00:00Z"));
  CHECK(at("2026-01-01T15:04+02:00") == parse_time("2026-01-01T13:04:00Z"));
  CHECK(at("2026-01-01T15:04:05.5Z") == parse_time("2026-01-01T15:04:05.5Z"));
  for (const char* bad : {"2026", "2026-01-01T", "2026-01-01T15", "2026-13-01", "noon"}) CHECK_FALSE(at(bad));
}
