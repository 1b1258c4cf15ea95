#include "tests/kernel/harness/tables.h"

#include <algorithm>

#include "ir/base/check.h"

namespace weir::kernel_test {
namespace {

/// Gives the keys first..last of a slot to a class; a page is copied when it is first written.
void give(ir::TableSet& tables, const TinyPolicy::Ports& ports, std::uint16_t port_class) {
  for (std::uint32_t key = ports.first; key <= ports.last; ++key) {
    std::uint16_t& page = tables.page[static_cast<std::size_t>(ports.slot)][key >> 8];
    if (page == 0) {
      page = static_cast<std::uint16_t>(tables.pages.size());
      tables.pages.push_back(tables.pages[0]);
    }
    tables.pages[page][key & 255] = port_class;
  }
}

void add_peers(ir::TableSet& tables, const TinyPolicy& policy) {
  tables.identities.push_back({2, 0, "world", {}});
  for (std::size_t i = 0; i < policy.peers.size(); ++i) {
    const auto prefix = ir::parse_prefix(policy.peers[i].prefix);
    WEIR_CHECK(prefix);
    tables.prefixes.push_back({*prefix, static_cast<std::uint32_t>(tables.identities.size())});
    tables.identities.push_back({policy.peers[i].number, static_cast<std::uint16_t>(i + 1), policy.peers[i].prefix, {}});
  }
  std::sort(tables.prefixes.begin(), tables.prefixes.end());
}

void add_endpoints(ir::TableSet& tables, const TinyPolicy& policy) {
  for (std::size_t i = 0; i < policy.endpoints.size(); ++i) {
    ir::TableEndpoint endpoint{.namespace_name = "test", .pod = "pod-" + std::to_string(i), .workload = {}, .addresses = {}};
    for (const std::string& text : policy.endpoints[i]) endpoint.addresses.push_back(ir::parse_address(text).value());
    endpoint.identity = static_cast<std::uint32_t>(tables.identities.size());
    endpoint.subject_class = static_cast<std::uint16_t>(i);
    tables.identities.push_back({1000 + static_cast<std::uint32_t>(i), 0, "test/pod-" + std::to_string(i), {}});
    tables.endpoints.push_back(endpoint);
  }
}

void add_cells(ir::TableSet& tables, const TinyPolicy& policy) {
  for (std::uint32_t s = 0; s < tables.subject_classes; ++s)
    for (const ir::Direction d : {ir::Direction::Ingress, ir::Direction::Egress}) {
      for (std::uint32_t port = 0; port < tables.port_classes; ++port) tables.remap.push_back(static_cast<std::uint8_t>(port));
      for (std::uint32_t peer = 0; peer < tables.peer_classes; ++peer) {
        tables.rows.push_back(static_cast<std::uint32_t>(tables.cells.size()));
        for (std::uint32_t port = 0; port < tables.port_classes; ++port)
          tables.cells.push_back(policy.decide(s, d, peer, port));
      }
    }
}

}  // namespace

ir::TableSet make_tables(const TinyPolicy& policy) {
  ir::TableSet tables;
  tables.node = "test";
  tables.pages.emplace_back();
  for (std::size_t i = 0; i < policy.ports.size(); ++i)
    give(tables, policy.ports[i], static_cast<std::uint16_t>(i + 1));
  tables.subject_classes = static_cast<std::uint32_t>(policy.endpoints.size());
  tables.peer_classes = static_cast<std::uint32_t>(policy.peers.size() + 1);
  tables.port_classes = static_cast<std::uint32_t>(policy.ports.size() + 1);
  WEIR_CHECK(tables.port_classes <= 256);
  add_peers(tables, policy);
  add_endpoints(tables, policy);
  add_cells(tables, policy);
  tables.rules.resize(64);
  return tables;
}

ir::Cell allow(std::uint32_t rule) {
  ir::Cell cell;
  cell.rule = rule;
  cell.match = rule == ir::kNoRule ? ir::MatchType::None : ir::MatchType::L3L4;
  return cell;
}

ir::Cell deny(std::uint32_t rule) {
  ir::Cell cell;
  cell.verdict = ir::Verdict::Denied;
  cell.reason = rule == ir::kNoRule ? ir::DropReason::PolicyDenied : ir::DropReason::PolicyDeny;
  cell.rule = rule;
  return cell;
}

}  // namespace weir::kernel_test
