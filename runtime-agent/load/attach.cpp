#include "runtime-agent/load/attach.h"

#include <bpf/libbpf.h>
#include <net/if.h>

#include <cerrno>

#include "runtime-agent/load/kernel.h"

namespace weir::agent {
namespace {

// weir's own place (datapath.md 3 "Program replace"): other programs on the interface are not touched.
constexpr std::uint32_t kHandle = 0x7765, kPriority = 50;

bpf_tc_hook hook_of(int ifindex, bpf_tc_attach_point point) {
  bpf_tc_hook hook{};
  hook.sz = sizeof hook;
  hook.ifindex = ifindex;
  hook.attach_point = point;
  return hook;
}

bpf_tc_opts place() {
  bpf_tc_opts options{};
  options.sz = sizeof options;
  options.handle = kHandle;
  options.priority = kPriority;
  return options;
}

ir::Result<void> attach_one(const Interface& interface, bpf_tc_attach_point point, int program) {
  const bpf_tc_hook hook = hook_of(interface.index, point);
  bpf_tc_opts options = place();
  options.prog_fd = program;
  options.flags = BPF_TC_F_REPLACE;
  if (const int error = bpf_tc_attach(&hook, &options); error != 0)
    return tl::unexpected(kernel_error("cannot attach to `" + interface.name + "`", error));
  return {};
}

}  // namespace

ir::Result<Interface> parse_interface(std::string_view text) {
  const auto equals = text.find('='), slash = text.find('/', equals == text.npos ? 0 : equals);
  if (equals == text.npos || slash == text.npos || equals == 0 || slash == equals + 1 || slash + 1 == text.size())
    return ir::failure("`" + std::string(text) + "` is not of the form `VETH=NAMESPACE/POD`", 2);
  return Interface{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1, slash - equals - 1)),
                   std::string(text.substr(slash + 1)), 0};
}

ir::Result<std::vector<Interface>> find_interfaces(std::vector<Interface> interfaces) {
  for (Interface& interface : interfaces) {
    interface.index = static_cast<int>(::if_nametoindex(interface.name.c_str()));
    if (interface.index == 0) return ir::failure("there is no interface `" + interface.name + "`", 2);
  }
  return interfaces;
}

ir::Result<void> attach(const Interface& interface, int from_pod, int to_pod) {
  bpf_tc_hook hook = hook_of(interface.index, static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS));
  if (const int error = bpf_tc_hook_create(&hook); error != 0 && error != -EEXIST)
    return tl::unexpected(kernel_error("cannot prepare `" + interface.name + "` (clsact)", error));
  if (auto done = attach_one(interface, BPF_TC_INGRESS, from_pod); !done) return done;
  return attach_one(interface, BPF_TC_EGRESS, to_pod);
}

ir::Result<void> detach(const Interface& interface) {
  for (const bpf_tc_attach_point point : {BPF_TC_INGRESS, BPF_TC_EGRESS}) {
    const bpf_tc_hook hook = hook_of(interface.index, point);
    const bpf_tc_opts options = place();
    if (const int error = bpf_tc_detach(&hook, &options); error != 0 && error != -ENOENT && error != -EINVAL)
      return tl::unexpected(kernel_error("cannot detach from `" + interface.name + "`", error));
  }
  return {};
}

}  // namespace weir::agent
