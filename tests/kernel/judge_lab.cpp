#include "tests/kernel/judge_lab.h"

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace weir::kernel_test {
namespace {

namespace fs = std::filesystem;

struct Machine {
  const char* ns;
  const char* v4;
  const char* v6;
  const char* client_v6;
  bool client;
  bool server;
};
// The node's own addresses are seen as a client only: nothing enforces what reaches a node. Of its two IPv6 addresses the
// outside machine sends from the one it was given last.
constexpr std::array<Machine, 6> kMachines = {{{"frontend", "10.77.1.10", "fd77:0:0:1::10", "fd77:0:0:1::10", true, true},
                                               {"backend", "10.77.2.10", "fd77:0:0:2::10", "fd77:0:0:2::10", true, true},
                                               {"database", "10.77.2.20", "fd77:0:0:2::20", "fd77:0:0:2::20", true, true},
                                               {"outside", "198.51.100.10", "2001:db8:77::10", "2001:db8:77::47", true, true},
                                               {"", "198.51.100.70", "2001:db8:77::47", "", false, true},
                                               {"node1", "198.51.100.1", "2001:db8:77::1", "2001:db8:77::1", true, false}}};

struct Probe {
  lab::Kind kind;
  std::uint16_t port;
};
// Served and not served: a refusal by the server's kernel proves that the packet came there and an answer came back.
constexpr std::array<Probe, 11> kProbes = {{{lab::Kind::Tcp, 80}, {lab::Kind::Tcp, 443}, {lab::Kind::Tcp, 8080},
                                            {lab::Kind::Tcp, 8099}, {lab::Kind::Tcp, 8100}, {lab::Kind::Tcp, 9090},
                                            {lab::Kind::Tcp, 5432}, {lab::Kind::Udp, 53}, {lab::Kind::Udp, 8125},
                                            {lab::Kind::Udp, 8080}, {lab::Kind::Icmp, 0}}};

bool outside(const Machine& machine) { return std::string_view(machine.v4).starts_with("198."); }

Tried tried(const Machine& client, const lab::Attempt& attempt) {
  const bool v6 = attempt.address.find(':') != std::string::npos;
  Tried out{v6 ? client.client_v6 : client.v4, attempt.address, "TCP", attempt.port};
  if (attempt.kind == lab::Kind::Udp) out.protocol = "UDP";
  if (attempt.kind == lab::Kind::Icmp) {
    out.protocol = v6 ? "ICMPv6" : "ICMP";
    out.port = v6 ? 128 : 8;
  }
  return out;
}

std::vector<lab::Attempt> attempts_from(const Machine& client) {
  std::vector<lab::Attempt> out;
  for (const Machine& server : kMachines) {
    if (!server.server || &server == &client || (outside(client) && outside(server))) continue;
    for (const Probe& probe : kProbes)
      for (const char* address : {server.v4, server.v6}) {
        lab::Attempt attempt;
        attempt.kind = probe.kind;
        attempt.address = address;
        attempt.port = probe.port;
        attempt.repeat = true;
        out.push_back(attempt);
      }
  }
  return out;
}

bool reached(const lab::Attempt& attempt) { return attempt.answered || attempt.why == "Connection refused"; }

std::size_t size_of(const fs::path& file) {
  std::error_code none;
  const auto size = fs::file_size(file, none);
  return none ? 0 : size;
}

}  // namespace

std::string to_text(const Tried& t) {
  return t.client + " -> " + t.server + " " + t.protocol + " " + std::to_string(t.port);
}

JudgeLab::JudgeLab() { ::setenv("WEIR_LAB_DATA", (std::string(WEIR_SOURCE_DIR) + "/testdata/judge").c_str(), 1); }

bool JudgeLab::enforce(const fs::path& policies) {
  const std::string command = std::string(WEIR_SOURCE_DIR) + "/scripts/lab enforce " + policies.string();
  if (std::system(command.c_str()) != 0) return false;
  begin_ = settled_sizes();
  return true;
}

Fates JudgeLab::run_matrix() {
  std::vector<std::vector<lab::Attempt>> attempts(kMachines.size());
  std::vector<std::thread> clients;
  for (std::size_t i = 0; i < kMachines.size(); ++i) {
    if (!kMachines[i].client) continue;
    attempts[i] = attempts_from(kMachines[i]);
    clients.emplace_back([this, i, &attempts] { inside(lab_.ns(kMachines[i].ns), [&] { lab::run(attempts[i], 128, 900); }); });
  }
  for (std::thread& client : clients) client.join();
  Fates fates;
  for (std::size_t i = 0; i < kMachines.size(); ++i)
    for (const lab::Attempt& attempt : attempts[i]) fates[tried(kMachines[i], attempt)] = reached(attempt);
  return fates;
}

fs::path JudgeLab::events_of(const std::string& node) const { return folder() / (node + ".jsonl"); }

std::map<std::string, std::size_t> JudgeLab::settled_sizes() const {
  std::map<std::string, std::size_t> sizes;
  for (int still = 0; still < 3;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::map<std::string, std::size_t> now;
    for (const char* node : {"node1", "node2"}) now[node] = size_of(events_of(node));
    still = now == sizes ? still + 1 : 0;
    sizes = now;
  }
  return sizes;
}

std::vector<std::string> JudgeLab::recorded() const {
  (void)settled_sizes();
  std::vector<std::string> lines;
  for (const auto& [node, begin] : begin_) {
    std::ifstream in(events_of(node), std::ios::binary);
    in.seekg(static_cast<std::streamoff>(begin));
    for (std::string line; std::getline(in, line);) lines.push_back(line);
  }
  return lines;
}

}  // namespace weir::kernel_test
