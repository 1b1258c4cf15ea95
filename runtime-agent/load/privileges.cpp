#include "runtime-agent/load/privileges.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "runtime-agent/load/kernel.h"

namespace weir::agent {
namespace {

constexpr std::uint64_t kKept = std::uint64_t{1} << CAP_BPF | std::uint64_t{1} << CAP_NET_ADMIN;

bool read_permitted(std::uint64_t& permitted) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  if (::syscall(SYS_capget, &header, data) != 0) return false;
  permitted = data[0].permitted | std::uint64_t{data[1].permitted} << 32;
  return true;
}

bool write_sets(std::uint64_t kept) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const auto low = static_cast<std::uint32_t>(kept), high = static_cast<std::uint32_t>(kept >> 32);
  const __user_cap_data_struct data[2]{{low, low, 0}, {high, high, 0}};
  return ::syscall(SYS_capset, &header, data) == 0;
}

}  // namespace

ir::Result<void> drop_privileges() {
  std::uint64_t permitted = 0;
  if (!read_permitted(permitted)) return tl::unexpected(kernel_error("cannot read the capabilities", errno));
  if ((permitted & kKept) != kKept) return ir::failure("the agent needs CAP_BPF and CAP_NET_ADMIN");
  // Leaving the bounding set needs CAP_SETPCAP; an unprivileged start cannot gain anything from it anyway.
  for (int cap = 0; cap <= CAP_LAST_CAP; ++cap)
    if ((kKept >> cap & 1) == 0) (void)::prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
  (void)::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !write_sets(kKept))
    return tl::unexpected(kernel_error("cannot drop capabilities", errno));
  return {};
}

}  // namespace weir::agent
