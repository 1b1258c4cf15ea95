#pragma once

#include <string>

namespace weir::cli {

// What users wrote, made safe for one sink (reliability.md C2 row 6). Nothing hidden stays in it.

/// RFC 4180; a leading character that a spreadsheet takes for a formula is made text.
[[nodiscard]] std::string csv_cell(const std::string&);
/// Between tags and inside a quoted attribute.
[[nodiscard]] std::string html_text(const std::string&);
[[nodiscard]] std::string markdown_cell(const std::string&);
/// With its quotes.
[[nodiscard]] std::string dot_string(const std::string&);

}  // namespace weir::cli
