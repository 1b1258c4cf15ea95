#include <catch2/catch.hpp>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "backends/ebpf/bundle/crypto.h"
#include "tests/kernel/lab_fixture.h"

using namespace weir;
using namespace weir::kernel_test;
namespace fs = std::filesystem;

// The program itself, as an operator runs it: reliability.md C2 rows 8, 10 and 12.
namespace {

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string agent_program() { return program_folder() + "/weir-agent"; }

bool until(const std::function<bool()>& holds) {
  for (int i = 0; i < 200; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

/// weir-agent on node2 of a lab, as user 65534 with two capabilities.
class Agent {
 public:
  Agent(const Lab& lab, const fs::path& folder) : folder_(folder) {
    std::vector<std::string> words = {"nsenter", "--net=/run/netns/" + lab.ns("node2"), "--", "setpriv",
                                      "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs",
                                      "--inh-caps=-all,+bpf,+net_admin", "--ambient-caps=-all,+bpf,+net_admin",
                                      "--bounding-set=-all,+bpf,+net_admin", agent_program(), "run", "--watch",
                                      "--bundle", (folder / "bundle").string(), "--key", (folder / "weir.pub").string(),
                                      "--events", (folder / "out/events").string(), "--status",
                                      (folder / "out/status").string()};
    for (const agent::Interface& i : lab_interfaces("node2"))
      words.insert(words.end(), {"--interface", i.name + "=" + i.namespace_name + "/" + i.pod});
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      const int log = ::open((folder / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      ::dup2(log, 2);
      ::execvp(argv[0], argv.data());
      ::_exit(127);
    }
  }
  ~Agent() { stop(SIGTERM); }
  void stop(int signal) {
    if (pid_ <= 0) return;
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] std::string status() const { return text_of(folder_ / "out/status"); }
  [[nodiscard]] bool enforces(std::uint64_t generation) const {
    return until([&] { return status().starts_with("generation: " + std::to_string(generation) + "\n"); });
  }
  [[nodiscard]] bool refused(unsigned times) const {
    return until([&] { return status().find("\nrefused: " + std::to_string(times) + "\n") != std::string::npos; });
  }
  [[nodiscard]] std::string log() const { return text_of(folder_ / "log"); }

 private:
  fs::path folder_;
  pid_t pid_ = 0;
};

/// frontend -> backend over TCP.
bool passes(const Lab& lab, std::uint16_t port) {
  std::vector<lab::Attempt> attempts(1);
  attempts[0].address = "10.77.2.10";
  attempts[0].port = port;
  inside(lab.ns("frontend"), [&] { lab::run(attempts, 1, 700); });
  return attempts[0].answered;
}

/// Bundles for node2 and the keys that sign them.
struct Signer {
  fs::path folder;
  backends::KeyPair keys = backends::make_keys().value();
  LabPolicies before = lab_policies("policies-before"), after = lab_policies("policies-after");

  explicit Signer(const fs::path& at) : folder(at) {
    fs::create_directories(folder / "out");
    REQUIRE(::chown((folder / "out").c_str(), 65534, 65534) == 0);
    fs::permissions(folder, fs::perms(0755));
    std::ofstream(folder / "weir.pub") << keys.public_pem;
  }
  void put(const LabPolicies& policies, std::uint64_t generation) const {
    REQUIRE(backends::write_bundle(folder / "bundle", lab_bundle(policies, "node2", generation), keys.private_pem));
  }
};

std::string proc_status_line(pid_t pid, const std::string& key) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(key + ":")) return line.substr(key.size() + 2);
  return "";
}

}  // namespace

TEST_CASE("the agent needs two capabilities and keeps no other", "[kernel][agent]") {
  if (const std::string why = why_no_lab(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return;
  }
  const Lab lab;
  REQUIRE(lab.up());
  const Signer signer(lab.folder() + "/agent");
  signer.put(signer.before, 1);
  const Agent agent(lab, signer.folder);
  const bool enforces = agent.enforces(1);
  INFO(agent.log());
  REQUIRE(enforces);
  // CAP_BPF is 39, CAP_NET_ADMIN 12
  for (const char* set : {"CapEff", "CapPrm", "CapBnd"})
    CHECK(proc_status_line(agent.pid(), set) == "0000008000001000");
  CHECK(proc_status_line(agent.pid(), "NoNewPrivs") == "1");
  CHECK(proc_status_line(agent.pid(), "Uid").starts_with("65534\t65534"));
  std::cout << "agent: CapEff " << proc_status_line(agent.pid(), "CapEff") << ", VmRSS "
            << proc_status_line(agent.pid(), "VmRSS") << "\n";
  CHECK(passes(lab, 8080));
  CHECK_FALSE(passes(lab, 80));
  CHECK(until([&] { return text_of(signer.folder / "out/events").find("\"DROPPED\"") != std::string::npos; }));
}

TEST_CASE("forged and old bundles are refused while the old policy enforces", "[kernel][agent]") {
  if (const std::string why = why_no_lab(); !why.empty()) {
    std::cout << "SKIPPED: " << why << "\n";
    return;
  }
  const Lab lab;
  REQUIRE(lab.up());
  Signer signer(lab.folder() + "/agent");
  signer.put(signer.after, 5);
  Agent agent(lab, signer.folder);
  REQUIRE(agent.enforces(5));
  CHECK_FALSE(passes(lab, 8080));
  // What would open 8080 again, were it taken: an older generation, the same one, one by another key, a damaged one.
  signer.put(signer.before, 4);
  CHECK(agent.refused(1));
  signer.put(signer.before, 5);
  CHECK(agent.refused(2));
  const backends::KeyPair genuine = signer.keys;
  signer.keys = backends::make_keys().value();
  signer.put(signer.before, 6);
  CHECK(agent.refused(3));
  signer.keys = genuine;
  CHECK_FALSE(passes(lab, 8080));
  CHECK(agent.enforces(5));
  signer.put(signer.before, 7);
  CHECK(agent.enforces(7));
  CHECK(passes(lab, 8080));
  // reliability.md C2 row 12: what is attached goes on enforcing without the agent.
  agent.stop(SIGKILL);
  CHECK(passes(lab, 8080));
  CHECK_FALSE(passes(lab, 80));
}

// architecture.md "runtime-agent": no compiler, solver or parser in a process that holds capabilities.
TEST_CASE("the agent links no clang, Z3, ANTLR or YAML library", "[kernel][agent]") {
  FILE* pipe = ::popen(("ldd " + agent_program()).c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  for (int c; (c = std::fgetc(pipe)) != EOF;) text += static_cast<char>(c);
  REQUIRE(::pclose(pipe) == 0);
  CHECK(text.find("libbpf") != std::string::npos);
  for (const char* name : {"clang", "LLVM", "z3", "antlr", "yaml", "simdjson", "re2"}) {
    INFO(name);
    CHECK(text.find(name) == std::string::npos);
  }
}
