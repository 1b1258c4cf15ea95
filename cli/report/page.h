#pragma once

#include <string>
#include <string_view>

namespace weir::cli {

/// The start of a page that needs nobody else, up to its body: no script, no font, no picture, and a policy that would
/// refuse them. The reports share its style.
[[nodiscard]] std::string page_head(const std::string& title);

inline constexpr std::string_view kPageEnd = "</body>\n</html>\n";

}  // namespace weir::cli
