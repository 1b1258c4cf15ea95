#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "backends/ebpf/emit/map_contents.h"
#include "ir/base/ip.h"
#include "ir/base/result.h"
#include "ir/flow/rule_ref.h"
#include "ir/tables/table_set.h"

namespace weir::backends {

/// What an event calls an identity index of the tables.
struct IdentityName {
  std::uint32_t number = 0;  // Cilium's number
  std::string name;
  std::vector<std::string> labels;
  friend auto operator<=>(const IdentityName&, const IdentityName&) = default;
};

/// What an event calls an address: pods of every node of the cluster.
struct AddressName {
  ir::IpAddress address;
  std::string namespace_name, pod, workload;  // workload "Deployment/frontend", may be empty
  friend auto operator<=>(const AddressName&, const AddressName&) = default;
};

/// A packet and the answer that the tables must give: the agent asks the kernel before it flips (the canary).
struct TestVector {
  std::uint32_t endpoint = 0;  // index into MapContents::endpoints
  ir::Direction direction = ir::Direction::Ingress;
  std::uint32_t identity = 0;  // index of the peer
  ir::Cell expect;
  std::string packet;          // an Ethernet frame
  friend auto operator<=>(const TestVector&, const TestVector&) = default;
};

/// All that a node needs to enforce one generation of its policy (datapath.md 3). A plain value.
struct Bundle {
  std::string node;
  std::uint64_t generation = 0;
  std::string shape;   // shape_key: bundles of one shape run the same object
  std::string object;  // BPF ELF
  std::string source;  // the C it was made of, for people
  MapContents maps;
  std::vector<ir::RuleRef> rules;        // by rule id
  std::vector<IdentityName> identities;  // by identity index
  std::vector<AddressName> names;        // sorted
  std::vector<TestVector> vectors;
  friend auto operator<=>(const Bundle&, const Bundle&) = default;
};

/// Puts together what the stages made. `names` beside those of the tables' own endpoints (which win).
[[nodiscard]] Bundle make_bundle(const ir::TableSet&, MapContents, std::string shape, std::string source,
                                 std::string object, std::vector<AddressName> names, std::uint64_t generation);

/// At most `limit` packets for the tables: every endpoint, direction and distinct outcome first.
[[nodiscard]] std::vector<TestVector> make_vectors(const ir::TableSet&, std::size_t limit);

/// Every index of the map contents and vectors in range, so that a masked kernel access never leaves its row. Empty, or
/// what is wrong.
[[nodiscard]] std::string check(const Bundle&);

/// Bundle -> a folder, signed; replaces an earlier bundle there in one step. Same bundle and key, same bytes.
[[nodiscard]] ir::Result<void> write_bundle(const std::filesystem::path& dir, const Bundle&,
                                            const std::string& private_pem);
/// Folder -> bundle: first the signature, then the hashes, then every value. Anything else is refused (exit code 3).
[[nodiscard]] ir::Result<Bundle> read_bundle(const std::filesystem::path& dir, const std::string& public_pem);

/// The generation of the bundle in `dir` without any check of it, 0 when there is none: for `weir compile`, which counts
/// up, and for an agent that only looks whether something changed.
[[nodiscard]] std::uint64_t generation_in(const std::filesystem::path& dir);

/// Makes `dir`/weir.key (mode 0600) and `dir`/weir.pub; an existing key is never overwritten.
[[nodiscard]] ir::Result<void> keygen(const std::filesystem::path& dir);
/// A key file's text.
[[nodiscard]] ir::Result<std::string> read_key(const std::filesystem::path&);

}  // namespace weir::backends
