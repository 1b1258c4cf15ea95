#include "tests/kernel/lab_nodes.h"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weir::kernel_test {

void Nodes::load(const Lab& lab, const LabPolicies& policies, std::uint64_t generation,
                 const std::vector<ir::TableListener>* listeners) {
  for (const char* node : {"node1", "node2"})
    inside(lab.ns(node), [&] {
      if (!datapaths_.contains(node)) {
        auto opened = agent::Datapath::open(lab_interfaces(node), "");
        REQUIRE(opened.has_value());
        datapaths_.emplace(node, std::move(*opened));
      }
      const auto report = datapaths_.at(node).load(lab_bundle(policies, node, generation, listeners));
      if (!report) FAIL(report.error().message);
      CHECK(report->canaries > 20);
    });
}

Conversation::Conversation(const std::string& ns, const char* address, std::uint16_t port) {
  inside(ns, [&] { fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); });
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  ::inet_pton(AF_INET, address, &to.sin_addr);
  connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

Conversation::~Conversation() { ::close(fd_); }

bool Conversation::talks(int timeout_ms) {
  char byte = 'x';
  if (::send(fd_, &byte, 1, MSG_NOSIGNAL) != 1) return false;
  pollfd poll{fd_, POLLIN, 0};
  return ::poll(&poll, 1, timeout_ms) == 1 && ::recv(fd_, &byte, 1, 0) == 1;
}

}  // namespace weir::kernel_test
