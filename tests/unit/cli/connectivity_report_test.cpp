#include "cli/report/connectivity_report.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace weir::cli {
namespace {

ir::PortMatch match(ir::Protocol protocol, std::uint16_t first, std::uint16_t last) { return {protocol, {first, last}}; }

/// Two ends with these names and one connection over TCP 80 and 443.
compiler::Connectivity one(const std::string& source, const std::string& destination) {
  compiler::Connectivity all;
  all.ends = {{.text = source, .workload = "a"}, {.text = destination, .workload = "b"}};
  const auto ports = ir::ports_of(std::vector{match(ir::Protocol::Tcp, 80, 80), match(ir::Protocol::Tcp, 443, 443)});
  all.connections = {{ir::Id<compiler::EndTag>{0}, ir::Id<compiler::EndTag>{1}, {}, all.ports.of({ports, {}})}};
  return all;
}

}  // namespace

TEST_CASE("ports as np-guard's users know them", "[cli]") {
  struct Case { std::string_view why; std::optional<std::vector<ir::PortMatch>> ports; std::string text; };
  const std::vector<Case> cases = {
      {"everything", std::nullopt, "All Connections"},
      {"one port", std::vector{match(ir::Protocol::Tcp, 80, 80)}, "TCP 80"},
      {"ranges join", std::vector{match(ir::Protocol::Tcp, 80, 81), match(ir::Protocol::Tcp, 82, 90)}, "TCP 80-90"},
      {"protocols by name", std::vector{match(ir::Protocol::Udp, 53, 53), match(ir::Protocol::Tcp, 53, 53)}, "TCP 53,UDP 53"},
      {"a whole protocol", std::vector{match(ir::Protocol::Sctp, 0, 65535)}, "SCTP"},
      {"an ICMP type", std::vector{match(ir::Protocol::Icmp, 8, 8)}, "ICMP 8"},
      {"all ICMP types", std::vector{match(ir::Protocol::Icmpv6, 0, 65535)}, "ICMPv6"},
      {"a protocol by number", std::vector{match(static_cast<ir::Protocol>(47), 0, 65535)}, "47"}};
  for (const Case& c : cases) {
    INFO(c.why);
    CHECK(ports_text(ir::ports_of(c.ports)) == c.text);
  }
}

TEST_CASE("every protocol but one port of one", "[cli]") {
  const auto most = ir::every_port().subtract(ir::ports_of(std::vector{match(ir::Protocol::Tcp, 22, 22)}));
  CHECK(ports_text(most) == "ICMP,ICMPv6,SCTP,TCP 0-21,23-65535,UDP,other");
}

TEST_CASE("each format escapes the ends for its reader", "[cli]") {
  const auto all = one("=cmd|' /C calc'!A0", "ns/\"a|b\\\x1b[31m");
  CHECK(connectivity_csv(all) == "src,dst,conn\n'=cmd|' /C calc'!A0,\"ns/\"\"a|b\\\\x1b[31m\",\"TCP 80,443\"\n");
  CHECK(connectivity_markdown(all).find("\\|") != std::string::npos);
  CHECK(connectivity_dot(all).find("ns/\\\"a|b\\\\") != std::string::npos);
  const std::string page = connectivity_html(one("<script>alert(1)</script>", "b&c"));
  CHECK(page.find("<td>&lt;script&gt;alert(1)&lt;/script&gt;</td><td>b&amp;c</td><td>TCP 80,443</td>") != std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("default-src 'none'") != std::string::npos);
  CHECK(page.ends_with("</html>\n"));
  for (const char* format : {"text", "csv", "markdown", "dot", "html", "json"})
    CHECK(connectivity_output(all, format)->find('\x1b') == std::string::npos);
  CHECK_FALSE(connectivity_output(all, "pdf"));
}

TEST_CASE("the JSON document is the one of cli.md", "[cli]") {
  const auto json = nlohmann::ordered_json::parse(connectivity_json(one("shop/a[Deployment]", "shop/b[Deployment]")));
  CHECK(json.dump() == R"({"apiVersion":"weir.dev/v1alpha1","kind":"Connectivity","connections":[{"src":"shop/a[Deployment]",)"
                       R"("dst":"shop/b[Deployment]","ports":[{"protocol":"TCP","first":80,"last":80},{"protocol":"TCP","first":443,"last":443}]}]})");
}

}  // namespace weir::cli
