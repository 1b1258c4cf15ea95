// weir-agent: the runtime on a node. It loads signed bundles, keeps them enforced, and prints what the kernel decided.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <optional>
#include <tuple>

#include "backends/ebpf/bundle/bundle.h"
#include "backends/ebpf/bundle/folder.h"
#include "runtime-agent/load/datapath.h"
#include "runtime-agent/load/privileges.h"
#include "runtime-agent/observe/observer.h"
#include "runtime-agent/observe/policy_table.h"
#include "runtime-agent/observe/status.h"

namespace {

using namespace weir;
using Clock = std::chrono::steady_clock;

struct Options {
  std::string bundle, key, pin, events, status, pod;
  std::vector<std::string> interfaces;
  double poll = 1.0;
  bool watch = false, detach = false, keep_privileges = false, numeric = false, once = false;
};

volatile std::sig_atomic_t stop_asked = 0;
void ask_stop(int) { stop_asked = 1; }

void say(const std::string& text) { fmt::print(stderr, "weir-agent: {}\n", text); }

int fail(const ir::Error& error) {
  say(error.message);
  return error.exit_code;
}

/// Which bundle stands in the folder now; changes when it is replaced.
using Stamp = std::tuple<ino_t, off_t, std::int64_t, std::int64_t>;
std::optional<Stamp> stamp_of(const std::string& dir) {
  struct stat info {};
  if (::stat((dir + "/manifest.json").c_str(), &info) != 0) return std::nullopt;
  return Stamp{info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
}

class Runner {
 public:
  Runner(const Options& options, std::string key, agent::Datapath datapath)
      : options_(options), key_(std::move(key)), datapath_(std::move(datapath)) {}

  int run();

 private:
  [[nodiscard]] ir::Result<void> take_bundle();
  [[nodiscard]] ir::Result<void> open_events();
  void look_for_bundle();
  void write_status();
  [[nodiscard]] ir::Result<void> follow();

  const Options& options_;
  std::string key_;
  agent::Datapath datapath_;
  std::optional<agent::Observer> observer_;
  agent::Progress progress_;
  std::optional<Stamp> tried_;
  int events_fd_ = -1;
};

ir::Result<void> Runner::take_bundle() {
  tried_ = stamp_of(options_.bundle);
  auto bundle = backends::read_bundle(options_.bundle, key_);
  if (!bundle) return tl::unexpected(bundle.error());
  // Events of the epochs so far are read out while their rules are still known.
  if (observer_) (void)observer_->poll(0);
  const std::uint64_t generation = bundle->generation;
  const auto report = datapath_.load(std::move(*bundle));
  if (!report) return tl::unexpected(report.error());
  progress_.last = *report;
  progress_.last_refusal.clear();
  ++progress_.loads;
  say(fmt::format("enforces generation {} ({}, epoch {}, {} prefixes, {} canary packets, {} us)", generation,
                  report->replaced_program ? "new program" : "flip", datapath_.epoch(), report->prefixes,
                  report->canaries, report->micros));
  return {};
}

void Runner::look_for_bundle() {
  const auto stamp = stamp_of(options_.bundle);
  if (!stamp || stamp == tried_) return;
  if (const auto taken = take_bundle(); !taken) {
    ++progress_.refused;
    progress_.last_refusal = taken.error().message;
    say(fmt::format("keeps generation {}: {}", datapath_.highest_generation(), taken.error().message));
  }
  write_status();
}

ir::Result<void> Runner::open_events() {
  if (options_.events == "-") events_fd_ = STDOUT_FILENO;
  else if (!options_.events.empty())
    events_fd_ = ::open(options_.events.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (events_fd_ < 0 && !options_.events.empty()) return ir::failure("cannot write `" + options_.events + "`");
  auto observer = agent::Observer::open(datapath_, [this](std::string_view lines) {
    while (events_fd_ >= 0 && !lines.empty()) {
      const ssize_t n = ::write(events_fd_, lines.data(), lines.size());
      if (n <= 0) break;
      lines.remove_prefix(static_cast<std::size_t>(n));
    }
  });
  if (!observer) return tl::unexpected(observer.error());
  observer_.emplace(std::move(*observer));
  return {};
}

void Runner::write_status() {
  if (options_.status.empty()) return;
  progress_.events = observer_->events();
  progress_.lost = observer_->lost();
  if (const auto done = backends::write_file(options_.status, agent::status_text(datapath_, progress_), 0644); !done)
    say(done.error().message);
}

ir::Result<void> Runner::follow() {
  const auto interval =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.watch ? 0.1 : options_.poll));
  auto next_look = Clock::now() + interval, next_status = Clock::now();
  while (stop_asked == 0) {
    if (const auto got = observer_->poll(50); !got) return tl::unexpected(got.error());
    if (Clock::now() >= next_look) {
      look_for_bundle();
      next_look = Clock::now() + interval;
    }
    if (Clock::now() >= next_status) {
      write_status();
      next_status = Clock::now() + std::chrono::seconds(1);
    }
  }
  return {};
}

int Runner::run() {
  if (const auto taken = take_bundle(); !taken) return fail(taken.error());
  if (const auto opened = open_events(); !opened) return fail(opened.error());
  write_status();
  if (!options_.once)
    if (const auto followed = follow(); !followed) return fail(followed.error());
  (void)observer_->poll(0);
  write_status();
  if (options_.detach)
    if (const auto done = datapath_.detach(); !done) return fail(done.error());
  say(options_.detach ? "stopped; nothing is enforced any more" : "stopped; the programs stay attached");
  return 0;
}

int run(const Options& options) {
  if (!options.keep_privileges)
    if (const auto dropped = agent::drop_privileges(); !dropped) return fail(dropped.error());
  std::signal(SIGTERM, ask_stop);
  std::signal(SIGINT, ask_stop);
  std::signal(SIGPIPE, SIG_IGN);
  std::vector<agent::Interface> interfaces;
  for (const std::string& text : options.interfaces) {
    auto interface = agent::parse_interface(text);
    if (!interface) return fail(interface.error());
    interfaces.push_back(std::move(*interface));
  }
  const auto key = backends::read_key(options.key);
  if (!key) return fail(key.error());
  auto datapath = agent::Datapath::open(std::move(interfaces), options.pin);
  if (!datapath) return fail(datapath.error());
  return Runner(options, *key, std::move(*datapath)).run();
}

int print_status(const Options& options) {
  const auto text = backends::read_file(options.status, 1 << 20);
  if (!text) return fail({text.error().message, 2});
  std::cout << *text;
  return 0;
}

int monitor(const Options& options) {
  std::ifstream in(options.events);
  if (!in) return fail({"cannot read `" + options.events + "`", 2});
  std::signal(SIGTERM, ask_stop);
  std::signal(SIGINT, ask_stop);
  while (stop_asked == 0) {
    for (std::string line; std::getline(in, line);) std::cout << line << '\n';
    std::cout.flush();
    if (!options.watch) break;
    in.clear();
    ::usleep(50000);
  }
  return 0;
}

int policy_get(const Options& options) {
  const auto key = backends::read_key(options.key);
  if (!key) return fail(key.error());
  const auto bundle = backends::read_bundle(options.bundle, *key);
  if (!bundle) return fail(bundle.error());
  const auto table = agent::policy_table(*bundle, options.pod, options.numeric);
  if (!table) return fail(table.error());
  std::cout << *table;
  return 0;
}

void add_bundle(CLI::App& app, Options& o) {
  app.add_option("--bundle", o.bundle, "folder of the signed bundle")->required();
  app.add_option("--key", o.key, "public key (weir.pub)")->required();
}

void add_run(CLI::App& app, Options& o) {
  add_bundle(app, o);
  app.add_option("--interface", o.interfaces, "VETH=NAMESPACE/POD: the host side of a pod's veth")->required();
  app.add_option("--pin", o.pin, "folder in bpffs where conntrack and the generation outlive the agent");
  app.add_option("--events", o.events, "file for Hubble lines; - is standard output");
  app.add_option("--status", o.status, "file that always holds the status");
  app.add_option("--poll", o.poll, "seconds between looks for a new bundle")->check(CLI::Range(0.01, 3600.0));
  app.add_flag("--watch", o.watch, "look for a new bundle ten times a second");
  app.add_flag("--once", o.once, "load, then exit; the programs stay");
  app.add_flag("--detach", o.detach, "take the programs off when stopped");
  app.add_flag("--keep-privileges", o.keep_privileges, "do not drop other capabilities (debugging)");
}

}  // namespace

