#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/flows/record.h"

namespace weir::simulator {

/// One distinct `source` or `destination` object, without its node-local numbers.
struct Party {
  std::uint32_t identity = 0;  // 0: not recorded, or node-local (flows.md 1.3: never joined on)
  std::string cluster, namespace_name, pod;  // cluster: by its label where no name is recorded
  std::vector<std::string> labels;  // as recorded
  std::string workload_kind, workload;
  bool ignored = false;             // reserved:health, or reserved:unknown (identity 0): never compared (flows.md 1.5)
  std::uint64_t hash = 0;           // of the content: the same in every run
  friend auto operator<=>(const Party&, const Party&) = default;
};

/// Interns parties by their bytes, so that a line costs one hash. Ids count up from 0; id 0 is the empty party.
class Parties {
 public:
  Parties();
  ~Parties();
  Parties(Parties&&) noexcept;
  Parties& operator=(Parties&&) noexcept;

  /// The id of a party whose serialised form is `key`, or `none` when it is new.
  [[nodiscard]] std::uint32_t find(std::string_view key, std::uint64_t hash) const;
  PartyId add(std::string_view key, std::uint64_t hash, Party party);
  [[nodiscard]] const Party& at(PartyId id) const;
  [[nodiscard]] const std::string& key(PartyId id) const;
  [[nodiscard]] std::size_t size() const;

  static constexpr std::uint32_t kNone = 0xffffffff;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Interns short texts: node names.
class Names {
 public:
  Names();
  ~Names();
  Names(Names&&) noexcept;
  Names& operator=(Names&&) noexcept;
  NodeNameId id(std::string_view);
  /// The id of a name that is already here.
  [[nodiscard]] std::optional<NodeNameId> find(std::string_view);
  /// The hash of the cluster in "cluster/node"; 0 when the name has none.
  [[nodiscard]] std::uint32_t cluster(NodeNameId id) const;
  [[nodiscard]] const std::string& at(NodeNameId id) const;
  [[nodiscard]] std::size_t size() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A fast, fixed 64-bit hash of bytes; the same on every machine of one byte order.
[[nodiscard]] std::uint64_t hash_bytes(std::string_view);

}  // namespace weir::simulator
