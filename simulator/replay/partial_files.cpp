#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "ir/base/write_file.h"
#include "simulator/replay/partial.h"

namespace weir::simulator {
namespace {

ir::Result<Partial> read_partial(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return ir::failure("cannot open `" + path + "`: " + std::strerror(errno), 2);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) return ir::failure("cannot read `" + path + "`: " + std::strerror(errno));
  ir::Result<Partial> part = partial_of(bytes);
  if (!part) return ir::failure("`" + path + "`: " + part.error().message, part.error().exit_code);
  return part;
}

/// Why two parts cannot be added up; empty: they can.
std::string mismatch(const PartialHeader& a, const PartialHeader& b) {
  if (a.addresses != b.addresses) return "was made for other policies";
  if (a.selection != b.selection) return "was made with other filters";
  return {};
}

}  // namespace

ir::Result<void> write_partial(const std::string& path, const PartialHeader& header, const Gathered& gathered) {
  return ir::write_file(path, to_bytes(header, gathered));
}

ir::Result<Partial> read_partials(const std::vector<std::string>& paths) {
  std::optional<Partial> sum;
  for (const std::string& path : paths) {
    ir::Result<Partial> part = read_partial(path);
    if (!part) return part;
    if (!sum) {
      sum.emplace(std::move(*part));
      continue;
    }
    const std::string why = mismatch(sum->header, part->header);
    if (!why.empty()) return ir::failure("`" + path + "` " + why + " than `" + paths.front() + "`", 2);
    merge(sum->gathered, part->gathered);
  }
  if (!sum) return ir::failure("no parts to merge", 2);
  return std::move(*sum);
}

}  // namespace weir::simulator
