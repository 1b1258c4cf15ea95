#include "tests/perf/recording.h"

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <random>
#include <vector>

#include "tests/perf/hubble_line.h"

namespace weir::perf {
namespace {

constexpr std::int64_t kStart = 1'767'225'600'000'000'000;  // 2026-01-01
constexpr std::uint32_t kBusy = 256;                        // connections that are open at a time
constexpr std::uint32_t kOutside = 200;                     // addresses outside

std::vector<PodEnd> pods_of(const Plan& plan) {
  std::vector<PodEnd> pods;
  const auto add = [&](std::string namespace_name, std::string workload, std::uint32_t identity) {
    const auto number = static_cast<std::uint32_t>(pods.size());
    PodEnd pod;
    pod.namespace_name = std::move(namespace_name);
    pod.workload = std::move(workload);
    pod.pod = fmt::format("{}-6d4b75cb6d-{:05x}", pod.workload, number * 7919 % 1048576);
    pod.node = fmt::format("node-{:02}", number % plan.nodes);
    pod.address = fmt::format("10.{}.{}.{}", 1 + number / 60000, number / 250 % 250, 2 + number % 250);
    pod.identity = identity;
    pod.endpoint = 100 + number;
    pods.push_back(std::move(pod));
  };
  for (std::uint32_t n = 0; n < plan.namespaces; ++n)
    for (std::uint32_t w = 0; w < plan.workloads; ++w)
      for (std::uint32_t r = 0; r < plan.replicas; ++r)
        add(fmt::format("team-{:02}", n), fmt::format("service-{:02}", w), 10000 + n * 100 + w);
  for (int i = 0; i < 2; ++i) add("kube-system", "coredns", 9000);
  return pods;
}

/// One kind of line in the life of a connection. The directions of traces are the guesses of Cilium 1.18 (flows.md 1.4, 1).
struct Step {
  bool at_client, reply;
  std::uint8_t event_type, sub_type;
  const char* direction;
  const char* point;
  const char* reason;
  std::uint8_t flags;
};

constexpr Step kVerdict = {false, false, 5, 0, "INGRESS", "", "", kSyn};
// Monitor aggregation `medium`: a trace for each new set of flags.
constexpr Step kTcp[] = {{true, false, 4, 11, "EGRESS", "TO_NETWORK", "NEW", kSyn},
                         kVerdict,
                         {false, false, 4, 0, "EGRESS", "TO_ENDPOINT", "NEW", kSyn},
                         {false, true, 4, 11, "INGRESS", "TO_NETWORK", "REPLY", kSyn | kAck},
                         {true, true, 4, 0, "EGRESS", "TO_ENDPOINT", "REPLY", kSyn | kAck},
                         {true, false, 4, 11, "EGRESS", "TO_NETWORK", "ESTABLISHED", kPsh | kAck},
                         {false, false, 4, 0, "EGRESS", "TO_ENDPOINT", "ESTABLISHED", kPsh | kAck},
                         {false, true, 4, 11, "INGRESS", "TO_NETWORK", "REPLY", kPsh | kAck},
                         {true, true, 4, 0, "EGRESS", "TO_ENDPOINT", "REPLY", kPsh | kAck},
                         {true, false, 4, 11, "EGRESS", "TO_NETWORK", "ESTABLISHED", kFin | kAck},
                         {false, false, 4, 0, "EGRESS", "TO_ENDPOINT", "ESTABLISHED", kFin | kAck},
                         {false, true, 4, 11, "INGRESS", "TO_NETWORK", "REPLY", kFin | kAck}};
constexpr Step kUdp[] = {{true, false, 4, 11, "EGRESS", "TO_NETWORK", "NEW", 0},
                         {false, false, 4, 0, "EGRESS", "TO_ENDPOINT", "NEW", 0},
                         {false, true, 4, 11, "INGRESS", "TO_NETWORK", "REPLY", 0},
                         {true, true, 4, 0, "EGRESS", "TO_ENDPOINT", "REPLY", 0}};
constexpr Step kOut[] = {{true, false, 4, 11, "EGRESS", "TO_NETWORK", "NEW", kSyn},
                         {true, true, 4, 0, "EGRESS", "TO_ENDPOINT", "REPLY", kSyn | kAck},
                         {true, false, 4, 11, "EGRESS", "TO_NETWORK", "ESTABLISHED", kPsh | kAck},
                         {true, true, 4, 0, "EGRESS", "TO_ENDPOINT", "REPLY", kPsh | kAck},
                         {true, false, 4, 11, "EGRESS", "TO_NETWORK", "ESTABLISHED", kFin | kAck}};
constexpr Step kDropped[] = {kVerdict, kVerdict, kVerdict};  // the SYN and two retransmits

enum class Kind : std::uint8_t { Tcp, Udp, Out, Dropped };

struct Talk {
  const End* client;
  const End* server;
  std::uint16_t client_port, port;
  Kind kind;
  const std::string* allowed_by;
  std::uint32_t step = 0;

