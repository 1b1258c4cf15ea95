#include "simulator/replay/replay.h"

#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/input.h"
#include "cli/print.h"
#include "cli/report/replay_report.h"
#include "simulator/flows/flow_reader.h"
#include "simulator/flows/print.h"

namespace weir::cli {
namespace {

simulator::LabelSource label_source(const std::string& text) {
  if (text == "flow") return simulator::LabelSource::Flow;
  if (text == "inventory") return simulator::LabelSource::Inventory;
  return simulator::LabelSource::Either;
}

/// --emit flows: one line for each record, streamed, recording after recording.
int emit_flows(const std::vector<std::string>& recordings) {
  simulator::Interned interned;
  for (const std::string& path : recordings) {
    auto reader = simulator::FlowReader::open(path, interned);
    if (!reader) return print_error(reader.error());
    for (simulator::Record record; reader->next(record);) print_result(to_text(record, interned));
    if (!reader->stats().damage.empty()) return print_error({path + ": " + reader->stats().damage, 3});
  }
  return 0;
}

int report(const simulator::ReplayReport& answer, const Request& request) {
  const auto text = replay_output(answer, request.common.output, request.replay.all);
  if (!text) return print_error({"unknown output format `" + request.common.output + "`", 2});
  print_result(*text);
  return replay_exit(answer, {request.replay.min_coverage, request.replay.max_unexplained});
}

}  // namespace

int run_replay(const Request& request) {
  if (request.common.emit == "flows") return emit_flows(request.replay.flows);
  auto input = read_input(request.common.paths, request.common, compiler::Lints::No);
  if (!input) return print_error(input.error());
  std::optional<compiler::Resolved> before;
  if (!request.replay.base.empty()) {
    auto base = read_more(request.replay.base, *input);
    if (!base) return print_error(base.error());
    before = std::move(*base);
  }
  if (const int refused = gate(input->diagnostics, input->files, request.common)) return refused;
  if (!request.common.emit.empty() && request.common.emit != "findings") {
    const auto text = emit_front(*input, request.common.emit);
    if (!text) return print_error(text.error());
    print_result(*text);
    return 0;
  }
  ir::Diagnostics found;
  const auto answer = simulator::replay(request.replay.flows, input->resolved, before ? &*before : nullptr, input->files,
                                        {.labels = label_source(request.replay.labels)}, found);
  if (!answer) return print_error(answer.error());
  print_diagnostics(found, input->files, request.common);
  return report(*answer, request);
}

}  // namespace weir::cli
