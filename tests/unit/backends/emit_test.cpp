#include <catch2/catch.hpp>

#include <cctype>
#include <cstring>

#include "backends/ebpf/abi/weir_abi.h"
#include "backends/ebpf/build/build.h"
#include "backends/ebpf/emit/emit.h"

using namespace weir;
using namespace weir::backends;

namespace {

/// Two endpoints, world and one peer, TCP 80 and the rest: small, every vector with content, names that must stay out of C.
ir::TableSet small_tables() {
  ir::TableSet tables;
  tables.node = "node\"*/ evil";
  tables.identities = {{2, 0, "world", {}}, {300, 1, "shop/front\nend", {"k8s:app=\"x\""}}};
  tables.prefixes = {{ir::parse_prefix("10.1.0.0/16").value(), 1}};
  tables.pages.emplace_back();
  tables.pages.emplace_back();
  tables.pages[1][80] = 1;
  tables.page[static_cast<std::size_t>(ir::PortSlot::Tcp)][0] = 1;
  tables.subject_classes = tables.peer_classes = tables.port_classes = 2;
  tables.remap = {0, 0, 0, 1, 0, 1, 1, 0};
  tables.rows = {0, 0, 0, 1, 2, 0, 0, 2};
  tables.cells = {{ir::Verdict::Denied, ir::DropReason::PolicyDenied, ir::MatchType::None, false, ir::kNoRule},
                  {ir::Verdict::Allowed, ir::DropReason::None, ir::MatchType::L3L4, false, 4},
                  {ir::Verdict::Denied, ir::DropReason::PolicyDeny, ir::MatchType::L3Only, false, 5},
                  {ir::Verdict::Allowed, ir::DropReason::None, ir::MatchType::All, false, 6}};
  tables.endpoints = {{"shop", "web-0", "Deployment/web", {ir::parse_address("10.0.0.1").value()}, 1, 0, 0, 0},
                      {"shop", "web-1", "Deployment/web", {ir::parse_address("10.0.0.2").value()}, 1, 1, 0, 0}};
  tables.rules.resize(7);
  return tables;
}

template <class Element>
Element element(const MapContents& contents, const char* map, std::size_t index) {
  for (const TableImage& table : contents.tables) {
    if (table.map != map) continue;
    CHECK(table.element_size == sizeof(Element));
    REQUIRE((index + 1) * sizeof(Element) <= table.bytes.size());
    Element out;
    std::memcpy(&out, table.bytes.data() + index * sizeof(Element), sizeof(Element));
    return out;
  }
  FAIL("no table " << map);
  return {};
}

/// The walk of weir_cell_of (backends/ebpf/bpf/tables.h) over the images.
weir_cell walk(const MapContents& c, std::uint16_t subject, ir::Direction d, std::uint32_t identity, ir::PortSlot slot,
               std::uint16_t key) {
  const auto side = element<weir_subject>(c, WEIR_MAP_SUBJECTS, subject * 2U + static_cast<unsigned>(d));
  const auto page = element<std::uint16_t>(c, WEIR_MAP_PORT_PAGE, static_cast<unsigned>(slot) * 256U + (key >> 8));
  const auto port = element<std::uint16_t>(c, WEIR_MAP_PORT_PAGES, page * 256U + (key & 255U));
  const auto local = element<std::uint8_t>(c, WEIR_MAP_PORT_REMAP, side.remap + port);
  const auto peer = element<weir_identity>(c, WEIR_MAP_IDENTITIES, identity);
  const auto row = element<std::uint32_t>(c, WEIR_MAP_ROWS, side.rows + peer.peer_class);
  return element<weir_cell>(c, WEIR_MAP_CELLS, row + local);
}

}  // namespace

