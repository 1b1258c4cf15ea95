#pragma once

#include <istream>
#include <string>
#include <vector>

#include "ir/base/result.h"
#include "ir/eval/route.h"

namespace weir::cli {

/// "Name: value" into the request. Exit code 2 when it is none.
[[nodiscard]] ir::Result<void> add_header(const std::string& text, ir::Request&);

/// `--requests FILE`: one request a line, empty lines and those that start with `#` aside. A line is
///   METHOD URL [Header: value]...
/// where a header starts at each word that ends in a colon; or a JSON object with `url`, and perhaps `method`, `sni`, `gateway`
/// ("NS/NAME") and `headers` (an object). Exit code 2 names the line that cannot be read.
[[nodiscard]] ir::Result<std::vector<ir::Request>> read_requests(std::istream&, const std::string& name);

}  // namespace weir::cli
