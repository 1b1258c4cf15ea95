// weir-lab-peer: the clients and servers of scripts/lab.
//   weir-lab-peer serve tcp:8080 udp:53 ...          answers until it is killed
//   weir-lab-peer try [TIMEOUT_MS [PARALLEL]] < PLAN > RESULTS
// A line of PLAN is `tcp|udp|icmp ADDRESS PORT COUNT`; RESULTS has `tcp ADDRESS PORT ANSWERED/COUNT` per line.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <sstream>
#include <string>

#include "tests/kernel/peer/peer.h"

namespace {

using namespace weir::lab;

int usage() {
  std::fputs("usage: weir-lab-peer serve tcp:PORT|udp:PORT... | try [TIMEOUT_MS [PARALLEL]] < PLAN\n", stderr);
  return 2;
}

int serve_all(int argc, char** argv) {
  std::vector<Service> services;
  for (int i = 2; i < argc; ++i) {
    const std::string text = argv[i];
    const auto colon = text.find(':');
    Service service;
    if (colon == std::string::npos || !parse_kind(text.substr(0, colon), service.kind) || service.kind == Kind::Icmp)
      return usage();
    service.port = static_cast<std::uint16_t>(std::atoi(text.c_str() + colon + 1));
    services.push_back(service);
  }
  if (!serve(services, 1)) std::fprintf(stderr, "weir-lab-peer: cannot listen: %s\n", std::strerror(errno));
  return 5;
}

struct Line {
  std::string kind, address;
  unsigned port = 0, count = 0;
};

int try_all(int argc, char** argv) {
  std::vector<Line> lines;
  std::vector<Attempt> attempts;
  for (std::string text; std::getline(std::cin, text);) {
    std::istringstream in(text);
    Line line;
    Attempt attempt;
    if (text.empty() || text[0] == '#') continue;
    if (!(in >> line.kind >> line.address >> line.port >> line.count) || !parse_kind(line.kind, attempt.kind))
      return usage();
    attempt.address = line.address;
    attempt.port = static_cast<std::uint16_t>(line.port);
    attempts.insert(attempts.end(), line.count, attempt);
    lines.push_back(line);
  }
  run(attempts, argc > 3 ? static_cast<unsigned>(std::atoi(argv[3])) : 32,
      argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 1000);
  std::size_t next = 0;
  for (const Line& line : lines) {
    unsigned answered = 0;
    for (unsigned i = 0; i < line.count; ++i) answered += attempts[next++].answered ? 1 : 0;
    std::printf("%s %s %u %u/%u\n", line.kind.c_str(), line.address.c_str(), line.port, answered, line.count);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "serve" && argc > 2) return serve_all(argc, argv);
  if (mode == "try") return try_all(argc, argv);
  return usage();
}
