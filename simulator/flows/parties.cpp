#include "simulator/flows/parties.h"

#include <tsl/robin_map.h>

#include <cstring>
#include <deque>

#include "ir/base/check.h"

namespace weir::simulator {
namespace {

std::uint64_t load(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

constexpr std::uint64_t kA = 0x9e3779b97f4a7c15, kB = 0xd6e8feb86659fd93;

/// The table's own hash is the one the caller computed.
struct Hashed {
  std::uint64_t hash;
  std::string_view key;
  friend bool operator==(const Hashed& a, const Hashed& b) { return a.hash == b.hash && a.key == b.key; }
};

struct UseHash {
  std::size_t operator()(const Hashed& hashed) const noexcept { return hashed.hash; }
};

using Index = tsl::robin_map<Hashed, std::uint32_t, UseHash>;

}  // namespace

std::uint64_t hash_bytes(std::string_view bytes) {
  // Two chains, so that one multiplication does not wait for the other.
  std::uint64_t one = kA ^ bytes.size(), two = kB;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 32; at += 32, left -= 32) {
    one = mix(load(at) ^ kA, load(at + 8) ^ one);
    two = mix(load(at + 16) ^ kB, load(at + 24) ^ two);
  }
  if (left >= 16) one = mix(load(at) ^ kA, load(at + 8) ^ one), at += 16, left -= 16;
  char tail[16] = {};
  if (left != 0) std::memcpy(tail, at, left);
  return mix(load(tail) ^ kB ^ two, load(tail + 8) ^ one ^ kA);
}

struct Parties::State {
  std::deque<std::string> keys;  // the index points into these
  std::deque<Party> parties;
  Index index;
};

Parties::Parties() : state_(std::make_unique<State>()) { add({}, hash_bytes({}), {}); }
Parties::~Parties() = default;
Parties::Parties(Parties&&) noexcept = default;
Parties& Parties::operator=(Parties&&) noexcept = default;

std::uint32_t Parties::find(std::string_view key, std::uint64_t hash) const {
  const auto at = state_->index.find(Hashed{hash, key}, hash);
  return at == state_->index.end() ? kNone : at->second;
}

PartyId Parties::add(std::string_view key, std::uint64_t hash, Party party) {
  const auto id = static_cast<std::uint32_t>(state_->parties.size());
  party.hash = hash;
  state_->keys.emplace_back(key);
  state_->parties.push_back(std::move(party));
  state_->index.emplace(Hashed{hash, state_->keys.back()}, id);
  return PartyId{id};
}

const Party& Parties::at(PartyId id) const {
  WEIR_CHECK(id.index < state_->parties.size());
  return state_->parties[id.index];
}

const std::string& Parties::key(PartyId id) const { return state_->keys[id.index]; }
std::size_t Parties::size() const { return state_->parties.size(); }

struct Names::State {
  std::deque<std::string> names;
  std::deque<std::uint32_t> clusters;
  Index index;
  std::uint32_t last = 0;

  std::uint32_t add(std::string_view name) {
    const std::size_t slash = name.find('/');
    names.emplace_back(name);
    clusters.push_back(slash == std::string_view::npos ? 0 : static_cast<std::uint32_t>(hash_bytes(name.substr(0, slash))) | 1);
    return static_cast<std::uint32_t>(names.size() - 1);
  }
};

Names::Names() : state_(std::make_unique<State>()) { state_->add({}); }
Names::~Names() = default;
Names::Names(Names&&) noexcept = default;
Names& Names::operator=(Names&&) noexcept = default;

std::optional<NodeNameId> Names::find(std::string_view name) {
  // Lines of one node follow each other.
  if (state_->names[state_->last] == name) return NodeNameId{state_->last};
  if (name.empty()) return NodeNameId{0};
  const std::uint64_t hash = hash_bytes(name);
  const auto at = state_->index.find(Hashed{hash, name}, hash);
  if (at == state_->index.end()) return std::nullopt;
  return NodeNameId{state_->last = at->second};
}

NodeNameId Names::id(std::string_view name) {
  if (const std::optional<NodeNameId> known = find(name)) return *known;
  state_->last = state_->add(name);
  state_->index.emplace(Hashed{hash_bytes(name), state_->names.back()}, state_->last);
  return {state_->last};
}

std::uint32_t Names::cluster(NodeNameId id) const { return state_->clusters[id.index]; }
const std::string& Names::at(NodeNameId id) const { return state_->names[id.index]; }
std::size_t Names::size() const { return state_->names.size(); }

}  // namespace weir::simulator