  [[nodiscard]] std::pair<const Step*, std::size_t> life() const {
    switch (kind) {
      case Kind::Tcp: return {kTcp, std::size(kTcp)};
      case Kind::Udp: return {kUdp, std::size(kUdp)};
      case Kind::Out: return {kOut, std::size(kOut)};
      case Kind::Dropped: break;
    }
    return {kDropped, std::size(kDropped)};
  }
};

/// A file with a buffer of its own.
class Sink {
 public:
  explicit Sink(const std::string& path) : file_(std::fopen(path.c_str(), "wb")) {}
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  ~Sink() {
    flush();
    if (file_ != nullptr) std::fclose(file_);
  }
  [[nodiscard]] bool good() const { return file_ != nullptr; }
  std::string& text() { return text_; }
  void line_done() {
    if (text_.size() > 1 << 20) flush();
  }

 private:
  void flush() {
    if (file_ != nullptr && std::fwrite(text_.data(), 1, text_.size(), file_) != text_.size()) {
      std::fclose(file_);
      file_ = nullptr;
    }
    text_.clear();
  }
  std::FILE* file_;
  std::string text_;
};

class Writer {
 public:
  explicit Writer(const Plan& plan) : plan_(plan), pods_(pods_of(plan)), random_(plan.seed), time_(kStart) {
    for (const PodEnd& pod : pods_) {
      ends_.push_back(end_of(pod));
      allowed_by_.push_back(fmt::format(
          R"("ingress_allowed_by":[{{"name":"{0}","namespace":"{1}","labels":["k8s:io.cilium.k8s.policy.derived-from=NetworkPolicy","k8s:io.cilium.k8s.policy.name={0}","k8s:io.cilium.k8s.policy.namespace={1}"],"revision":"7","kind":"NetworkPolicy"}}])",
          pod.workload, pod.namespace_name));
      if (plan.node_labels) labels_.try_emplace(pod.node, perf::node_labels(pod.node));
    }
    for (std::uint32_t i = 0; i < kOutside; ++i) outside_.push_back(world_end(fmt::format("203.0.113.{}", 1 + i)));
  }

  template <typename SinkOf>
  std::uint64_t run(const SinkOf& sink_of) {
    std::vector<Talk> busy;
    for (std::uint32_t i = 0; i < kBusy; ++i) busy.push_back(talk());
    for (std::uint64_t at = 0; bytes_ < plan_.bytes; ++at) {
      Talk& talk = busy[at % kBusy];
      const auto [steps, count] = talk.life();
      const Step& step = steps[talk.step];
      Sink& sink = sink_of(step.at_client ? talk.client->node : talk.server->node);
      if (!sink.good()) return 0;
      const std::size_t before = sink.text().size();
      line(talk, step, sink.text());
      bytes_ += sink.text().size() - before;
      sink.line_done();
      if (++talk.step >= count) talk = this->talk();
    }
    return lines_;
  }

 private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }

