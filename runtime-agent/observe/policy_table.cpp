#include "runtime-agent/observe/policy_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>
#include <vector>

#include "backends/ebpf/abi/weir_abi.h"

namespace weir::agent {
namespace {

using backends::Bundle;

/// The lookups of the kernel program, on the images of the bundle.
struct Reader {
  const Bundle& bundle;

  template <class T>
  T at(std::size_t table, std::size_t index) const {
    T value;
    std::memcpy(&value, bundle.maps.tables[table].bytes.data() + index * sizeof(T), sizeof(T));
    return value;
  }
  weir_cell cell(std::size_t subject, std::size_t identity, std::size_t slot, unsigned key) const {
    const auto s = at<weir_subject>(1, subject);
    const auto port = at<std::uint16_t>(3, at<std::uint16_t>(2, slot * 256 + (key >> 8)) * 256u + (key & 255));
    const auto base = at<std::uint32_t>(5, s.rows + at<weir_identity>(0, identity).peer_class);
    return at<weir_cell>(6, base + at<std::uint8_t>(4, s.remap + port));
  }
};

struct Row {
  bool deny = false;
  std::string direction, ports;
  std::size_t identity = 0;
  unsigned prefix = 0;
  std::uint32_t rule = 0;
};

constexpr const char* kProtocols[] = {"TCP", "UDP", "SCTP", "ICMP", "ICMPv6"};

bool shown(const weir_cell& cell) { return cell.verdict == WEIR_ALLOWED || cell.reason == WEIR_REASON_POLICY_DENY; }

bool same(const weir_cell& a, const weir_cell& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

/// "8080/TCP", "8000-8099/TCP", "ANY/TCP", "8/ICMP" for every code, "3:4/ICMP" for one.
std::string port_text(std::size_t slot, unsigned first, unsigned last) {
  if (first == 0 && last == 65535) return fmt::format("ANY/{}", kProtocols[slot]);
  const unsigned shift = slot >= 3 ? 8 : 0;
  if (shift != 0 && first == last) return fmt::format("{}:{}/{}", first >> 8, first & 255, kProtocols[slot]);
  if (first >> shift == last >> shift) return fmt::format("{}/{}", first >> shift, kProtocols[slot]);
  return fmt::format("{}-{}/{}", first >> shift, last >> shift, kProtocols[slot]);
}

/// Bits of (protocol, port) that a Cilium entry of this range fixes: 8 for the protocol and up to 16 for the port.
unsigned prefix_bits(unsigned first, unsigned last) {
  const unsigned size = last - first + 1;
  return 24 - static_cast<unsigned>(std::bit_width(size) - 1);
}

void add_ranges(std::vector<Row>& rows, const Reader& reader, std::size_t subject, std::size_t identity,
                std::size_t slot) {
  for (unsigned first = 0; first < 65536;) {
    const weir_cell cell = reader.cell(subject, identity, slot, first);
    unsigned last = first;
    while (last < 65535 && same(reader.cell(subject, identity, slot, last + 1), cell)) ++last;
    if (shown(cell))
      rows.push_back({cell.verdict == WEIR_DENIED, subject % 2 == WEIR_EGRESS ? "Egress" : "Ingress",
                      port_text(slot, first, last), identity, prefix_bits(first, last), cell.rule});
    first = last + 1;
  }
}

/// One cell for every slot and port: a single row says it.
bool uniform(const Reader& reader, std::size_t subject, std::size_t identity, weir_cell& cell) {
  cell = reader.cell(subject, identity, 0, 0);
  for (std::size_t slot = 0; slot < std::size(kProtocols); ++slot)
    for (unsigned key = 0; key < 65536; ++key)
      if (!same(reader.cell(subject, identity, slot, key), cell)) return false;
  return true;
}

std::vector<Row> rows_of(const Reader& reader, std::size_t subject) {
  std::vector<Row> rows;
  for (std::size_t identity = 0; identity < reader.bundle.identities.size(); ++identity) {
    weir_cell cell{};
    if (uniform(reader, subject, identity, cell)) {
      if (shown(cell))
        rows.push_back({cell.verdict == WEIR_DENIED, subject % 2 == WEIR_EGRESS ? "Egress" : "Ingress", "ANY",
                        identity, 0, cell.rule});
      continue;
    }
    for (std::size_t slot = 0; slot < std::size(kProtocols); ++slot)
      add_ranges(rows, reader, subject, identity, slot);
  }
  return rows;
}

std::string label_at(const Bundle& bundle, std::size_t identity, std::size_t index) {
  const backends::IdentityName& name = bundle.identities[identity];
  if (name.labels.empty()) return name.name;
  return name.labels[index];
}

constexpr const char* kFormat = "{:<8} {:<11} {:<60} {:<16} {:<12} {:<11} {:<7} {:<9} {:<8} {}\n";

void print(std::string& out, const Bundle& bundle, const Row& row, bool numeric) {
  const std::string who = numeric ? std::to_string(bundle.identities[row.identity].number)
                                  : label_at(bundle, row.identity, 0);
  // weir counts packets per direction, not per entry.
  out += fmt::format(kFormat, row.deny ? "Deny" : "Allow", row.direction, who, row.ports, "NONE", "disabled", "-", "-",
                     row.prefix, row.rule == WEIR_NO_RULE ? "-" : std::to_string(row.rule));
  if (numeric) return;
  for (std::size_t i = 1; i < bundle.identities[row.identity].labels.size(); ++i)
    out += fmt::format("{:<20} {}\n", "", label_at(bundle, row.identity, i));
}

}  // namespace

ir::Result<std::string> policy_table(const Bundle& bundle, const std::string& pod, bool numeric) {
  const auto& all = bundle.maps.endpoints;
  const auto at = std::find_if(all.begin(), all.end(), [&](const backends::EndpointEntry& e) {
    return e.namespace_name + "/" + e.pod == pod;
  });
  if (at == all.end()) return ir::failure("the bundle has no endpoint `" + pod + "`", 2);
  const Reader reader{bundle};
  std::vector<Row> rows = rows_of(reader, at->subject_class * 2u + WEIR_INGRESS);
  const std::vector<Row> egress = rows_of(reader, at->subject_class * 2u + WEIR_EGRESS);
  rows.insert(rows.end(), egress.begin(), egress.end());
  if (rows.empty()) return std::string("Policy stats empty. Perhaps the policy enforcement is disabled?\n");
  std::string out = fmt::format(kFormat, "POLICY", "DIRECTION", numeric ? "IDENTITY" : "LABELS (source:key[=value])",
                                "PORT/PROTO", "PROXY PORT", "AUTH TYPE", "BYTES", "PACKETS", "PREFIX", "COOKIE");
  for (const Row& row : rows) print(out, bundle, row, numeric);
  return out;
}

}  // namespace weir::agent
