#pragma once

#include <map>
#include <vector>

#include "compiler/resolve/lint_parts.h"

namespace weir::compiler {

/// The port of a Service where policy sees the pod's own port: WEIR0311.
class PortLint {
 public:
  explicit PortLint(const Lint&);
  void look(const WrittenPolicy&) const;

 private:
  /// One port of one Service as it reaches one pod.
  struct Target {
    const ir::Service* service;
    ir::Protocol protocol;
    std::uint16_t port, target;
  };

  void look_at(const WrittenElement&, const ir::Selector& pods) const;
  void look_at(const WrittenElement&, const CiliumService&) const;
  /// What the Service translates this port to for this pod; null when the pod itself may listen on the port.
  [[nodiscard]] const Target* renamed(std::uint32_t pod, const PortSpec&) const;
  void report(const WrittenElement&, const PortSpec&, const Target&) const;

  const Lint& lint_;
  std::vector<std::vector<Target>> targets_;  // by pod
};

}  // namespace weir::compiler
