#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "tests/kernel/peer/peer.h"

namespace weir::lab {
namespace {

using Clock = std::chrono::steady_clock;

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Address address_of(const std::string& text, std::uint16_t port) {
  Address out;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  if (::inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    out.size = sizeof *v4;
  } else if (::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    out.size = sizeof *v6;
  }
  return out;
}

struct Running {
  std::size_t index = 0;
  int fd = -1;
  bool connected = false;
  Clock::time_point deadline;
  Clock::time_point ask_again;  // Attempt::repeat
};
constexpr auto kAskAgain = std::chrono::milliseconds(250);

int open_socket(Kind kind, int family) {
  if (kind == Kind::Tcp) return ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int protocol = kind == Kind::Udp ? 0 : family == AF_INET ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6};
  return ::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

std::string request_of(Kind kind, int family, std::size_t index) {
  if (kind != Kind::Icmp) return "ping";
  // Ping sockets fill in the identifier and the checksum.
  icmphdr echo{};
  echo.type = family == AF_INET ? std::uint8_t{ICMP_ECHO} : std::uint8_t{ICMP6_ECHO_REQUEST};
  echo.un.echo.sequence = htons(static_cast<std::uint16_t>(index));
  return std::string(reinterpret_cast<const char*>(&echo), sizeof echo) + "ping";
}

bool bind_source(int fd, int family, std::uint16_t port) {
  if (port == 0) return true;
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  Address any = address_of(family == AF_INET ? "0.0.0.0" : "::", port);
  return ::bind(fd, any.get(), any.size) == 0;
}

bool ask(int fd, const Attempt& attempt, int family, std::size_t index) {
  const std::string request = request_of(attempt.kind, family, index);
  return ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) >= 0;
}

/// A socket on its way, or -1 and the reason in the attempt.
int start(Attempt& attempt, std::size_t index) {
  const Address to = address_of(attempt.address, attempt.kind == Kind::Icmp ? 0 : attempt.port);
  const int family = to.get()->sa_family;
  const int fd = open_socket(attempt.kind, family);
  if (fd < 0 || !bind_source(fd, family, attempt.source_port) ||
      (::connect(fd, to.get(), to.size) != 0 && errno != EINPROGRESS)) {
    attempt.why = std::strerror(errno);
    if (fd >= 0) ::close(fd);
    return -1;
  }
  if (attempt.kind != Kind::Tcp && !ask(fd, attempt, family, index)) {
    attempt.why = std::strerror(errno);
    ::close(fd);
    return -1;
  }
  return fd;
}

/// True: this attempt is over.
bool progress(Attempt& attempt, Running& run) {
  if (attempt.kind == Kind::Tcp && !run.connected) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(run.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
      attempt.why = std::strerror(error);
      return true;
    }
    run.connected = true;
    if (::send(run.fd, "ping", 4, MSG_NOSIGNAL) == 4) return false;
    attempt.why = std::strerror(errno);
    return true;
  }
  char answer[64];
  const ssize_t n = ::recv(run.fd, answer, sizeof answer, 0);
  if (n < 0 && errno == EAGAIN) return false;
  attempt.answered = n >= 4 && std::memcmp(answer + n - 4, "ping", 4) == 0;
  attempt.why = attempt.answered ? "ok" : n < 0 ? std::strerror(errno) : "short answer";
  return true;
}

void finish(Attempt& attempt, Running& run) {
  // A reset instead of TIME_WAIT: the same port may be used again at once.
  const linger now{1, 0};
  if (attempt.kind == Kind::Tcp) ::setsockopt(run.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(run.fd);
}

void step(std::vector<Attempt>& attempts, std::vector<Running>& running) {
  std::vector<pollfd> polls;
  for (const Running& r : running) {
    const bool connecting = attempts[r.index].kind == Kind::Tcp && !r.connected;
    polls.push_back({r.fd, static_cast<short>(connecting ? POLLOUT : POLLIN), 0});
  }
  ::poll(polls.data(), polls.size(), 20);
  const auto now = Clock::now();
  std::vector<Running> left;
  for (std::size_t i = 0; i < running.size(); ++i) {
    Attempt& attempt = attempts[running[i].index];
    bool over = polls[i].revents != 0 && progress(attempt, running[i]);
    if (!over && attempt.repeat && attempt.kind != Kind::Tcp && now >= running[i].ask_again) {
      running[i].ask_again += kAskAgain;
      // A failure is an answer to the first: the next receive says so.
      (void)ask(running[i].fd, attempt, attempt.address.find(':') == std::string::npos ? AF_INET : AF_INET6, running[i].index);
    }
    if (!over && now >= running[i].deadline) {
      attempt.why = "timeout";
      over = true;
    }
    if (over) finish(attempt, running[i]);
    else left.push_back(running[i]);
  }
  running = std::move(left);
}

}  // namespace

void run(std::vector<Attempt>& attempts, unsigned parallel, unsigned timeout_ms) {
  std::vector<Running> running;
  std::size_t next = 0;
  while (next < attempts.size() || !running.empty()) {
    while (next < attempts.size() && running.size() < parallel) {
      const int fd = start(attempts[next], next);
      if (fd >= 0) running.push_back({next, fd, false, Clock::now() + std::chrono::milliseconds(timeout_ms), Clock::now() + kAskAgain});
      ++next;
    }
    if (!running.empty()) step(attempts, running);
  }
}

bool parse_kind(const std::string& text, Kind& kind) {
  for (const Kind k : {Kind::Tcp, Kind::Udp, Kind::Icmp})
    if (text == to_text(k)) {
      kind = k;
      return true;
    }
  return false;
}

const char* to_text(Kind kind) { return kind == Kind::Tcp ? "tcp" : kind == Kind::Udp ? "udp" : "icmp"; }

}  // namespace weir::lab
