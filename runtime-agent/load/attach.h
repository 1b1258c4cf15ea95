#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"

namespace weir::agent {

/// A host-side veth and the pod behind it.
struct Interface {
  std::string name, namespace_name, pod;
  int index = 0;  // set by `find_interfaces`
};

/// "lxc-web=shop/web-0"; exit code 2 otherwise.
[[nodiscard]] ir::Result<Interface> parse_interface(std::string_view);
/// Fills in the indices; exit code 2 for a name that is not there.
[[nodiscard]] ir::Result<std::vector<Interface>> find_interfaces(std::vector<Interface>);

/// Puts both programs on an interface, in one step each: what ran there under weir's handle is replaced, never detached
/// first (datapath.md 1.4). `from_pod` runs at tc ingress of the veth, `to_pod` at its egress.
[[nodiscard]] ir::Result<void> attach(const Interface&, int from_pod, int to_pod);
/// Takes both away. The interface enforces nothing any more.
[[nodiscard]] ir::Result<void> detach(const Interface&);

}  // namespace weir::agent
