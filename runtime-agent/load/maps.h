#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "backends/ebpf/abi/weir_abi.h"
#include "backends/ebpf/emit/map_contents.h"
#include "ir/base/result.h"
#include "runtime-agent/load/identity_plan.h"
#include "runtime-agent/load/kernel.h"

namespace weir::agent {

/// The maps of one loaded object, open for writing: class tables and control by plain stores, ipcache by system calls.
class Maps {
 public:
  [[nodiscard]] static ir::Result<Maps> open(const Object&);

  /// Whether the images fit the tables of this object.
  [[nodiscard]] bool fits(const backends::MapContents&) const;
  /// Number of identity slots.
  [[nodiscard]] std::uint32_t slots() const;

  /// A whole copy: every image as it is, but `identities` by slot.
  void write_copy(std::uint32_t copy, const backends::MapContents&, const Meaning&);
  /// `slot` means in `copy` what `like` means there.
  void prefill(std::uint32_t copy, std::uint32_t slot, std::uint32_t like);
  /// Reads the copy back through system calls and compares; what differs, or empty.
  [[nodiscard]] std::string verify_copy(std::uint32_t copy, const backends::MapContents&, const Meaning&) const;

  [[nodiscard]] ir::Result<void> put_prefix(const ir::IpPrefix&, std::uint32_t slot);
  [[nodiscard]] ir::Result<void> remove_prefix(const ir::IpPrefix&);
  /// Whether the kernel holds `slot` for exactly this prefix. True for a family that does not occur on the node.
  [[nodiscard]] bool holds_prefix(const ir::IpPrefix&, std::uint32_t slot) const;

  /// The listeners of a copy, and no others of it.
  [[nodiscard]] ir::Result<void> write_listeners(std::uint32_t copy, const backends::MapContents&);
  /// What of them the kernel holds otherwise, or empty.
  [[nodiscard]] std::string verify_listeners(std::uint32_t copy, const backends::MapContents&) const;

  [[nodiscard]] weir_endpoint& endpoint(std::uint32_t ifindex);
  [[nodiscard]] std::uint32_t epoch() const;
  /// The flip: one store that every later packet sees.
  void set_epoch(std::uint32_t epoch);

 private:
  [[nodiscard]] std::vector<std::uint8_t> bytes_of(const backends::TableImage&, const Meaning&) const;

  std::map<std::string, Mapping> tables_;
  std::map<std::string, int> fds_;
  Mapping control_, endpoints_;
  int ipcache4_ = -1, ipcache6_ = -1, listeners_ = -1;
};

}  // namespace weir::agent
