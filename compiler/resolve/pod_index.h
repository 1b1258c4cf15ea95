#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ir/cluster/cluster.h"

namespace weir::compiler {

/// Which pods a selector takes, without asking every pod: pods by label. The label sets must outlive it.
class PodIndex {
 public:
  using Pods = std::vector<std::uint32_t>;  // places in the list of label sets, ascending

  explicit PodIndex(const std::vector<const ir::LabelSet*>& pods);

  /// Whether a selector speaks of labels of pods alone; the others (reserved:host ...) no pod can answer for.
  [[nodiscard]] static bool about_pods(const ir::Selector&);
  /// In ascending order, until `see` returns false.
  void visit(const ir::Selector&, const std::function<bool(std::uint32_t)>& see) const;
  [[nodiscard]] std::optional<std::uint32_t> first(const ir::Selector&) const;
  [[nodiscard]] Pods all(const ir::Selector&) const;
  [[nodiscard]] bool empty() const { return everything_.empty(); }
  /// The keys, and the values of a key, of any pod: sorted.
  [[nodiscard]] const std::vector<std::string_view>& keys() const { return keys_; }
  [[nodiscard]] const std::vector<std::string_view>& values(std::string_view key) const;

 private:
  using Pair = std::pair<std::string_view, std::string_view>;
  struct PairHash {
    std::size_t operator()(const Pair& pair) const {
      const std::hash<std::string_view> hash;
      return hash(pair.first) * 31 + hash(pair.second);
    }
  };

  [[nodiscard]] const Pods& with_key(std::string_view key) const;
  [[nodiscard]] const Pods& with_label(std::string_view key, std::string_view value) const;

  Pods everything_;
  std::unordered_map<std::string_view, Pods> by_key_;
  std::unordered_map<Pair, Pods, PairHash> by_label_;
  std::unordered_map<std::string_view, std::vector<std::string_view>> values_;
  std::vector<std::string_view> keys_;
};

}  // namespace weir::compiler
