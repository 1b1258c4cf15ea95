#include <catch2/catch.hpp>

#include "ir/tables/table_set.h"

namespace weir::ir {
namespace {

IpPrefix prefix(std::string_view text) { return *parse_prefix(text); }

/// One endpoint, two identities, port classes 0 (everything) and 1 (TCP 80): world may reach TCP 80, the pod nothing.
TableSet small() {
  TableSet t;
  t.identities = {{2, 0, "world", {"reserved:world"}}, {256, 1, "shop/web", {"k8s:app=web"}}, {(1u << 24) + 1, 0, "10.0.0.0/8", {}}};
  t.prefixes = {{prefix("10.0.0.0/8"), 2}, {prefix("10.0.0.1/32"), 1}};
  t.pages.resize(2);
  t.pages[1][80] = 1;
  t.page[static_cast<std::size_t>(PortSlot::Tcp)][0] = 1;
  t.subject_classes = 1, t.peer_classes = 2, t.port_classes = 2;
  t.remap = {0, 1, 0, 0};
  t.rows = {0, 2, 2, 2};
  const Cell allowed{Verdict::Allowed, DropReason::None, MatchType::L3L4, false, 0};
  const Cell denied{Verdict::Denied, DropReason::PolicyDenied, MatchType::None, false, kNoRule};
  t.cells = {denied, allowed, denied, denied};
  t.endpoints = {{"shop", "web-1", "Pod/web-1", {*parse_address("10.0.0.1")}, 1, 0, 0, 0}};
  t.rules = {{"NetworkPolicy", "shop", "web", Direction::Ingress, 0, Action::Allow, "web.yaml", 7, 5}};
  return t;
}

}  // namespace

TEST_CASE("a connection's slot and key", "[ir]") {
  struct Case { std::string_view why; Protocol protocol; std::uint16_t port; std::uint8_t code; PortSlot slot; std::uint16_t key; };
  const auto c = GENERATE(values<Case>({
      {"TCP by destination port", Protocol::Tcp, 65535, 9, PortSlot::Tcp, 65535},
      {"UDP by destination port", Protocol::Udp, 53, 0, PortSlot::Udp, 53},
      {"SCTP by destination port", Protocol::Sctp, 0, 0, PortSlot::Sctp, 0},
      {"ICMP by type and code", Protocol::Icmp, 3, 4, PortSlot::Icmp, 0x0304},
      {"the highest ICMPv6 type", Protocol::Icmpv6, 255, 255, PortSlot::Icmpv6, 0xffff},
      {"others by protocol number, not by port", static_cast<Protocol>(47), 80, 0, PortSlot::Other, 47}}));
  INFO(c.why);
  CHECK(port_slot(c.protocol) == c.slot);
  CHECK(port_key(c.protocol, c.port, c.code) == c.key);
}

TEST_CASE("the longest prefix owns an address", "[ir]") {
  struct Case { std::string_view why, address; std::uint32_t identity; };
  const auto c = GENERATE(values<Case>({{"inside the short one only", "10.0.0.2", 2},
                                        {"the /32 wins", "10.0.0.1", 1},
                                        {"outside all is world", "11.0.0.0", 0},
                                        {"the other family is world", "::a00:1", 0}}));
  INFO(c.why);
  CHECK(find_identity(small(), *parse_address(c.address)) == c.identity);
}

TEST_CASE("a lookup follows page, remap, row and cell", "[ir]") {
  const TableSet t = small();
  CHECK(lookup(t, 0, Direction::Ingress, 0, PortSlot::Tcp, 80).verdict == Verdict::Allowed);
  CHECK(lookup(t, 0, Direction::Ingress, 0, PortSlot::Tcp, 81).verdict == Verdict::Denied);
  CHECK(lookup(t, 0, Direction::Ingress, 0, PortSlot::Udp, 80).verdict == Verdict::Denied);
  CHECK(lookup(t, 0, Direction::Ingress, 1, PortSlot::Tcp, 80).verdict == Verdict::Denied);
  CHECK(lookup(t, 0, Direction::Egress, 0, PortSlot::Tcp, 80).verdict == Verdict::Denied);
}

TEST_CASE("every index that leaves its array is found", "[ir]") {
  struct Case { std::string_view why; void (*damage)(TableSet&); std::string_view says; };
  const auto c = GENERATE(values<Case>({
      {"sound tables", [](TableSet&) {}, ""},
      {"a page that is not there", [](TableSet& t) { t.page[6][255] = 2; }, "page 1791"},
      {"a port class that is not there", [](TableSet& t) { t.pages[1][255] = 2; }, "port class"},
      {"an identity's peer class", [](TableSet& t) { t.identities[1].peer_class = 2; }, "peer class of identity 1"},
      {"a prefix's identity", [](TableSet& t) { t.prefixes[1].identity = 3; }, "identity of prefix 1"},
      {"prefixes out of order", [](TableSet& t) { std::swap(t.prefixes[0], t.prefixes[1]); }, "out of order"},
      {"one key with two values", [](TableSet& t) { t.prefixes.push_back(t.prefixes[1]); }, "out of order"},
      {"a prefix with host bits", [](TableSet& t) { t.prefixes[0].prefix.address.bytes[3] = 1; }, "host bits"},
      {"a prefix longer than its family", [](TableSet& t) { t.prefixes[0].prefix.length = 33; }, "length of prefix 0"},
      {"an endpoint's subject class", [](TableSet& t) { t.endpoints[0].subject_class = 1; }, "subject class of endpoint 0"},
      {"an endpoint's identity", [](TableSet& t) { t.endpoints[0].identity = 9; }, "identity of endpoint 0"},
      {"a row whose last local port is outside", [](TableSet& t) { t.rows[1] = 3; }, "row 1"},
      {"a remap that widens every row", [](TableSet& t) { t.remap[3] = 9; }, "row 2"},
      {"a cell's rule", [](TableSet& t) { t.cells[1].rule = 1; }, "rule of cell 1"},
      {"a cell that decides nothing", [](TableSet& t) { t.cells[1].verdict = Verdict::Unknown; }, "undecided"},
      {"a denial without a reason", [](TableSet& t) { t.cells[0].reason = DropReason::None; }, "disagree"},
      {"a short remap", [](TableSet& t) { t.remap.pop_back(); }, "`remap`"},
      {"a short row index", [](TableSet& t) { t.rows.pop_back(); }, "`rows`"}}));
  TableSet t = small();
  c.damage(t);
  INFO(c.why << ": " << check(t));
  CHECK((c.says.empty() ? check(t).empty() : check(t).find(c.says) != std::string::npos));
}

TEST_CASE("tables as text name the rule of a cell", "[ir]") {
  const std::string text = to_text(small());
  CHECK(text.find("tcp 0-79:0 80:1 81-65535:0") != std::string::npos);
  CHECK(text.find("allowed l3-l4 by NetworkPolicy shop/web ingress[0] (web.yaml:7:5)") != std::string::npos);
  CHECK(text.find("10.0.0.1/32 -> 1") != std::string::npos);
  CHECK(text == to_text(small()));
}

}  // namespace weir::ir
