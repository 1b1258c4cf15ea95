#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace weir::backends {

struct FileEntry {
  std::string sha256;
  std::uint64_t size = 0;
};

/// What is signed: who this is for, which generation, and every file by its hash.
struct Manifest {
  std::string node, shape;
  std::uint64_t generation = 0;
  std::map<std::string, FileEntry> files;
};

/// Canonical JSON: sorted keys, no spaces, one line.
[[nodiscard]] std::string to_text(const Manifest&);
/// Only the canonical form is read: there is one text for one manifest.
[[nodiscard]] std::optional<Manifest> parse_manifest(std::string_view);

}  // namespace weir::backends
