#include "backends/ebpf/emit/map_contents.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>
#include <span>

#include "backends/ebpf/abi/weir_abi.h"
#include "backends/ebpf/emit/emit.h"
#include "backends/ebpf/emit/listeners.h"
#include "ir/base/check.h"

namespace weir::backends {
namespace {

static_assert(std::endian::native == std::endian::little, "images are little endian, like the kernels weir runs on");

template <class Element>
TableImage image(const char* map, std::span<const Element> elements, std::uint32_t capacity) {
  WEIR_CHECK(elements.size() <= capacity);
  TableImage out{map, sizeof(Element), static_cast<std::uint32_t>(elements.size()), {}};
  out.bytes.resize(std::size_t{capacity} * sizeof(Element));
  if (!elements.empty()) std::memcpy(out.bytes.data(), elements.data(), elements.size_bytes());
  return out;
}

TableImage identities(const ir::TableSet& tables, std::uint32_t capacity) {
  std::vector<weir_identity> out;
  for (const ir::TableIdentity& identity : tables.identities) out.push_back({identity.number, identity.peer_class, 0});
  return image<weir_identity>(WEIR_MAP_IDENTITIES, out, capacity);
}

TableImage subjects(const ir::TableSet& tables, std::uint32_t capacity) {
  std::vector<weir_subject> out;
  for (std::uint32_t i = 0; i < tables.subject_classes * 2; ++i)
    out.push_back({i * tables.peer_classes, i * tables.port_classes});
  return image<weir_subject>(WEIR_MAP_SUBJECTS, out, capacity);
}

TableImage port_page(const ir::TableSet& tables) {
  std::vector<std::uint16_t> out;
  for (const auto& slot : tables.page) out.insert(out.end(), slot.begin(), slot.end());
  return image<std::uint16_t>(WEIR_MAP_PORT_PAGE, out, WEIR_PORT_SLOTS * 256);
}

TableImage port_pages(const ir::TableSet& tables, std::uint32_t capacity) {
  std::vector<std::uint16_t> out;
  for (const auto& page : tables.pages) out.insert(out.end(), page.begin(), page.end());
  return image<std::uint16_t>(WEIR_MAP_PORT_PAGES, out, capacity);
}

TableImage cells(const ir::TableSet& tables, std::uint32_t capacity) {
  std::vector<weir_cell> out;
  for (const ir::Cell& cell : tables.cells) {
    WEIR_CHECK(cell.verdict != ir::Verdict::Unknown);
    out.push_back({static_cast<std::uint8_t>(cell.verdict), static_cast<std::uint8_t>(cell.reason),
                   static_cast<std::uint8_t>(cell.match), static_cast<std::uint8_t>(cell.audit), cell.rule});
  }
  return image<weir_cell>(WEIR_MAP_CELLS, out, capacity);
}

std::uint64_t fnv1a(const std::vector<std::uint8_t>& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

std::string hex(const TableImage& table, std::uint32_t index) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (std::uint32_t b = 0; b < table.element_size; ++b) {
    const std::uint8_t byte = table.bytes[std::size_t{index} * table.element_size + b];
    out += {kHex[byte >> 4], kHex[byte & 15]};
  }
  return out;
}

/// The elements in use in memory order, a run of equal ones on one line; long tables are cut.
void print_elements(const TableImage& table, std::string& out) {
  static constexpr int kMostRuns = 64;
  int runs = 0;
  for (std::uint32_t first = 0; first < table.used;) {
    std::uint32_t end = first + 1;
    const std::string value = hex(table, first);
    while (end < table.used && hex(table, end) == value) ++end;
    if (++runs > kMostRuns) {
      out += "  ... from " + std::to_string(first) + " on, " + std::to_string(table.used - first) + " more\n";
      return;
    }
    out += "  " + std::to_string(first) + (end - first > 1 ? ".." + std::to_string(end - 1) : "") + " " + value + "\n";
    first = end;
  }
}

}  // namespace

MapContents map_contents(const ir::TableSet& tables) {
  const Shape shape = shape_of(tables);
  MapContents out;
  out.tables = {identities(tables, shape.identities),
                subjects(tables, shape.subjects),
                port_page(tables),
                port_pages(tables, shape.port_pages),
                image<std::uint8_t>(WEIR_MAP_PORT_REMAP, tables.remap, shape.port_remap),
                image<std::uint32_t>(WEIR_MAP_ROWS, tables.rows, shape.rows),
                cells(tables, shape.cells)};
  std::vector<weir_backend> backends;
  out.listeners = listener_entries(tables, backends);
  if (shape.backends != 0) out.tables.push_back(image<weir_backend>(WEIR_MAP_BACKENDS, backends, shape.backends));
  for (const ir::TablePrefix& prefix : tables.prefixes) out.ipcache.push_back({prefix.prefix, prefix.identity});
  for (const ir::TableEndpoint& endpoint : tables.endpoints)
    out.endpoints.push_back({endpoint.namespace_name, endpoint.pod, endpoint.addresses, endpoint.subject_class,
                             endpoint.identity, tables.identities.at(endpoint.identity).number});
  return out;
}

std::string to_text(const MapContents& contents) {
  std::string out;
  for (const TableImage& table : contents.tables) {
    char hash[17];
    std::snprintf(hash, sizeof(hash), "%016llx", static_cast<unsigned long long>(fnv1a(table.bytes)));
    out += table.map + " used=" + std::to_string(table.used) + " element=" + std::to_string(table.element_size) +
           " bytes=" + std::to_string(table.bytes.size()) + " fnv1a=" + hash + "\n";
    print_elements(table, out);
  }
  out += "ipcache entries=" + std::to_string(contents.ipcache.size()) + "\n";
  for (const IpcacheEntry& entry : contents.ipcache)
    out += "  " + ir::to_text(entry.prefix) + " identity=" + std::to_string(entry.identity) + "\n";
  out += "endpoints entries=" + std::to_string(contents.endpoints.size()) + "\n";
  for (const EndpointEntry& endpoint : contents.endpoints) {
    out += "  " + endpoint.namespace_name + "/" + endpoint.pod + " subject=" + std::to_string(endpoint.subject_class) +
           " identity=" + std::to_string(endpoint.identity_number);
    for (const ir::IpAddress& address : endpoint.addresses) out += " " + ir::to_text(address);
    out += "\n";
  }
  if (contents.listeners.empty()) return out;
  out += "listeners entries=" + std::to_string(contents.listeners.size()) + "\n";
  for (const ListenerEntry& listener : contents.listeners)
    out += "  " + ir::to_text(listener.address) + " port=" + std::to_string(listener.port) +
           " protocol=" + std::to_string(listener.protocol) + " kind=" + std::to_string(listener.kind) +
           " first=" + std::to_string(listener.first) + " count=" + std::to_string(listener.count) + "\n";
  return out;
}

}  // namespace weir::backends
