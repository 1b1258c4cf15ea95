#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace weir::tests {

/// A program that ran to its end or was killed after `limit`.
struct Ran {
  int exit_code = -1;  // 128 + signal when a signal ended it
  bool timed_out = false;
  std::string out, err;
  long millis = 0;      // by the wall clock
  long cpu_millis = 0;  // of the program: other load on the machine does not count
  long max_rss_kib = 0;
};

inline std::string read_whole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The child's side: folder, output files, an end to memory and time even if the parent dies; then the program.
[[noreturn]] inline void become(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                                const std::string& out, const std::string& err) {
  const rlimit memory{4ul << 30, 4ul << 30}, seconds{120, 120};
  setrlimit(RLIMIT_AS, &memory);
  setrlimit(RLIMIT_CPU, &seconds);
  const int nothing = open("/dev/null", O_RDONLY), to = open(out.c_str(), O_WRONLY | O_TRUNC), also = open(err.c_str(), O_WRONLY | O_TRUNC);
  dup2(nothing, 0);
  dup2(to, 1);
  dup2(also, 2);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  if (chdir(folder.c_str()) == 0) execv(argv[0], argv.data());
  _exit(127);
}

/// Runs `arguments[0]` in `folder`.
inline Ran run_program(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                       std::chrono::milliseconds limit = std::chrono::seconds(60)) {
  Ran ran;
  std::string base = (std::filesystem::temp_directory_path() / "weir-run-XXXXXX").string();
  if (mkdtemp(base.data()) == nullptr) return ran;
  const std::string out = base + "/out", err = base + "/err";
  std::ofstream{out}, std::ofstream{err};
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start); };
  const pid_t child = fork();
  if (child == 0) become(arguments, folder, out, err);
  int status = 0;
  rusage usage{};
  while (wait4(child, &status, WNOHANG, &usage) == 0) {
    if (elapsed() > limit && !ran.timed_out) {
      ran.timed_out = true;
      kill(child, SIGKILL);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  ran.millis = static_cast<long>(elapsed().count());
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  const auto millis = [](const timeval& t) { return t.tv_sec * 1000 + t.tv_usec / 1000; };
  ran.cpu_millis = millis(usage.ru_utime) + millis(usage.ru_stime);
  ran.max_rss_kib = usage.ru_maxrss;
  ran.out = read_whole(out);
  ran.err = read_whole(err);
  std::filesystem::remove_all(base);
  return ran;
}

/// The built `weir`, or nothing and a line that says so.
inline std::optional<std::string> weir_binary() {
  const char* folder = std::getenv("WEIR_BIN");
  const std::string path = folder ? std::string(folder) + "/weir" : "";
  if (!path.empty() && std::filesystem::exists(path)) return path;
  std::cout << "SKIPPED: WEIR_BIN names no folder with the program weir\n";
  return std::nullopt;
}

}  // namespace weir::tests
