#include <algorithm>
#include <string>
#include <tuple>

#include "ir/tables/table_set.h"

// The kernel masks an index instead of checking it (datapath.md 3 "Maps"), so a bad index would read a wrong cell. Every
// writer and reader of tables calls check() first. Test: tests/unit/ir/tables_test.cpp.
namespace weir::ir {
namespace {

std::string out_of(std::string_view what, std::size_t at, std::size_t value, std::size_t size) {
  return std::string(what) + " " + std::to_string(at) + " is " + std::to_string(value) + " of " + std::to_string(size);
}

std::string check_sizes(const TableSet& t) {
  const std::size_t sides = std::size_t{t.subject_classes} * 2;
  if (t.peer_classes == 0 || t.port_classes == 0) return "there is no peer class or no port class";
  if (t.subject_classes > 65535 || t.peer_classes > 65535 || t.port_classes > 65535) return "more than 65535 classes";
  if (t.remap.size() != sides * t.port_classes) return "`remap` has " + std::to_string(t.remap.size()) + " entries";
  if (t.rows.size() != sides * t.peer_classes) return "`rows` has " + std::to_string(t.rows.size()) + " entries";
  if (t.identities.empty()) return "there is no identity 0";
  return "";
}

std::string check_ports(const TableSet& t) {
  for (std::size_t slot = 0; slot < kPortSlots; ++slot)
    for (std::size_t high = 0; high < 256; ++high)
      if (t.page[slot][high] >= t.pages.size())
        return out_of("page", slot * 256 + high, t.page[slot][high], t.pages.size());
  for (std::size_t page = 0; page < t.pages.size(); ++page)
    for (const std::uint16_t port_class : t.pages[page])
      if (port_class >= t.port_classes) return out_of("a port class of page", page, port_class, t.port_classes);
  return "";
}

std::string check_identities(const TableSet& t) {
  for (std::size_t i = 0; i < t.identities.size(); ++i)
    if (t.identities[i].peer_class >= t.peer_classes)
      return out_of("the peer class of identity", i, t.identities[i].peer_class, t.peer_classes);
  for (std::size_t i = 0; i < t.prefixes.size(); ++i) {
    const TablePrefix& entry = t.prefixes[i];
    if (entry.identity >= t.identities.size())
      return out_of("the identity of prefix", i, entry.identity, t.identities.size());
    if (entry.prefix.length > entry.prefix.address.bits()) return out_of("the length of prefix", i, entry.prefix.length, 128);
    if (masked(entry.prefix.address, entry.prefix.length) != entry.prefix.address)
      return "prefix " + std::to_string(i) + " has host bits";
    // One key holds one value (datapath.md 3).
    if (i > 0 && t.prefixes[i - 1].prefix >= entry.prefix) return "prefix " + std::to_string(i) + " is out of order";
  }
  return "";
}

std::string check_endpoints(const TableSet& t) {
  for (std::size_t i = 0; i < t.endpoints.size(); ++i) {
    if (t.endpoints[i].subject_class >= t.subject_classes)
      return out_of("the subject class of endpoint", i, t.endpoints[i].subject_class, t.subject_classes);
    if (t.endpoints[i].identity >= t.identities.size())
      return out_of("the identity of endpoint", i, t.endpoints[i].identity, t.identities.size());
  }
  return "";
}

// base + local stays inside the cells for every pair the kernel can form.
std::string check_rows(const TableSet& t) {
  for (std::size_t side = 0; side < std::size_t{t.subject_classes} * 2; ++side) {
    const auto remap = t.remap.begin() + static_cast<std::ptrdiff_t>(side * t.port_classes);
    const std::size_t widest = *std::max_element(remap, remap + t.port_classes);
    for (std::size_t peer = 0; peer < t.peer_classes; ++peer) {
      const std::size_t row = side * t.peer_classes + peer;
      if (t.rows[row] + widest >= t.cells.size()) return out_of("row", row, t.rows[row] + widest, t.cells.size());
    }
  }
  return "";
}

std::string check_cells(const TableSet& t) {
  for (std::size_t i = 0; i < t.cells.size(); ++i) {
    const Cell& cell = t.cells[i];
    if (cell.rule != kNoRule && cell.rule >= t.rules.size())
      return out_of("the rule of cell", i, cell.rule, t.rules.size());
    if (cell.verdict == Verdict::Unknown) return "cell " + std::to_string(i) + " is undecided";
    if ((cell.verdict == Verdict::Denied) != (cell.reason != DropReason::None))
      return "cell " + std::to_string(i) + " has a verdict and a reason that disagree";
  }
  return "";
}

std::string check_listener(const TableListener& l) {
  if (l.protocol != Protocol::Tcp && l.protocol != Protocol::Udp) return "is neither TCP nor UDP";
  if ((l.kind == ListenerKind::Balance) == l.backends.empty()) return "has a kind and backends that disagree";
  if ((l.kind == ListenerKind::Balance) != l.reason.empty()) return "has a kind and a reason that disagree";
  for (const TableBackend& backend : l.backends) {
    if (backend.weight == 0) return "has a backend without a share";
    if (backend.port != 0 && backend.address.family != l.address.family) return "has a backend of another family";
  }
  return "";
}

std::string check_listeners(const TableSet& t) {
  const auto key = [](const TableListener& l) { return std::tie(l.address, l.port, l.protocol); };
  for (std::size_t i = 0; i < t.listeners.size(); ++i) {
    if (const std::string wrong = check_listener(t.listeners[i]); !wrong.empty()) return "listener " + std::to_string(i) + " " + wrong;
    if (i > 0 && key(t.listeners[i - 1]) >= key(t.listeners[i])) return "listener " + std::to_string(i) + " is out of order";
  }
  return "";
}

}  // namespace

std::string check(const TableSet& tables) {
  for (const auto part : {check_sizes, check_ports, check_identities, check_endpoints, check_cells, check_rows, check_listeners})
    if (std::string wrong = part(tables); !wrong.empty()) return wrong;
  return "";
}

}  // namespace weir::ir
