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

std::string shard_text(const std::pair<std::uint32_t, std::uint32_t>& shard) { return std::to_string(shard.first) + "/" + std::to_string(shard.second); }

/// Its shards join those of the sum; what is wrong with that, or empty.
std::string join_shards(PartialHeader& sum, const PartialHeader& part) {
  for (const auto& shard : part.shards) {
    if (!sum.shards.empty() && sum.shards.begin()->second != shard.second) return "is shard " + shard_text(shard) + ", and others are of " + std::to_string(sum.shards.begin()->second);
    if (!sum.shards.insert(shard).second) return "is shard " + shard_text(shard) + ", which is there already";
  }
  return {};
}

}  // namespace

std::string missing_shard(const PartialHeader& header) {
  if (header.shards.empty()) return {};
  const std::uint32_t of = header.shards.begin()->second;
  for (std::uint32_t mine = 1; mine <= of; ++mine)
    if (!header.shards.contains({mine, of})) return shard_text({mine, of});
  return {};
}

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
    const std::string twice = join_shards(sum->header, part->header);
    if (!twice.empty()) return ir::failure("`" + path + "` " + twice, 2);
    merge(sum->gathered, part->gathered);
  }
  if (!sum) return ir::failure("no parts to merge", 2);
  return std::move(*sum);
}

}  // namespace weir::simulator