int main(int argc, char** argv) {
  Options o;
  int code = 0;
  CLI::App app("weir-agent: enforces signed policy bundles on the pods of this node", "weir-agent");
  app.require_subcommand(1);
  CLI::App* run_app = app.add_subcommand("run", "load a bundle, keep it enforced, report what the kernel decides");
  add_run(*run_app, o);
  run_app->callback([&] { code = run(o); });
  CLI::App* status_app = app.add_subcommand("status", "what a running agent enforces");
  status_app->add_option("--status", o.status, "the agent's status file")->required();
  status_app->callback([&] { code = print_status(o); });
  CLI::App* monitor_app = app.add_subcommand("monitor", "print the events of a running agent");
  monitor_app->add_option("--events", o.events, "the agent's event file")->required();
  monitor_app->add_flag("-f,--follow", o.watch, "wait for more");
  monitor_app->callback([&] { code = monitor(o); });
  CLI::App* get = app.add_subcommand("policy", "the policy of a pod")->require_subcommand(1)->add_subcommand(
      "get", "the columns of `cilium bpf policy get`");
  add_bundle(*get, o);
  get->add_option("pod", o.pod, "NAMESPACE/POD")->required();
  get->add_flag("-n,--numeric", o.numeric, "identity numbers instead of labels");
  get->callback([&] { code = policy_get(o); });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return code;
}
