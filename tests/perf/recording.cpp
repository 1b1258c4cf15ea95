#include "tests/perf/recording.h"

#include <fmt/format.h>

#include <cstdio>
#include <random>
#include <vector>

#include "simulator/flows/times.h"

namespace weir::perf {
namespace {

constexpr std::int64_t kStart = 1'767'225'600'000'000'000;  // 2026-01-01
constexpr std::uint32_t kBusy = 256;                        // connections that are open at a time

struct PodPlan {
  std::string namespace_name, workload, name, address, node;
  std::uint32_t identity, endpoint;
};

std::vector<PodPlan> pods_of(const Plan& plan) {
  std::vector<PodPlan> pods;
  for (std::uint32_t n = 0; n < plan.namespaces; ++n)
    for (std::uint32_t w = 0; w < plan.workloads; ++w)
      for (std::uint32_t r = 0; r < plan.replicas; ++r) {
        const auto number = static_cast<std::uint32_t>(pods.size());
        pods.push_back({fmt::format("team-{:02}", n), fmt::format("service-{:02}", w),
                        fmt::format("service-{:02}-6d4b75cb6d-{:05x}", w, number * 7919 % 1048576),
                        fmt::format("10.{}.{}.{}", 1 + number / 60000, number / 250 % 250, 2 + number % 250),
                        fmt::format("default/node-{:02}", number % plan.nodes), 10000 + n * 100 + w, 100 + number});
      }
  return pods;
}

/// The `source` or `destination` object of a pod; `local`: the node that records it runs it.
std::string party(const PodPlan& pod, bool local) {
  return fmt::format(
      R"({{{}"identity":{},"cluster_name":"default","namespace":"{}","labels":["k8s:app={}","k8s:app.kubernetes.io/part-of=shop","k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name={}","k8s:io.cilium.k8s.policy.cluster=default","k8s:io.cilium.k8s.policy.serviceaccount=default","k8s:io.kubernetes.pod.namespace={}"],"pod_name":"{}","workloads":[{{"name":"{}","kind":"Deployment"}}]}})",
      local ? fmt::format("\"ID\":{},", pod.endpoint) : "", pod.identity, pod.namespace_name, pod.workload, pod.namespace_name,
      pod.namespace_name, pod.name, pod.workload);
}

struct Talk {
  const PodPlan* client;
  const PodPlan* server;
  std::uint16_t client_port, port;
  bool dropped;
  std::uint32_t step = 0;
};

/// One kind of line in the life of a connection.
struct Step {
  bool at_client, reply;
  const char* event;
};

constexpr Step kLife[] = {
    {true, false, R"("event_type":{"type":5},"traffic_direction":"EGRESS","policy_match_type":2,"is_reply":false,"Summary":"TCP Flags: SYN")"},
    {true, false, R"("event_type":{"type":4,"sub_type":3},"traffic_direction":"EGRESS","trace_observation_point":"TO_STACK","trace_reason":"NEW","is_reply":false,"interface":{"index":14,"name":"lxc1f2e3d4c5b6a"},"Summary":"TCP Flags: SYN")"},
    {false, false, R"("event_type":{"type":5},"traffic_direction":"INGRESS","policy_match_type":2,"is_reply":false,"Summary":"TCP Flags: SYN")"},
    {false, false, R"("event_type":{"type":4},"traffic_direction":"INGRESS","trace_observation_point":"TO_ENDPOINT","trace_reason":"NEW","is_reply":false,"interface":{"index":22,"name":"lxca1b2c3d4e5f6"},"Summary":"TCP Flags: SYN")"},
    {false, true, R"("event_type":{"type":4,"sub_type":3},"traffic_direction":"INGRESS","trace_observation_point":"TO_STACK","trace_reason":"REPLY","is_reply":true,"Summary":"TCP Flags: SYN, ACK")"},
    {true, true, R"("event_type":{"type":4},"traffic_direction":"EGRESS","trace_observation_point":"TO_ENDPOINT","trace_reason":"REPLY","is_reply":true,"interface":{"index":14,"name":"lxc1f2e3d4c5b6a"},"Summary":"TCP Flags: SYN, ACK")"},
    {false, false, R"("event_type":{"type":4},"traffic_direction":"INGRESS","trace_observation_point":"TO_ENDPOINT","trace_reason":"ESTABLISHED","is_reply":false,"interface":{"index":22,"name":"lxca1b2c3d4e5f6"},"Summary":"TCP Flags: ACK, FIN")"}};

constexpr const char* kDropped =
    R"("event_type":{"type":5},"traffic_direction":"INGRESS","is_reply":false,"drop_reason_desc":"POLICY_DENIED","Summary":"TCP Flags: SYN")";

class Writer {
 public:
  Writer(const Plan& plan, const std::string& path)
      : plan_(plan), pods_(pods_of(plan)), random_(plan.seed), file_(std::fopen(path.c_str(), "wb")) {}
  ~Writer() { if (file_ != nullptr) std::fclose(file_); }

