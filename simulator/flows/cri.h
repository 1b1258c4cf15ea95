#pragma once

#include <optional>
#include <string_view>

namespace weir::simulator {

/// A line as a container runtime writes it: "2026-09-15T16:20:01.1Z stdout F {..}" (flows.md 1.1).
struct CriLine {
  std::string_view content;
  bool partial = false;  // tag P: the next line goes on
};

/// nullopt: no such prefix.
[[nodiscard]] std::optional<CriLine> parse_cri(std::string_view line);

}  // namespace weir::simulator
