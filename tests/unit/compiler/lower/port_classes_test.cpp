#include <catch2/catch.hpp>

#include "compiler/lower/port_classes.h"

namespace weir::compiler {
namespace {

std::uint16_t class_of(const PortClasses& classes, ir::PortSlot slot, std::uint16_t key) {
  return classes.pages[classes.page[static_cast<std::size_t>(slot)][key >> 8]][key & 0xff];
}

}  // namespace

TEST_CASE("keys are told apart exactly where a rule does", "[lower]") {
  using ir::PortSlot, ir::Protocol;
  const PortClasses classes = *port_classes({{Protocol::Tcp, {80, 80}}, {Protocol::Tcp, {80, 90}}, {Protocol::Tcp, {443, 443}},
                                             {Protocol::Udp, {}}, {Protocol::Icmp, {8, 8}}, {Protocol::Icmpv6, {}}});
  struct Case { std::string_view why; PortSlot a; std::uint16_t key_a; PortSlot b; std::uint16_t key_b; bool same; };
  const auto c = GENERATE(values<Case>({
      {"below the range", PortSlot::Tcp, 79, PortSlot::Tcp, 0, true},
      {"the first port of two ranges", PortSlot::Tcp, 80, PortSlot::Tcp, 79, false},
      {"the rest of the wider range", PortSlot::Tcp, 80, PortSlot::Tcp, 81, false},
      {"inside one range", PortSlot::Tcp, 81, PortSlot::Tcp, 90, true},
      {"after the range", PortSlot::Tcp, 90, PortSlot::Tcp, 91, false},
      {"unnamed ports on both sides", PortSlot::Tcp, 79, PortSlot::Tcp, 91, true},
      {"two ports of different rules", PortSlot::Tcp, 443, PortSlot::Tcp, 80, false},
      {"a whole protocol", PortSlot::Udp, 0, PortSlot::Udp, 65535, true},
      {"a whole protocol is not an unnamed one", PortSlot::Udp, 0, PortSlot::Sctp, 0, false},
      {"unnamed ports of two protocols", PortSlot::Tcp, 0, PortSlot::Sctp, 65535, true},
      {"a type with all its codes", PortSlot::Icmp, 8 << 8, PortSlot::Icmp, 8 << 8 | 255, true},
      {"the type below", PortSlot::Icmp, 8 << 8, PortSlot::Icmp, 7 << 8 | 255, false},
      {"fragmentation needed is special", PortSlot::Icmp, 3 << 8 | 4, PortSlot::Icmp, 3 << 8 | 3, false},
      {"only in ICMPv4", PortSlot::Icmpv6, 3 << 8 | 4, PortSlot::Icmpv6, 3 << 8 | 3, true},
      {"a later fragment is no other protocol", PortSlot::NoHeader, 0, PortSlot::Other, 47, false}}));
  INFO(c.why);
  CHECK((class_of(classes, c.a, c.key_a) == class_of(classes, c.b, c.key_b)) == c.same);
}

TEST_CASE("inside ranges that overlap the narrower map entry changes (policy.md 6.4)", "[lower]") {
  const PortClasses classes = *port_classes({{ir::Protocol::Tcp, {1, 8080}}, {ir::Protocol::Tcp, {81, 32768}}, {ir::Protocol::Tcp, {0, 65535}}});
  const auto tcp = [&](std::uint16_t port) { return class_of(classes, ir::PortSlot::Tcp, port); };
  CHECK(tcp(82) != tcp(8080));  // 2 ports against 64; 4096 against 1
  CHECK(tcp(82) == tcp(83));
  CHECK(tcp(40000) == tcp(50000));
}

TEST_CASE("equal pages are stored once", "[lower]") {
  CHECK(port_classes({})->pages.size() == 3);  // nothing, the page of ICMP type 3, later fragments
}

TEST_CASE("more port classes than a u16 are refused", "[lower]") {
  std::vector<ir::PortMatch> matches;
  for (std::uint32_t port = 0; port < 65536; port += 2)
    for (const ir::Protocol protocol : {ir::Protocol::Tcp, ir::Protocol::Udp, ir::Protocol::Sctp})
      matches.push_back({protocol, {static_cast<std::uint16_t>(port), static_cast<std::uint16_t>(port)}});
  const auto classes = port_classes(std::move(matches));
  REQUIRE(!classes);
  CHECK(classes.error().exit_code == 3);
}

}  // namespace weir::compiler
