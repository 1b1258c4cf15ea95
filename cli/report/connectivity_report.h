#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/connectivity.h"

namespace weir::cli {

// `weir connectivity` for each reader (cli.md "connectivity"); all list the same connections in the same order.

/// `SRC => DST : CONN`, one line each; then the exposures, when they were asked for.
[[nodiscard]] std::string connectivity_text(const compiler::Connectivity&);
/// `kind: Connectivity`
[[nodiscard]] std::string connectivity_json(const compiler::Connectivity&);
/// Columns src,dst,conn
[[nodiscard]] std::string connectivity_csv(const compiler::Connectivity&);
[[nodiscard]] std::string connectivity_markdown(const compiler::Connectivity&);
[[nodiscard]] std::string connectivity_dot(const compiler::Connectivity&);
/// One page that needs nobody else.
[[nodiscard]] std::string connectivity_html(const compiler::Connectivity&);

/// `format` is text, json, csv, markdown, dot or html; nullopt for another one.
[[nodiscard]] std::optional<std::string> connectivity_output(const compiler::Connectivity&, const std::string& format);

/// One entry of a list of ports. A protocol without ports has no range; "other" is every protocol without a name.
struct PortsEntry {
  std::string protocol;
  std::optional<ir::PortRange> range;
  friend auto operator<=>(const PortsEntry&, const PortsEntry&) = default;
};
/// Sorted by protocol, then port.
[[nodiscard]] std::vector<PortsEntry> port_entries(const ir::PortSet&);
/// The same as JSON: `[{"protocol":"TCP","first":80,"last":80}]`.
[[nodiscard]] nlohmann::ordered_json ports_json(const ir::PortSet&);
/// "TCP 80,8000-8080,UDP", or "All Connections"
[[nodiscard]] std::string ports_text(const ir::PortSet&);

}  // namespace weir::cli
