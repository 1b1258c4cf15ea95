#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/base/result.h"
#include "simulator/replay/gathered.h"

namespace weir::simulator {

/// What a part was made for. Parts are added up only when `addresses` and `selection` are equal.
struct PartialHeader {
  std::uint64_t addresses = 0;         // AddressClasses::digest; 0: every address was kept, which fits all policies
  std::string selection;               // the filter flags, as text
  std::vector<std::string> arguments;  // the caller's: which manifests it was given
  std::set<std::pair<std::uint32_t, std::uint32_t>> shards;  // {I, N} of `--shard I/N`; empty: another part of the recordings
};

/// The first shard that a sum lacks, "3/8"; empty: none, or it is not made of shards. A sum without one says too little.
[[nodiscard]] std::string missing_shard(const PartialHeader&);

struct Partial {
  PartialHeader header;
  Gathered gathered;
};

/// What a part of the recordings says, as bytes; of one version of weir for the same (docs/howto/replay-at-scale.md).
[[nodiscard]] std::string to_bytes(const PartialHeader&, const Gathered&);
/// Damaged or foreign bytes are an Error with exit code 3.
[[nodiscard]] ir::Result<Partial> partial_of(std::string_view bytes);

/// The same without the frame around them: what its fuzzer asks.
[[nodiscard]] ir::Result<Partial> partial_of_body(std::string_view body);

/// `--partial FILE`: written whole or not at all.
[[nodiscard]] ir::Result<void> write_partial(const std::string& path, const PartialHeader&, const Gathered&);
/// `--merge FILE...`: their sum; nothing is closed yet. Parts that do not belong together, and a shard that is there twice, are
/// an Error with exit code 2, a damaged part with 3; both name the file.
[[nodiscard]] ir::Result<Partial> read_partials(const std::vector<std::string>& paths);

}  // namespace weir::simulator
