#include "ir/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace weir::ir {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "weir: internal error at %s:%d: `%s` does not hold\n", file, line, condition);
  std::abort();
}

}  // namespace weir::ir
