#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "compiler/source/tree.h"
#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "ir/base/result.h"

namespace weir::compiler {

/// reliability.md C2 row 1.
struct SourceLimits {
  std::uint32_t depth = 100;
  std::uint64_t object_bytes = 8ull << 20;   // structure: everything but one large scalar
  std::uint64_t object_nodes = 1'000'000;
  std::uint64_t scalar_bytes = 16ull << 20;
  std::uint64_t file_bytes = 4ull << 30;
  std::uint64_t bulk_bytes = 1ull << 20;     // files over this are read by libyaml
};

struct Sources {
  std::vector<Document> documents;     // in the order of paths, files sorted inside a folder
  std::vector<WeirComment> comments;
};

/// Sees every document once, in order, as soon as it is read, and may take its tree away: so the trees of a large input
/// are never in memory together.
using DocumentSink = std::function<void(Document&)>;

/// PATH... of cli.md "Inputs": files, folders (recursive, *.yaml *.yml *.json), "-" for standard input, NAME=PATH.
/// Adds every file to `files`. A path that is not there is an Error with exit code 2; what is wrong inside a file is a
/// Diagnostic, and the other documents are still read.
[[nodiscard]] ir::Result<Sources> load(const std::vector<std::string>& paths, const SourceLimits&, ir::Files& files,
                                       ir::Diagnostics&, const DocumentSink& = {});

/// The same for bytes in memory, named `name`.
[[nodiscard]] Sources read_text(std::string name, std::string bytes, const SourceLimits&, ir::Files& files,
                                ir::Diagnostics&, const DocumentSink& = {});

/// --emit source: the tree as YAML text, one document after another.
[[nodiscard]] std::string to_yaml(const Node&);

}  // namespace weir::compiler
