#include <algorithm>
#include <bit>
#include <cstring>
#include <tuple>

#include "backends/ebpf/abi/weir_abi.h"
#include "backends/ebpf/bundle/bundle.h"

// A signed bundle may still be wrong (an older compiler, a bug), and the kernel masks an index instead of checking it
// (datapath.md 3 "Maps"). Test: tests/unit/runtime-agent/bundle_test.cpp.
namespace weir::backends {
namespace {

static_assert(std::endian::native == std::endian::little, "images are the kernel's own bytes");

struct Layout {
  const char* map;
  std::uint32_t element_size;
};
constexpr Layout kLayout[] = {
    {WEIR_MAP_IDENTITIES, sizeof(weir_identity)}, {WEIR_MAP_SUBJECTS, sizeof(weir_subject)},
    {WEIR_MAP_PORT_PAGE, 2},                      {WEIR_MAP_PORT_PAGES, 2},
    {WEIR_MAP_PORT_REMAP, 1},                     {WEIR_MAP_ROWS, 4},
    {WEIR_MAP_CELLS, sizeof(weir_cell)},          {WEIR_MAP_BACKENDS, sizeof(weir_backend)},
};
constexpr std::size_t kImages = std::size(kLayout);

template <class T>
T element(const TableImage& image, std::size_t index) {
  T value;
  std::memcpy(&value, image.bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

std::string out_of(const char* what, std::size_t at, std::size_t value, std::size_t size) {
  return std::string("`") + what + "` " + std::to_string(at) + " is " + std::to_string(value) + " of " +
         std::to_string(size);
}

std::string check_images(const MapContents& maps) {
  // `backends` is there when there are listeners
  const std::size_t wanted = maps.listeners.empty() ? kImages - 1 : kImages;
  if (maps.tables.size() != wanted) return "it has " + std::to_string(maps.tables.size()) + " tables";
  for (std::size_t i = 0; i < wanted; ++i) {
    const TableImage& image = maps.tables[i];
    if (image.map != kLayout[i].map || image.element_size != kLayout[i].element_size)
      return std::string("its table `") + kLayout[i].map + "` is not in its place";
    const std::size_t elements = image.bytes.size() / image.element_size;
    if (image.bytes.size() % 8 != 0 || !std::has_single_bit(elements) || image.used > elements)
      return std::string("its table `") + kLayout[i].map + "` has a wrong size";
  }
  return "";
}

struct Tables {
  const TableImage &identities, &subjects, &page, &pages, &remap, &rows, &cells;
  explicit Tables(const MapContents& m)
      : identities(m.tables[0]), subjects(m.tables[1]), page(m.tables[2]), pages(m.tables[3]), remap(m.tables[4]),
        rows(m.tables[5]), cells(m.tables[6]) {}
};

std::string check_pages(const Tables& t) {
  if (t.page.bytes.size() / 2 != WEIR_PORT_SLOTS * 256) return "its table `port_page` has a wrong size";
  for (std::size_t i = 0; i < WEIR_PORT_SLOTS * 256; ++i)
    if (const auto page = element<std::uint16_t>(t.page, i); (page + 1u) * 256 > t.pages.used && page != 0)
      return out_of(WEIR_MAP_PORT_PAGE, i, page, t.pages.used / 256);
  return t.pages.used < 256 ? "its table `port_pages` has no page" : "";
}

std::uint32_t highest_peer_class(const Tables& t) {
  std::uint32_t highest = 0;
  for (std::size_t i = 0; i < t.identities.used; ++i)
    highest = std::max<std::uint32_t>(highest, element<weir_identity>(t.identities, i).peer_class);
  return highest;
}

std::uint32_t highest_port_class(const Tables& t) {
  std::uint32_t highest = 0;
  for (std::size_t i = 0; i < t.pages.used; ++i)
    highest = std::max<std::uint32_t>(highest, element<std::uint16_t>(t.pages, i));
  return highest;
}

/// Every (peer class, port class) that can occur leads from this subject to a cell that is there.
std::string check_subject(const Tables& t, std::size_t at, std::uint32_t peers, std::uint32_t ports) {
  const auto subject = element<weir_subject>(t.subjects, at);
  if (std::uint64_t{subject.rows} + peers > t.rows.used) return out_of("subjects.rows", at, subject.rows, t.rows.used);
  if (std::uint64_t{subject.remap} + ports > t.remap.used)
    return out_of("subjects.remap", at, subject.remap, t.remap.used);
  std::uint32_t local = 0;
  for (std::uint32_t i = 0; i < ports; ++i)
    local = std::max<std::uint32_t>(local, element<std::uint8_t>(t.remap, subject.remap + i));
  for (std::uint32_t i = 0; i < peers; ++i)
    if (const auto base = element<std::uint32_t>(t.rows, subject.rows + i); std::uint64_t{base} + local >= t.cells.used)
      return out_of(WEIR_MAP_ROWS, subject.rows + i, base, t.cells.used);
  return "";
}

std::string check_cells(const Tables& t, std::size_t rules) {
  for (std::size_t i = 0; i < t.cells.used; ++i) {
    const auto cell = element<weir_cell>(t.cells, i);
    if (cell.verdict > WEIR_DENIED || cell.match > 6 || cell.audit > 1)
      return out_of("cells.verdict", i, cell.verdict, 2);
    if (cell.rule != WEIR_NO_RULE && cell.rule >= rules) return out_of("cells.rule", i, cell.rule, rules);
  }
  return "";
}

std::string check_ipcache(const MapContents& maps, std::size_t identities) {
  if (maps.ipcache.size() > WEIR_MAX_IPCACHE) return "it has more prefixes than `ipcache` holds";
  for (std::size_t i = 0; i < maps.ipcache.size(); ++i) {
    const IpcacheEntry& entry = maps.ipcache[i];
    const ir::IpAddress& address = entry.prefix.address;
    if (entry.prefix.length > address.bits() || ir::masked(address, entry.prefix.length) != address)
      return "prefix " + std::to_string(i) + " of `ipcache` has host bits";
    if (entry.identity >= identities) return out_of("ipcache", i, entry.identity, identities);
    if (i > 0 && !(maps.ipcache[i - 1].prefix < entry.prefix)) return "`ipcache` is not sorted";
  }
  return "";
}

std::string check_endpoints(const MapContents& maps, std::size_t subjects, std::size_t identities) {
  for (std::size_t i = 0; i < maps.endpoints.size(); ++i) {
    const EndpointEntry& endpoint = maps.endpoints[i];
    if (endpoint.subject_class * 2u + 1 >= subjects)
      return out_of("endpoints.subject_class", i, endpoint.subject_class, subjects / 2);
    if (endpoint.identity_index >= identities)
      return out_of("endpoints.identity", i, endpoint.identity_index, identities);
  }
  return "";
}

/// Every column leads to a column of the same listener.
std::string check_columns(const TableImage& backends, const ListenerEntry& listener) {
  for (std::uint32_t n = 0; n < listener.count; ++n)
    if (const auto column = element<weir_backend>(backends, std::size_t{listener.first} + n); column.alias >= listener.count)
      return out_of("backends.alias", listener.first + n, column.alias, listener.count);
  return "";
}

std::string check_listeners(const MapContents& maps) {
  const auto key = [](const ListenerEntry& l) { return std::tie(l.address, l.port, l.protocol); };
  if (maps.listeners.size() > WEIR_MAX_LISTENERS / WEIR_COPIES) return "it has more listeners than `listeners` holds";
  for (std::size_t i = 0; i < maps.listeners.size(); ++i) {
    const ListenerEntry& listener = maps.listeners[i];
    const TableImage& backends = maps.tables.back();
    if (listener.kind > WEIR_LISTENER_REFUSE) return out_of("listeners.kind", i, listener.kind, 3);
    if ((listener.kind == WEIR_LISTENER_BALANCE) != (listener.count > 0)) return "listener " + std::to_string(i) + " has a kind and backends that disagree";
    if (std::uint64_t{listener.first} + listener.count > backends.used)
      return out_of("listeners.first", i, listener.first, backends.used);
    if (i > 0 && key(maps.listeners[i - 1]) >= key(listener)) return "`listeners` is not sorted";
    if (std::string wrong = check_columns(backends, listener); !wrong.empty()) return wrong;
  }
  return "";
}

std::string check_vectors(const Bundle& bundle) {
  for (std::size_t i = 0; i < bundle.vectors.size(); ++i) {
    const TestVector& v = bundle.vectors[i];
    if (v.endpoint >= bundle.maps.endpoints.size())
      return out_of("vectors.endpoint", i, v.endpoint, bundle.maps.endpoints.size());
    if (v.identity >= bundle.identities.size())
      return out_of("vectors.identity", i, v.identity, bundle.identities.size());
    if (v.direction > ir::Direction::Egress || v.packet.size() < 34 || v.packet.size() > 1514)
      return "vector " + std::to_string(i) + " is not a packet";
  }
  return "";
}

std::string check_subjects(const Tables& t) {
  const std::uint32_t peers = highest_peer_class(t) + 1, ports = highest_port_class(t) + 1;
  if (t.subjects.used % 2 != 0) return "its table `subjects` has a wrong size";
  for (std::size_t i = 0; i < t.subjects.used; ++i)
    if (std::string wrong = check_subject(t, i, peers, ports); !wrong.empty()) return wrong;
  return "";
}

}  // namespace

std::string check(const Bundle& bundle) {
  if (std::string wrong = check_images(bundle.maps); !wrong.empty()) return wrong;
  const Tables t(bundle.maps);
  if (t.identities.used == 0) return "it has no identity 0";
  if (bundle.generation == 0) return "its generation is 0";
  if (bundle.identities.size() != t.identities.used) return "its names are not those of its identities";
  for (std::string wrong : {check_pages(t), check_subjects(t), check_cells(t, bundle.rules.size()),
                            check_ipcache(bundle.maps, t.identities.used),
                            check_endpoints(bundle.maps, t.subjects.used, t.identities.used), check_listeners(bundle.maps), check_vectors(bundle)})
    if (!wrong.empty()) return wrong;
  return "";
}

}  // namespace weir::backends
