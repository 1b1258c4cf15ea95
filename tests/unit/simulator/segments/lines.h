#pragma once

#include <random>
#include <string>
#include <vector>

#include "tests/unit/simulator/flow_text.h"

namespace weir::test {

/// Lines of every sort that a recording has, made by chance: few ends, so that connections collide, meet again after gaps and
/// go on for long.
class RandomLines {
 public:
  explicit RandomLines(std::uint64_t seed) : engine_(seed) {}

  std::string make(int count) {
    std::string lines;
    for (int i = 0; i < count; ++i) lines += line();
    return lines;
  }
  /// Out of so many lines, one is older than the disorder that replay absorbs; 0: none.
  int late_in = 0;
  /// Nanoseconds between lines, at most.
  std::uint64_t pace = 4'000'000'000;

 private:
  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  std::string pick(const std::vector<std::string>& list) { return list[below(list.size())]; }

  std::string time_text(std::uint64_t nanoseconds) const {
    char text[48];
    const std::uint64_t seconds = nanoseconds / 1'000'000'000;
    std::snprintf(text, sizeof text, "2026-01-%02d:%02d:%02d.%09dZ", static_cast<int>(1 + seconds / 86400), static_cast<int>(seconds / 60 % 60),
                  static_cast<int>(seconds % 60), static_cast<int>(nanoseconds % 1'000'000'000));
    std::string out = text;
    const std::string hour = std::to_string(seconds / 3600 % 24);
    return out.substr(0, 10) + "T" + (hour.size() < 2 ? "0" : "") + hour + out.substr(10);
  }

  std::string uuid() {
    char text[40];
    std::snprintf(text, sizeof text, "%08x-%04x-4%03x-8%03x-%012llx", static_cast<unsigned>(engine_()), static_cast<unsigned>(below(65536)),
                  static_cast<unsigned>(below(4096)), static_cast<unsigned>(below(4096)), static_cast<unsigned long long>(below(1ull << 48)));
    return text;
  }

  std::string end(const std::string& address) {
    if (address.find(':') != std::string::npos) return R"("identity":2,"labels":["reserved:world-ipv6"])";
    if (address.starts_with("203")) return pick({R"("identity":2,"labels":["reserved:world"])", R"("identity":16777300,"labels":["cidr:203.0.113.0/24","reserved:world"])"});
    if (address == "10.0.0.9") return R"("identity":4,"labels":["reserved:health"])";
    const std::string number = address.substr(address.rfind('.') + 1);
    return std::string(one_in(3) ? "" : "\"ID\":" + number + ",") + R"("identity":200)" + number +
           R"(,"cluster_name":"default","namespace":"shop","labels":["k8s:app=a)" + number + R"(","k8s:io.kubernetes.pod.namespace=shop"],"pod_name":"a)" +
           number + R"(-1","workloads":[{"name":"a)" + number + R"(","kind":"Deployment"}])";
  }

  /// What the proxy saw.
  std::string request() {
    const std::string type = pick({"REQUEST", "REQUEST", "RESPONSE"});
    if (one_in(2))
      return R"("event_type":{"type":129},"traffic_direction":"EGRESS","is_reply":)" + std::string(type == "RESPONSE" ? "true" : "false") +
             R"(,"l7":{"type":")" + type + R"(","latency_ns":"12345","http":{)" + (type == "RESPONSE" ? R"("code":200,)" : "") +
             R"("method":"GET","url":"http://api/v)" + std::to_string(below(3)) + R"(?q=\"x\"","protocol":"HTTP/1.1","headers":[{"key":"Host","value":"api"}]}})";
    return R"("event_type":{"type":129},"traffic_direction":"EGRESS","is_reply":)" + std::string(type == "RESPONSE" ? "true" : "false") +
           R"(,"l7":{"type":")" + type + R"(","dns":{"query":"n)" + std::to_string(below(3)) + R"(.example.com.","qtypes":["A"])" +
           (type == "RESPONSE" ? R"(,"ips":["203.0.113.)" + std::to_string(below(3)) + R"("],"ttl":30,"rrtypes":["A"])" : "") + "}}";
  }

