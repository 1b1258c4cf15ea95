#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "simulator/flows/parties.h"
#include "simulator/segments/bytes.h"

namespace weir::simulator {

/// Distinct byte strings of a block, numbered in the order of their first use.
class Dictionary {
 public:
  std::uint32_t id(std::string_view bytes) {
    const auto [at, added] = ids_.try_emplace(std::string(bytes), static_cast<std::uint32_t>(entries_.size()));
    if (added) {
      entries_.push_back(at->first);
      bytes_ += bytes.size();
    }
    return at->second;
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  void clear() {
    ids_.clear();
    entries_.clear();
    bytes_ = 0;
  }

  /// How many, the size of each, the bytes of each.
  [[nodiscard]] std::string column() const {
    ByteWriter out;
    out.varint(entries_.size());
    for (const std::string& entry : entries_) out.varint(entry.size());
    for (const std::string& entry : entries_) out.text(entry);
    return std::move(out.bytes);
  }

 private:
  struct Hash {
    std::size_t operator()(const std::string& bytes) const noexcept { return hash_bytes(bytes); }
  };
  tsl::robin_map<std::string, std::uint32_t, Hash> ids_;
  std::deque<std::string> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace weir::simulator
