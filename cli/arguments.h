#pragma once

#include "cli/options.h"

namespace weir::cli {

struct Parsed {
  Request request;
  int exit_code = 0;
  bool done = false;  // --help, --version or a usage error: text was printed, exit with exit_code
};

/// argv -> Request. The only user of CLI11. Usage errors end with exit code 2.
[[nodiscard]] Parsed parse_arguments(int argc, const char* const* argv);

}  // namespace weir::cli