TEST_CASE("the images lead to the cells that the tables name", "[backends]") {
  const ir::TableSet tables = small_tables();
  REQUIRE(ir::check(tables) == "");
  const MapContents contents = map_contents(tables);
  for (const std::uint16_t subject : {0, 1})
    for (const ir::Direction d : {ir::Direction::Ingress, ir::Direction::Egress})
      for (const std::uint32_t identity : {0U, 1U})
        for (const std::uint16_t key : {0, 79, 80, 81, 0x5000, 65535}) {
          INFO(subject << " " << static_cast<int>(d) << " " << identity << " " << key);
          const ir::Cell& cell = ir::lookup(tables, subject, d, identity, ir::PortSlot::Tcp, key);
          const weir_cell seen = walk(contents, subject, d, identity, ir::PortSlot::Tcp, key);
          CHECK(seen.rule == cell.rule);
          CHECK(seen.verdict == static_cast<std::uint8_t>(cell.verdict));
          CHECK(seen.reason == static_cast<std::uint8_t>(cell.reason));
          CHECK(seen.match == static_cast<std::uint8_t>(cell.match));
        }
}

TEST_CASE("only integers of the shape enter the C text", "[backends]") {
  const ir::TableSet tables = small_tables();
  const std::string text = emit_c(shape_of(tables));
  CHECK(text == emit_c(shape_of(tables)));
  for (const char* name : {"evil", "shop", "front", "web-0", "k8s:app"}) CHECK(text.find(name) == std::string::npos);
  ir::TableSet renamed = tables;
  renamed.node = "other";
  renamed.cells[0].verdict = ir::Verdict::Allowed;
  renamed.prefixes.push_back({ir::parse_prefix("10.2.0.0/16").value(), 0});
  CHECK(emit_c(shape_of(renamed)) == text);
}

TEST_CASE("a shape is named by its numbers, and changes only when a table outgrows it", "[backends]") {
  ir::TableSet tables = small_tables();
  const Shape shape = shape_of(tables);
  CHECK(shape_key(shape) == "weir-abi2-1-0-1-1-0-0-64-4-512-8-8-4");
  CHECK(shape.ipv4);
  CHECK_FALSE(shape.ipv6);
  tables.identities.resize(32);
  CHECK(shape_of(tables) == shape);
  tables.identities.resize(33);
  CHECK(shape_of(tables).identities == 128);
  CHECK(shape_key(shape_of(tables)) != shape_key(shape));
  tables = small_tables();
  tables.cells[0].audit = true;
  CHECK(shape_of(tables).audit);
  tables = small_tables();
  tables.prefixes.push_back({ir::parse_prefix("fd00::/8").value(), 1});
  CHECK(shape_of(tables).ipv6);
  CHECK(shape_of(tables).ipv4);
}

TEST_CASE("tables are padded to powers of two and at least eight bytes", "[backends]") {
  for (const TableImage& table : map_contents(small_tables()).tables) {
    INFO(table.map);
    CHECK(table.bytes.size() % 8 == 0);
    CHECK((table.bytes.size() & (table.bytes.size() - 1)) == 0);
    CHECK(table.used > 0);
  }
}

TEST_CASE("the text of the maps is the same each time and names what a person looks for", "[backends]") {
  const std::string text = to_text(map_contents(small_tables()));
  CHECK(text == to_text(map_contents(small_tables())));
  CHECK(text.find("identities used=2 element=8 bytes=512") != std::string::npos);
  CHECK(text.find("  10.1.0.0/16 identity=1\n") != std::string::npos);
  CHECK(text.find("  shop/web-1 subject=1 identity=300 10.0.0.2\n") != std::string::npos);
}

TEST_CASE("the text compiles, twice to the same bytes, with BTF", "[backends]") {
  const std::string text = emit_c(shape_of(small_tables()));
  const auto first = compile_bpf(text), second = compile_bpf(text);
  if (!first) FAIL(first.error().message);
  REQUIRE(second);
  CHECK(*first == *second);
  CHECK(first->substr(0, 4) == "\x7f" "ELF");
  for (const char* name : {".BTF", ".BTF.ext", ".maps", "license", WEIR_PROG_FROM_POD, WEIR_PROG_TO_POD, WEIR_PROG_CHECK})
    CHECK(first->find(name) != std::string::npos);
}
