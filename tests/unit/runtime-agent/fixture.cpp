#include "tests/unit/runtime-agent/fixture.h"

#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "backends/ebpf/emit/emit.h"

namespace weir::agent_test {
namespace {

constexpr std::uint32_t kPeerClasses = 3, kPortClasses = 2;

void add_prefix(ir::TableSet& t, const char* text, std::uint32_t number, std::uint16_t peer_class, std::string name) {
  const auto index = static_cast<std::uint32_t>(t.identities.size());
  t.prefixes.push_back({ir::parse_prefix(text).value(), index});
  t.identities.push_back({number, peer_class, std::move(name), {"k8s:app=" + std::to_string(number)}});
}

ir::Cell cell(bool friendly, bool hostile, std::uint32_t port) {
  ir::Cell out;
  if (hostile) return {ir::Verdict::Denied, ir::DropReason::PolicyDeny, ir::MatchType::L3Only, false, 1};
  if (friendly && port == 1) return {ir::Verdict::Allowed, ir::DropReason::None, ir::MatchType::L3L4, false, 0};
  return {ir::Verdict::Denied, ir::DropReason::PolicyDenied, ir::MatchType::None, false, 2};
}

}  // namespace

ir::TableSet small_tables() {
  ir::TableSet t;
  t.node = "node1";
  t.identities.push_back({2, 0, "world", {"reserved:world"}});
  add_prefix(t, "10.1.0.0/16", 16777217, 1, "10.1.0.0/16");
  add_prefix(t, "10.1.7.0/24", 16777218, 2, "10.1.7.0/24");
  add_prefix(t, "2001:db8:1::/48", 16777219, 1, "2001:db8:1::/48");
  add_prefix(t, "10.0.0.1/32", 300, 0, "test/pod-a");
  add_prefix(t, "10.0.0.2/32", 301, 0, "test/pod-b");
  std::sort(t.prefixes.begin(), t.prefixes.end());
  t.pages.resize(2);
  t.page[static_cast<std::size_t>(ir::PortSlot::Tcp)][8080 >> 8] = 1;
  t.pages[1][8080 & 255] = 1;
  t.subject_classes = 2;
  t.peer_classes = kPeerClasses;
  t.port_classes = kPortClasses;
  for (std::uint32_t side = 0; side < 4; ++side) {
    t.remap.insert(t.remap.end(), {0, 1});
    for (std::uint32_t peer = 0; peer < kPeerClasses; ++peer) {
      t.rows.push_back(static_cast<std::uint32_t>(t.cells.size()));
      for (std::uint32_t port = 0; port < kPortClasses; ++port) t.cells.push_back(cell(peer == 1, peer == 2, port));
    }
  }
  const auto address = [](const char* text) { return ir::parse_address(text).value(); };
  t.endpoints.push_back({"test", "pod-a", "Deployment/a", {address("10.0.0.1"), address("fd00::1")}, 4, 0, 0, 0});
  t.endpoints.push_back({"test", "pod-b", "StatefulSet/b", {address("10.0.0.2")}, 5, 1, 0, 0});
  t.rules = {{"CiliumNetworkPolicy", "test", "allow", ir::Direction::Ingress, 0, ir::Action::Allow, "a.yaml", 10, 3},
             {"CiliumNetworkPolicy", "test", "deny", ir::Direction::Ingress, 1, ir::Action::Deny, "a.yaml", 20, 3},
             {"NetworkPolicy", "test", "isolate", ir::Direction::Ingress, 0, ir::Action::Allow, "b.yaml", 7, 1}};
  return t;
}

backends::Bundle small_bundle(std::uint64_t generation) {
  const ir::TableSet tables = small_tables();
  return backends::make_bundle(tables, backends::map_contents(tables), "shape", "// c\n", "not a real object", {},
                               generation);
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "weir-test-XXXXXX").string();
  path = ::mkdtemp(name.data());
}
TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace weir::agent_test
