#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backends/ebpf/bundle/bundle.h"
#include "compiler/resolve/resolve.h"
#include "ir/base/files.h"
#include "runtime-agent/load/datapath.h"
#include "tests/kernel/peer/peer.h"

namespace weir::kernel_test {

/// Empty, or why network namespaces and BPF cannot be used here: print it after "SKIPPED: " and pass.
[[nodiscard]] std::string why_no_lab();

/// Where the programs of this build are.
[[nodiscard]] std::string program_folder();

/// Runs `work` on a thread of its own inside a network namespace ("weirlab-node1") and waits for it.
void inside(const std::string& network_namespace, const std::function<void()>& work);

/// The namespaces of scripts/lab under a name of this process alone, with its servers; gone with the value.
class Lab {
 public:
  Lab();
  ~Lab();
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;
  [[nodiscard]] bool up() const { return up_; }
  /// The full name of "node1", "frontend" ...
  [[nodiscard]] std::string ns(const std::string& machine) const { return name_ + "-" + machine; }
  /// A folder for the test's files.
  [[nodiscard]] std::string folder() const { return state_; }

 private:
  std::string name_, state_;
  bool up_ = false;
};

/// The manifests of testdata/clusters/lab with one of its policy folders, through every stage.
struct LabPolicies {
  ir::Files files;
  compiler::Resolved resolved;
};
/// `more`: another folder there.
[[nodiscard]] LabPolicies lab_policies(const std::string& folder, const std::string& more = {});
/// Aborts on a failure: the manifests are ours.
/// `listeners`: instead of those of the gateways.
[[nodiscard]] backends::Bundle lab_bundle(const LabPolicies&, const std::string& node, std::uint64_t generation,
                                          const std::vector<ir::TableListener>* listeners = nullptr);

/// The interfaces of a lab node.
[[nodiscard]] std::vector<agent::Interface> lab_interfaces(const std::string& node);

}  // namespace weir::kernel_test
