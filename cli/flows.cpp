#include "cli/commands.h"
#include "cli/print.h"
#include "simulator/flows/inputs.h"
#include "simulator/replay/evidence.h"
#include "simulator/replay/recordings.h"
#include "simulator/segments/jsonpb.h"
#include "simulator/segments/segment_writer.h"

namespace weir::cli {
namespace {

using simulator::Interned;
using simulator::ReadStats;
using simulator::Record;
using simulator::Recordings;

/// Says what is wrong with the recordings. 3 when one of them is not whole.
int report_damage(const std::vector<std::string>& paths, const Recordings& recordings) {
  int code = 0;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const ReadStats& stats = recordings.stats(i);
    if (!stats.damage.empty()) code = print_error({paths[i] + ": " + stats.damage, 3});
  }
  return code;
}

/// As replay sees it: its answer decides which lines are packed as one connection.
bool in_connection(const Record& record, const Interned& interned) {
  const simulator::LineUse use = classify(record, interned.parties).use;
  return use != simulator::LineUse::NotPolicy && use != simulator::LineUse::Loose;
}

int pack(const FlowsOptions& options) {
  const auto files = simulator::expand_recordings(options.files);
  if (!files) return print_error(files.error());
  Interned interned;
  interned.filter_fields = true;
  auto recordings = Recordings::open(*files, interned);
  if (!recordings) return print_error(recordings.error());
  auto writer = simulator::SegmentWriter::create(
      options.output, interned, {.in_connection = [&](const Record& record) { return in_connection(record, interned); }});
  if (!writer) return print_error(writer.error());
  for (Record record; recordings->next(record);)
    if (const auto added = writer->add(record); !added) return print_error(added.error());
  std::uint64_t flows = 0, malformed = 0;
  for (std::size_t i = 0; i < files->size(); ++i) {
    const ReadStats& stats = recordings->stats(i);
    writer->add_stats((*files)[i], stats);
    flows += stats.read;
    malformed += stats.malformed;
  }
  const auto size = writer->finish();
  if (!size) return print_error(size.error());
  std::string text = "packed " + std::to_string(flows) + " flows into " + std::to_string(*size) + " bytes";
  if (malformed != 0) text += "; " + std::to_string(malformed) + " lines are no flows, their number is kept";
  print_result(text);
  return report_damage(*files, *recordings);
}

int print(const FlowsOptions& options) {
  const auto files = simulator::expand_recordings(options.files);
  if (!files) return print_error(files.error());
  Interned interned;
  interned.filter_fields = true;
  auto recordings = Recordings::open(*files, interned);
  if (!recordings) return print_error(recordings.error());
  for (Record record; recordings->next(record);) print_result(to_jsonpb(record, interned));
  for (std::size_t i = 0; i < files->size(); ++i) print_result(to_jsonpb(recordings->stats(i), interned));
  return report_damage(*files, *recordings);
}

}  // namespace

int run_flows(const Request& request) { return request.flows.action == "pack" ? pack(request.flows) : print(request.flows); }

}  // namespace weir::cli
