#include "simulator/flows/party_cache.h"

#include <cstring>
#include <utility>

namespace weir::simulator {
namespace {

constexpr std::size_t kFirstSets = 256, kMostSets = 1 << 14;  // of four
constexpr std::size_t kChunk = 1 << 16, kMostBytes = 16 << 20;
constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15;

std::uint64_t load(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const unsigned __int128 product = static_cast<unsigned __int128>(a ^ kMix) * (b ^ ~kMix);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// An identity of one or two digits is reserved: the world has many addresses and one text.
bool is_reserved(const char* object) {
  constexpr std::string_view kHead = "{\"identity\":";
  return std::memcmp(object, kHead.data(), kHead.size()) == 0 && (object[kHead.size() + 1] == ',' || object[kHead.size() + 2] == ',');
}

}  // namespace

std::uint64_t PartyCache::key_of(const char* object, const std::optional<ir::IpAddress>& address) {
  std::uint64_t key = mix(load(object) ^ load(object + 16), load(object + 8) ^ (load(object + 24) << 1));
  if (address && !is_reserved(object)) {
    const char* bytes = reinterpret_cast<const char*>(address->bytes.data());
    key ^= mix(load(bytes), load(bytes + 8) + static_cast<std::uint64_t>(address->family));
  }
  return key;
}

const PartyCache::Known* PartyCache::find(std::uint64_t key, std::string_view text) const {
  if (sets_ == 0) return nullptr;
  const Entry* set = &entries_[(key & (sets_ - 1)) * kWays];
  for (std::size_t way = 0; way < kWays; ++way)
    if (set[way].key == key && !set[way].known.text.empty() && text.starts_with(set[way].known.text)) return &set[way].known;
  return nullptr;
}

void PartyCache::start(std::size_t sets) {
  sets_ = sets;
  used_ = 0;
  entries_.assign(sets * kWays, Entry{});
}

/// Twice the room and more; the texts stay where they are.
void PartyCache::grow() {
  std::vector<Entry> old = std::move(entries_);
  start(sets_ * 4);
  for (const Entry& entry : old) {
    if (entry.known.text.empty()) continue;
    Entry* set = &entries_[(entry.key & (sets_ - 1)) * kWays];
    std::size_t way = 0;
    while (way + 1 < kWays && !set[way].known.text.empty()) ++way;
    used_ += set[way].known.text.empty();
    set[way] = entry;
  }
}

void PartyCache::add(std::uint64_t key, const Known& known) {
  if (known.text.size() > kChunk) return;
  if (sets_ == 0 || bytes_ + known.text.size() > kMostBytes) {
    chunks_.clear();
    bytes_ = 0;
    start(sets_ == 0 ? kFirstSets : sets_);
  }
  if (used_ * 2 > entries_.size() && sets_ < kMostSets) grow();
  if (chunks_.empty() || chunks_.back().size() + known.text.size() > kChunk) chunks_.emplace_back().reserve(kChunk);
  std::string& chunk = chunks_.back();
  const char* begin = chunk.data() + chunk.size();
  chunk += known.text;
  bytes_ += known.text.size();
  Entry* set = &entries_[(key & (sets_ - 1)) * kWays];
  // The newest comes first, the oldest of the set goes.
  used_ += set[kWays - 1].known.text.empty();
  for (std::size_t way = kWays - 1; way > 0; --way) set[way] = set[way - 1];
  set[0] = {key, {{begin, known.text.size()}, known.party, known.local}};
}

}  // namespace weir::simulator