  std::string event(std::string& verdict, bool& reply) {
    switch (below(9)) {
      case 0: return request();
      case 1:
      case 2: return R"("event_type":{"type":5},"traffic_direction":")" + pick({"INGRESS", "EGRESS"}) + R"(","policy_match_type":2,"is_reply":false)";
      case 3:
        verdict = "DROPPED";
        return R"("event_type":{"type":)" + pick({"1", "5"}) + R"(},"drop_reason_desc":")" + pick({"POLICY_DENIED", "POLICY_DENY", "INVALID_SOURCE_IP"}) +
               R"(","traffic_direction":"INGRESS")";
      case 4:
        reply = true;
        return R"("event_type":{"type":4,"sub_type":3},"trace_observation_point":"TO_STACK","trace_reason":"REPLY","is_reply":true)";
      case 5: return R"("event_type":{"type":4},"trace_observation_point":"TO_OVERLAY")";
      case 6: return R"("event_type":{"type":4},"trace_observation_point":"TO_ENDPOINT","trace_reason":"RELATED")";
      case 7: return R"("event_type":{"type":4,"sub_type":3},"trace_observation_point":"TO_STACK","is_reply":false,"destination_names":["api.example.com"])";
      default: return R"("event_type":{"type":4},"trace_observation_point":"TO_ENDPOINT","is_reply":false)";
    }
  }

  std::string layer4(bool reply, std::string& type) {
    const std::string client = std::to_string(40000 + below(4)), server = pick({"80", "8080", "53"});
    const std::string ports = reply ? R"("source_port":)" + server + R"(,"destination_port":)" + client
                                    : R"("source_port":)" + client + R"(,"destination_port":)" + server;
    switch (below(12)) {
      case 0: return reply ? R"("ICMPv4":{})" : R"("ICMPv4":{"type":8})";
      case 1: return R"("ICMPv4":{"type":3,"code":)" + std::to_string(1 + below(2)) + "}";
      case 2: return R"("UDP":{)" + ports + "}";
      case 3: return R"("SCTP":{)" + ports + "}";
      case 4: type = "SOCK"; return R"("TCP":{"destination_port":)" + server + "}";
      case 5: return one_in(3) ? std::string(R"("VRRP":{})") : R"("TCP":{"source_port":)" + server + R"(,"destination_port":)" + server + "}";
      default: return R"("TCP":{)" + ports + R"(,"flags":{"SYN":true,"ACK":true}})";
    }
  }

  std::string line() {
    now_ += one_in(20) ? below(100'000'000'000) : one_in(4) ? 0 : below(pace);
    std::uint64_t at = now_ - std::min(now_, one_in(5) ? below(10'000'000'000) : 0);
    if (late_in != 0 && one_in(static_cast<std::uint64_t>(late_in))) at = now_ - std::min<std::uint64_t>(now_, 70'000'000'000 + below(100'000'000'000));
    const std::string node = pick({"n1", "east/n2", "west/n2", "default/n3"}), time = time_text(at);
    if (one_in(80)) return R"({"agent_event":{"type":"POLICY_UPDATED"},"node_name":")" + node + R"(","time":")" + time + "\"}\n";
    if (one_in(80)) return R"({"lost_events":{"num_events_lost":"3"},"node_name":")" + node + R"(","time":")" + time + "\"}\n";
    if (one_in(120)) return R"({"node_status":{"state_change":"NODE_GONE","node_names":["n7"]},"node_name":"r","time":")" + time + "\"}\n";
    FlowText text;
    bool reply = false;
    text.node = node;
    text.time = time;
    text.event = event(text.verdict, reply);
    text.l4 = layer4(reply, text.type);
    if (text.event.find("\"l7\"") != std::string::npos) text.type = "L7";
    const std::vector<std::string> addresses = {"10.0.0.1", "10.0.0.2", "10.0.0.3", "203.0.113.1", "203.0.113.2", one_in(6) ? "10.0.0.9" : "10.0.0.1"};
    text.source_ip = pick(addresses);
    text.destination_ip = pick(addresses);
    if (one_in(10)) text.source_ip = "2001:db8::1", text.destination_ip = pick({"2001:db8::2", "2001:db8::1"});
    text.source = end(text.source_ip);
    text.destination = end(text.destination_ip);
    std::string line = text.line();
    const auto cut = [&](const std::string& what, const std::string& by) {
      if (const std::size_t found = line.find(what); found != std::string::npos) line.replace(found, what.size(), by);
    };
    if (!one_in(10)) cut(R"({"flow":{)", R"({"flow":{"uuid":")" + uuid() + "\",");
    if (one_in(3)) cut("\"Type\":", R"("node_labels":["zone=)" + pick({"a", "b"}) + R"(","os=linux"],"destination_service":{"name":"api","namespace":"shop"},"Type":)");
    if (one_in(60)) cut("\"source\":\"" + text.source_ip + "\",", "");
    if (one_in(60)) {
      cut("\"time\":\"" + time + "\",", "");
      cut(",\"time\":\"" + time + "\"", "");
    }
    if (one_in(60)) cut("\"verdict\"", "\"was_verdict\"");
    return line;
  }

  std::mt19937_64 engine_;
  std::uint64_t now_ = 0;
};

}  // namespace weir::test
