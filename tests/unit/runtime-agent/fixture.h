#pragma once

#include <filesystem>
#include <string>

#include "backends/ebpf/bundle/bundle.h"
#include "ir/tables/table_set.h"

namespace weir::agent_test {

/// Two pods, a few peers of both families: pod-a lets 10.1.0.0/16 and 2001:db8:1::/48 reach port 8080 and denies
/// 10.1.7.0/24 by rule 1; everything else is a default deny caused by rule 2.
[[nodiscard]] ir::TableSet small_tables();
/// A bundle of them; the object is not a real one.
[[nodiscard]] backends::Bundle small_bundle(std::uint64_t generation = 1);

/// A folder that goes away with the value.
struct TemporaryFolder {
  std::filesystem::path path;
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
};

[[nodiscard]] std::string bytes_of(const std::filesystem::path&);
void put_bytes(const std::filesystem::path&, const std::string&);

}  // namespace weir::agent_test
