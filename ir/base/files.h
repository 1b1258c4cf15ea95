#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/span.h"

namespace weir::ir {

/// One input file as it was named on the command line, with its bytes when they are kept for carets.
struct File {
  std::string name;
  std::shared_ptr<const std::string> text;  // null: not kept (bulk input, or a Secret); no caret is shown
  bool secret = false;                      // holds a Secret: no byte of it is ever printed
};

/// All input files of a run; a FileId is an index here.
struct Files {
  std::vector<File> files;

  FileId add(File file);
  [[nodiscard]] const File& at(FileId id) const;
  /// Line `line` (from 1) without its line end, or empty when the text is not kept.
  [[nodiscard]] std::string_view line(FileId id, std::uint32_t line) const;
};

/// "policies/backend.yaml:14:5", or "policies/backend.yaml" when the span has no place.
[[nodiscard]] std::string to_text(const Files&, const Span&);

}  // namespace weir::ir
