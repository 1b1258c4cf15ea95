#include "backends/ebpf/build/build.h"

#include <clang/CodeGen/CodeGenAction.h>

#include "backends/ebpf/build/frontend.h"

namespace weir::backends {
namespace {

std::string to_text(const CheckFinding& finding) {
  return "weir.c:" + std::to_string(finding.line) + ":" + std::to_string(finding.column) + ": " + finding.message;
}

}  // namespace

ir::Result<std::string> compile_bpf(std::string_view c_text) {
  const std::vector<CheckFinding> findings = check_bpf(c_text);
  if (!findings.empty()) {
    std::string message = "the generated C is not what the oldest supported kernel takes";
    for (const CheckFinding& finding : findings) message += "\n  " + to_text(finding);
    return ir::failure(message);
  }
  Frontend frontend(c_text);
  clang::EmitObjAction action;
  std::string object;
  if (!frontend.run(action, &object)) return ir::failure("cannot compile the generated C: " + frontend.messages());
  return object;
}

}  // namespace weir::backends
