#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "tests/kernel/peer/peer.h"

namespace weir::lab {
namespace {

/// One dual-stack socket; -1 and errno on failure.
int listen_on(const Service& service) {
  const int type = service.kind == Kind::Tcp ? SOCK_STREAM : SOCK_DGRAM;
  const int fd = ::socket(AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int off = 0, on = 1;
  ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
  sockaddr_in6 any{};
  any.sin6_family = AF_INET6;
  any.sin6_port = htons(service.port);
  if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) return -1;
  if (service.kind == Kind::Tcp && ::listen(fd, 1024) != 0) return -1;
  return fd;
}

/// Answers from the address that was asked: the machine has several.
void echo_datagrams(int fd) {
  char buffer[2048], control[CMSG_SPACE(sizeof(in6_pktinfo))];
  sockaddr_in6 from{};
  for (;;) {
    iovec data{buffer, sizeof buffer};
    msghdr message{&from, sizeof from, &data, 1, control, sizeof control, 0};
    const ssize_t n = ::recvmsg(fd, &message, 0);
    if (n < 0) return;
    data.iov_len = static_cast<std::size_t>(n);
    ::sendmsg(fd, &message, MSG_NOSIGNAL);
  }
}

/// False: the peer is gone.
bool echo_stream(int fd) {
  char buffer[2048];
  const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
  if (n < 0) return errno == EAGAIN;
  return n > 0 && ::send(fd, buffer, static_cast<std::size_t>(n), MSG_NOSIGNAL) == n;
}

void accept_all(int fd, std::vector<pollfd>& polls) {
  for (int peer; (peer = ::accept4(fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;)
    polls.push_back({peer, POLLIN, 0});
}

void serve_once(const std::vector<Service>& services, std::vector<pollfd>& polls) {
  ::poll(polls.data(), polls.size(), -1);
  std::vector<pollfd> ready = polls;
  std::vector<pollfd> keep(polls.begin(), polls.begin() + static_cast<std::ptrdiff_t>(services.size()));
  for (std::size_t i = 0; i < ready.size(); ++i) {
    const bool active = ready[i].revents != 0;
    if (i < services.size()) {
      if (active && services[i].kind == Kind::Tcp) accept_all(ready[i].fd, keep);
      if (active && services[i].kind == Kind::Udp) echo_datagrams(ready[i].fd);
    } else if (!active || echo_stream(ready[i].fd)) {
      keep.push_back({ready[i].fd, POLLIN, 0});
    } else {
      ::close(ready[i].fd);
    }
  }
  polls = std::move(keep);
}

}  // namespace

bool serve(const std::vector<Service>& services, int ready_fd) {
  std::vector<pollfd> polls;
  for (const Service& service : services) {
    const int fd = listen_on(service);
    if (fd < 0) return false;
    polls.push_back({fd, POLLIN, 0});
  }
  if (ready_fd >= 0 && ::write(ready_fd, "r", 1) != 1) return false;
  for (;;) serve_once(services, polls);
}

}  // namespace weir::lab
