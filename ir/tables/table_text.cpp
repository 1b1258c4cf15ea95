#include <algorithm>
#include <map>
#include <string>

#include "ir/tables/table_set.h"

// --emit tables. For people and golden tests: one line a thing, runs of equal keys as ranges.
namespace weir::ir {
namespace {

constexpr std::string_view kSlotNames[kPortSlots] = {"tcp", "udp", "sctp", "icmp", "icmpv6", "other", "no-header"};

std::string number(std::uint64_t value) { return std::to_string(value); }

std::string identity_lines(const TableSet& t) {
  std::string text = "identities\n";
  for (std::size_t i = 0; i < t.identities.size(); ++i) {
    const TableIdentity& identity = t.identities[i];
    text += "  " + number(i) + " number " + number(identity.number) + " peer-class " + number(identity.peer_class) + " " +
            identity.name + " [";
    for (std::size_t l = 0; l < identity.labels.size(); ++l) text += (l > 0 ? " " : "") + identity.labels[l];
    text += "]\n";
  }
  text += "prefixes\n";
  for (const TablePrefix& entry : t.prefixes) text += "  " + to_text(entry.prefix) + " -> " + number(entry.identity) + "\n";
  return text;
}

std::string endpoint_lines(const TableSet& t) {
  std::string text = "endpoints\n";
  for (const TableEndpoint& endpoint : t.endpoints) {
    text += "  " + endpoint.namespace_name + "/" + endpoint.pod + " (" + endpoint.workload + ") subject-class " +
            number(endpoint.subject_class) + " identity " + number(endpoint.identity);
    for (const IpAddress& address : endpoint.addresses) text += " " + to_text(address);
    if (endpoint.egress_bandwidth > 0) text += " egress " + number(endpoint.egress_bandwidth) + " B/s";
    if (endpoint.ingress_bandwidth > 0) text += " ingress " + number(endpoint.ingress_bandwidth) + " B/s";
    text += "\n";
  }
  return text;
}

std::uint16_t class_of(const TableSet& t, std::size_t slot, std::uint32_t key) {
  return t.pages[t.page[slot][key >> 8]][key & 0xff];
}

std::string port_lines(const TableSet& t) {
  std::string text = "port classes\n";
  for (std::size_t slot = 0; slot < kPortSlots; ++slot) {
    text += "  " + std::string(kSlotNames[slot]);
    for (std::uint32_t key = 0, first = 0; key < 65536; ++key) {
      if (key < 65535 && class_of(t, slot, key + 1) == class_of(t, slot, key)) continue;
      text += " " + number(first) + (key > first ? "-" + number(key) : "") + ":" + number(class_of(t, slot, key));
      first = key + 1;
    }
    text += "\n";
  }
  return text;
}

std::string cell_text(const TableSet& t, const Cell& cell) {
  std::string text(to_text(cell.verdict));
  if (cell.reason != DropReason::None) text += " " + std::string(to_text(cell.reason));
  text += " " + std::string(to_text(cell.match));
  if (cell.audit) text += " audit";
  return cell.rule == kNoRule ? text : text + " by " + to_text(t.rules[cell.rule]);
}

std::uint32_t widest_local(const TableSet& t, std::size_t side) {
  std::uint32_t widest = 0;
  for (std::size_t port = 0; port < t.port_classes; ++port)
    widest = std::max<std::uint32_t>(widest, t.remap[side * t.port_classes + port]);
  return widest;
}

// Peer classes with the same row are listed together, and the row's cells once.
std::string side_lines(const TableSet& t, std::size_t side) {
  std::string text = "subject-class " + number(side / 2) + " " + std::string(to_text(Direction(side % 2))) + "\n  remap";
  for (std::size_t port = 0; port < t.port_classes; ++port) text += " " + number(t.remap[side * t.port_classes + port]);
  text += "\n";
  std::map<std::uint32_t, std::string> peers_of_row;
  for (std::size_t peer = 0; peer < t.peer_classes; ++peer)
    peers_of_row[t.rows[side * t.peer_classes + peer]] += " " + number(peer);
  for (const auto& [row, peers] : peers_of_row) {
    text += "  peer-classes" + peers + "\n";
    for (std::uint32_t local = 0; local <= widest_local(t, side); ++local)
      text += "    local " + number(local) + " " + cell_text(t, t.cells[row + local]) + "\n";
  }
  return text;
}

std::string listener_lines(const TableSet& t) {
  if (t.listeners.empty()) return "";
  std::string text = "listeners\n";
  for (const TableListener& listener : t.listeners) {
    const bool v6 = listener.address.family == IpFamily::V6;
    text += "  " + (v6 ? "[" + to_text(listener.address) + "]" : to_text(listener.address)) + ":" + number(listener.port) +
            " " + to_text(listener.protocol) + " " + listener.name + " " + std::string(to_text(listener.kind));
    text += listener.reason.empty() ? "\n" : ": " + listener.reason + "\n";
    for (const TableBackend& backend : listener.backends)
      text += "    weight " + number(backend.weight) + " -> " +
              (backend.port == 0 ? "refused" : to_text(backend.address) + " port " + number(backend.port)) + "\n";
  }
  return text;
}

}  // namespace

std::string to_text(const TableSet& t) {
  std::string text = "node " + (t.node.empty() ? std::string("(all)") : t.node) + "\n";
  text += number(t.subject_classes) + " subject, " + number(t.peer_classes) + " peer, " + number(t.port_classes) +
          " port classes, " + number(t.cells.size()) + " cells\n";
  text += identity_lines(t) + endpoint_lines(t) + listener_lines(t) + port_lines(t);
  for (std::size_t side = 0; side < std::size_t{t.subject_classes} * 2; ++side) text += side_lines(t, side);
  return text;
}

}  // namespace weir::ir