  std::uint64_t run() {
    std::vector<Talk> busy;
    for (std::uint32_t i = 0; i < kBusy; ++i) busy.push_back(talk());
    for (std::uint64_t at = 0; bytes_ < plan_.bytes && file_ != nullptr; ++at) {
      Talk& talk = busy[at % kBusy];
      line(talk);
      if (++talk.step >= (talk.dropped ? 3 : std::size(kLife))) talk = this->talk();
    }
    return lines_;
  }

 private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }

  /// Most talk is to the next service of the same namespace; one in fifty goes where no policy lets it.
  Talk talk() {
    const std::uint32_t per_namespace = plan_.workloads * plan_.replicas;
    const std::uint32_t client = below(static_cast<std::uint32_t>(pods_.size()));
    const std::uint32_t base = client / per_namespace * per_namespace, workload = client % per_namespace / plan_.replicas;
    const std::uint32_t target = (workload + 1) % plan_.workloads;
    const bool dropped = below(50) == 0;
    return {&pods_[client], &pods_[base + target * plan_.replicas + below(plan_.replicas)],
            static_cast<std::uint16_t>(32768 + below(28000)), static_cast<std::uint16_t>(dropped ? 9999 : 8080), dropped};
  }

  void line(const Talk& talk) {
    const Step& step = talk.dropped ? kLife[2] : kLife[talk.step];
    const bool reply = step.reply;
    const PodPlan &from = reply ? *talk.server : *talk.client, &to = reply ? *talk.client : *talk.server;
    const std::string& node = step.at_client ? talk.client->node : talk.server->node;
    const std::string time = simulator::time_text(kStart + static_cast<std::int64_t>(lines_) * (1'000'000'000 / plan_.lines_per_second) + 1);
    const std::uint64_t id = random_();
    const std::string text = fmt::format(
        R"({{"flow":{{"time":"{}","uuid":"{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}","verdict":"{}",{}"ethernet":{{"source":"02:00:{:02x}:00:00:01","destination":"02:00:{:02x}:00:00:02"}},"IP":{{"source":"{}","destination":"{}","ipVersion":"IPv4"}},"l4":{{"TCP":{{"source_port":{},"destination_port":{},"flags":{{"SYN":true}}}}}},"source":{},"destination":{},"Type":"L3_L4","node_name":"{}",{}}},"node_name":"{}","time":"{}"}})"
        "\n",
        time, id & 0xffffffff, id >> 32 & 0xffff, id >> 48 & 0xfff, id & 0xfff, id >> 16, talk.dropped ? "DROPPED" : "FORWARDED",
        talk.dropped ? "\"drop_reason\":133," : "", from.endpoint & 255, to.endpoint & 255, from.address, to.address,
        reply ? talk.port : talk.client_port, reply ? talk.client_port : talk.port, party(from, from.node == node),
        party(to, to.node == node), node, talk.dropped ? kDropped : step.event, node, time);
    bytes_ += text.size();
    ++lines_;
    std::fwrite(text.data(), 1, text.size(), file_);
  }

  Plan plan_;
  std::vector<PodPlan> pods_;
  std::mt19937_64 random_;
  std::FILE* file_;
  std::uint64_t bytes_ = 0, lines_ = 0;
};

void print(std::FILE* file, const std::string& text) { std::fwrite(text.data(), 1, text.size(), file); }

}  // namespace

std::uint64_t write_recording(const Plan& plan, const std::string& path) { return Writer(plan, path).run(); }

void write_manifests(const Plan& plan, const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return;
  for (std::uint32_t n = 0; n < plan.namespaces; ++n) {
    print(file, fmt::format("---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: team-{:02}}}\n", n));
    print(file, fmt::format("---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: deny, namespace: team-{:02}}}\n"
                            "spec: {{podSelector: {{}}, policyTypes: [Ingress]}}\n", n));
    for (std::uint32_t w = 0; w < plan.workloads; ++w)
      print(file, fmt::format("---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: service-{1:02}, namespace: team-{0:02}}}\n"
                              "spec:\n  podSelector: {{matchLabels: {{app: service-{1:02}}}}}\n  ingress:\n"
                              "  - from: [{{podSelector: {{matchLabels: {{app: service-{2:02}}}}}}}]\n    ports: [{{port: 8080}}]\n",
                              n, w, (w + plan.workloads - 1) % plan.workloads));
  }
  for (const PodPlan& pod : pods_of(plan))
    print(file, fmt::format("---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {}, namespace: {}, labels: {{app: {}}}}}\n"
                            "spec: {{nodeName: {}, containers: [{{name: c, image: x}}]}}\nstatus: {{phase: Running, podIP: {}}}\n",
                            pod.name, pod.namespace_name, pod.workload, pod.node.substr(8), pod.address));
  std::fclose(file);
}

}  // namespace weir::perf
