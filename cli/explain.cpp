#include "cli/report/explain.h"

#include "cli/commands.h"
#include "cli/print.h"

namespace weir::cli {

int run_explain(const Request& request) {
  if (request.code.empty()) {
    print_result(explain_all());
    return 0;
  }
  const auto page = explain(request.code);
  if (!page) return print_error(page.error());
  print_result(*page);
  return 0;
}

}  // namespace weir::cli
