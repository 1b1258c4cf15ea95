#include "tests/kernel/lab_fixture.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <thread>

#include "backends/ebpf/build/build.h"
#include "backends/ebpf/emit/emit.h"
#include "compiler/api/object_set.h"
#include "compiler/lower/listeners.h"
#include "compiler/lower/lower.h"
#include "ir/base/check.h"
#include "tests/kernel/harness/harness.h"

namespace weir::kernel_test {
namespace {

const std::string kLab = std::string(WEIR_SOURCE_DIR) + "/scripts/lab";

std::vector<backends::AddressName> names_of(const ir::Cluster& cluster) {
  std::vector<backends::AddressName> names;
  for (const ir::Pod& pod : cluster.pods)
    for (const ir::IpAddress& address : pod.addresses)
      names.push_back({address, pod.namespace_name, pod.name, pod.workload.kind + "/" + pod.workload.name});
  return names;
}

/// clang once for each shape.
const std::string& object_of(const backends::Shape& shape) {
  static std::map<std::string, std::string> cache;
  std::string& object = cache[backends::shape_key(shape)];
  if (object.empty()) {
    auto compiled = backends::compile_bpf(backends::emit_c(shape));
    if (!compiled) std::cerr << compiled.error().message << "\n";
    WEIR_CHECK(compiled.has_value());
    object = std::move(*compiled);
  }
  return object;
}

}  // namespace

std::string why_no_lab() {
  if (::geteuid() != 0) return "the lab needs root";
  if (::access("/usr/sbin/ip", X_OK) != 0 && ::access("/sbin/ip", X_OK) != 0) return "there is no `ip` (iproute2)";
  std::string why = why_no_bpf();
  if (why.empty()) {
    std::thread([&] {
      if (::unshare(CLONE_NEWNET) != 0) why = "network namespaces are not permitted here";
    }).join();
  }
  return why;
}

std::string program_folder() {
  if (const char* bin = std::getenv("WEIR_BIN")) return bin;
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
}

void inside(const std::string& network_namespace, const std::function<void()>& work) {
  std::thread([&] {
    const int fd = ::open(("/run/netns/" + network_namespace).c_str(), O_RDONLY | O_CLOEXEC);
    WEIR_CHECK(fd >= 0);
    WEIR_CHECK(::setns(fd, CLONE_NEWNET) == 0);
    ::close(fd);
    work();
  }).join();
}

Lab::Lab() : name_("wlt" + std::to_string(::getpid())), state_("/tmp/" + name_ + ".state") {
  ::setenv("WEIR_LAB_NAME", name_.c_str(), 1);
  ::setenv("WEIR_LAB_STATE", state_.c_str(), 1);
  ::setenv("WEIR_BUILD", program_folder().c_str(), 1);
  up_ = std::system((kLab + " up").c_str()) == 0;
}

Lab::~Lab() {
  if (std::system((kLab + " down").c_str()) != 0) std::cerr << "the lab " << name_ << " was not taken down\n";
}

LabPolicies lab_policies(const std::string& folder, const std::string& more) {
  const std::string root = std::string(WEIR_SOURCE_DIR) + "/testdata/clusters/lab/";
  LabPolicies out;
  ir::Diagnostics diagnostics;
  std::vector<std::string> paths{root + "inventory.yaml", root + folder};
  if (!more.empty()) paths.push_back(root + more);
  const auto sources = compiler::load(paths, {}, out.files, diagnostics);
  WEIR_CHECK(sources.has_value());
  const compiler::Objects objects = compiler::read(*sources, out.files, diagnostics);
  out.resolved = compiler::resolve(objects, ir::settings_for(ir::Dialect::Cilium120), out.files, diagnostics);
  WEIR_CHECK(!out.resolved.policies.rules.empty());
  return out;
}

backends::Bundle lab_bundle(const LabPolicies& policies, const std::string& node, std::uint64_t generation,
                            const std::vector<ir::TableListener>* listeners) {
  auto tables =
      compiler::lower(policies.resolved.policies, policies.resolved.cluster, policies.files, node);
  WEIR_CHECK(tables.has_value());
  tables->listeners = compiler::lower_listeners(policies.resolved.routes, policies.resolved.cluster);
  if (listeners != nullptr) tables->listeners = *listeners;
  const backends::Shape shape = backends::shape_of(*tables);
  return backends::make_bundle(*tables, backends::map_contents(*tables), backends::shape_key(shape), "",
                               object_of(shape), names_of(policies.resolved.cluster), generation);
}

std::vector<agent::Interface> lab_interfaces(const std::string& node) {
  if (node == "node1") return {{"lxc-frontend", "shop", "frontend-6c8d5b7f9d-k2x7p", 0}};
  return {{"lxc-backend", "shop", "backend-7f4b6d9c5c-m9w4t", 0}, {"lxc-database", "shop", "database-0", 0}};
}

}  // namespace weir::kernel_test