  /// Most talk is to the next service of the same namespace, some to DNS and to the outside; one in fifty goes where no policy lets it.
  Talk talk() {
    const std::uint32_t per_namespace = plan_.workloads * plan_.replicas, teams = plan_.namespaces * per_namespace;
    const std::uint32_t client = below(teams), dice = below(50);
    const auto client_port = static_cast<std::uint16_t>(32768 + below(28000));
    if (dice >= 44) return {&ends_[client], &ends_[teams + below(2)], client_port, 53, Kind::Udp, nullptr};
    if (dice >= 41) return {&ends_[client], &outside_[below(kOutside)], client_port, 443, Kind::Out, nullptr};
    const std::uint32_t base = client / per_namespace * per_namespace, workload = client % per_namespace / plan_.replicas;
    const std::uint32_t server = base + (workload + 1) % plan_.workloads * plan_.replicas + below(plan_.replicas);
    if (dice == 0) return {&ends_[client], &ends_[server], client_port, 9999, Kind::Dropped, nullptr};
    return {&ends_[client], &ends_[server], client_port, 8080, Kind::Tcp, &allowed_by_[server]};
  }

  void line(const Talk& talk, const Step& step, std::string& out) {
    FlowLine flow;
    time_ += 1 + static_cast<std::int64_t>(random_() % (2'000'000'000 / plan_.lines_per_second));
    flow.time = time_;
    flow.uuid_high = random_();
    flow.uuid_low = random_();
    const End& seen_by = step.at_client ? *talk.client : *talk.server;
    flow.node = seen_by.node;
    if (plan_.node_labels) flow.node_labels = labels_.at(seen_by.node);
    flow.from = step.reply ? talk.server : talk.client;
    flow.to = step.reply ? talk.client : talk.server;
    flow.wire = talk.kind == Kind::Udp ? Wire::Udp : Wire::Tcp;
    flow.source_port = step.reply ? talk.port : talk.client_port;
    flow.destination_port = step.reply ? talk.client_port : talk.port;
    flow.flags = step.flags;
    flow.event_type = step.event_type;
    flow.sub_type = step.sub_type;
    flow.direction = step.direction;
    flow.point = step.point;
    flow.reason = step.reason;
    flow.replied = step.reply ? Replied::Yes : Replied::No;
    if (step.event_type == 5) decide(talk, flow);
    else flow.interface = step.sub_type == 0 ? std::string_view(seen_by.interface) : R"({"index":2,"name":"eth0"})";
    append(out, flow);
    ++lines_;
  }

  /// Where no rule matched, the event has no match type, and Hubble does not say whether it was a reply.
  static void decide(const Talk& talk, FlowLine& flow) {
    if (talk.kind == Kind::Dropped) {
      flow.verdict = "DROPPED";
      flow.drop_reason = 133;
      flow.drop_text = "POLICY_DENIED";
      flow.replied = Replied::Absent;
    } else {
      flow.match_type = 2;
      flow.decided_by = *talk.allowed_by;
    }
  }

  Plan plan_;
  std::vector<PodEnd> pods_;
  std::vector<End> ends_, outside_;
  std::vector<std::string> allowed_by_;
  std::map<std::string, std::string> labels_;
  std::mt19937_64 random_;
  std::int64_t time_;
  std::uint64_t bytes_ = 0, lines_ = 0;
};

void print(std::FILE* file, const std::string& text) { std::fwrite(text.data(), 1, text.size(), file); }

}  // namespace

std::uint64_t write_recording(const Plan& plan, const std::string& path) {
  Sink sink(path);
  return Writer(plan).run([&](const std::string&) -> Sink& { return sink; });
}

std::uint64_t write_node_recordings(const Plan& plan, const std::string& folder) {
  std::map<std::string, Sink> sinks;
  return Writer(plan).run([&](const std::string& node) -> Sink& {
    return sinks.try_emplace(node, folder + "/" + node + ".jsonl").first->second;
  });
}

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
  print(file, "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}\n");
  for (const PodEnd& pod : pods_of(plan))
    print(file, fmt::format("---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {0}, namespace: {1}, labels: {{app: {2}, pod-template-hash: 6d4b75cb6d}}, "
                            "ownerReferences: [{{apiVersion: apps/v1, kind: ReplicaSet, name: {2}-6d4b75cb6d, uid: u}}]}}\n"
                            "spec: {{nodeName: {3}, containers: [{{name: c, image: x}}]}}\nstatus: {{phase: Running, podIP: {4}}}\n",
                            pod.pod, pod.namespace_name, pod.workload, pod.node, pod.address));
  std::fclose(file);
}

}  // namespace weir::perf
