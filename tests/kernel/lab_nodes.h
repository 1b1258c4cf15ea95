#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/kernel/lab_fixture.h"

namespace weir::kernel_test {

/// The datapaths of the lab's two nodes, in this process.
class Nodes {
 public:
  /// `listeners`: instead of those of the gateways. Fails the test when a node refuses.
  void load(const Lab&, const LabPolicies&, std::uint64_t generation, const std::vector<ir::TableListener>* listeners = nullptr);
  [[nodiscard]] agent::Datapath& at(const std::string& node) { return datapaths_.at(node); }

 private:
  std::map<std::string, agent::Datapath> datapaths_;
};

/// A TCP connection that asks and answers, from a network namespace to an IPv4 address.
class Conversation {
 public:
  Conversation(const std::string& ns, const char* address, std::uint16_t port);
  ~Conversation();
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;
  [[nodiscard]] bool connected() const { return connected_; }
  /// Whether an answer comes within `timeout_ms`.
  [[nodiscard]] bool talks(int timeout_ms);

 private:
  int fd_ = -1;
  bool connected_ = false;
};

}  // namespace weir::kernel_test
