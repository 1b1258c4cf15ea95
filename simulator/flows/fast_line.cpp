// Tested against the ordinary decoder by tests/unit/simulator/flows/fast_line_test.cpp and tests/fuzz/flows_fuzz.cpp.

#include "simulator/flows/fast_line.h"

#include <tsl/robin_map.h>

#include <array>
#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "simulator/flows/detail_internal.h"
#include "simulator/flows/parties.h"
#include "simulator/flows/record_values.h"
#include "simulator/flows/times.h"

namespace weir::simulator {
namespace {

constexpr std::size_t kMostMemory = 24 << 20;   // of remembered texts, of each kind
constexpr std::size_t kMostText = 8 << 10;      // longer ones are not remembered
constexpr std::size_t kGuesses = 1 << 14;
constexpr std::size_t kHead = 32;               // bytes of an object that choose its chain

/// What FastLine reads itself, as bits of `seen`.
enum Member : unsigned { kTime = 1, kUuid = 2, kVerdict = 4, kReason = 8, kEthernet = 16, kIp = 32, kL4 = 64, kSource = 128, kDestination = 256 };

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads forward; every function is false, or gives nothing, at what it does not expect.
struct Cursor {
  const char* at;
  const char* end;

  [[nodiscard]] std::string_view rest() const { return {at, static_cast<std::size_t>(end - at)}; }
  bool take(std::string_view wanted) {
    if (rest().size() < wanted.size() || std::memcmp(at, wanted.data(), wanted.size()) != 0) return false;
    at += wanted.size();
    return true;
  }
  bool take(char wanted) {
    if (at == end || *at != wanted) return false;
    ++at;
    return true;
  }
  /// A string of printable ASCII without escapes, quotes included; `most` bytes at most.
  bool plain_string(std::string_view& text, std::size_t most) {
    if (!take('"')) return false;
    const char* begin = at;
    const char* last = end - at > static_cast<std::ptrdiff_t>(most) ? at + most : end;
    while (at != last && *at >= ' ' && *at < 127 && *at != '"' && *at != '\\') ++at;
    text = {begin, static_cast<std::size_t>(at - begin)};
    return take('"');
  }
  /// A whole number without sign as JSON writes it; `digits` at most.
  bool number(std::int64_t& value, int digits) {
    const char* begin = at;
    value = 0;
    while (at != end && is_digit(*at) && at - begin < digits) value = value * 10 + (*at++ - '0');
    if (at == begin || (*begin == '0' && at - begin > 1)) return false;
    return at != end && (*at == ',' || *at == '}');
  }
};

/// As ir::parse_address; quick for IPv4.
std::optional<ir::IpAddress> address_of(std::string_view text) {
  ir::IpAddress address;
  std::size_t at = 0;
  for (std::size_t part = 0; part < 4; ++part) {
    const std::size_t begin = at;
    unsigned value = 0;
    while (at < text.size() && is_digit(text[at]) && at - begin < 3) value = value * 10 + static_cast<unsigned>(text[at++] - '0');
    const bool plain = at != begin && value <= 255 && (text[begin] != '0' || at - begin == 1);
    if (!plain || (part < 3 ? at >= text.size() || text[at++] != '.' : at != text.size())) return ir::parse_address(text);
    address.bytes[part] = static_cast<std::uint8_t>(value);
  }
  return address;
}

/// Where the object that begins at `text` ends; nothing when it does not. What is inside is not checked.
std::size_t object_size(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '"':
        for (++i; i < text.size() && text[i] != '"'; ++i)
          if (text[i] == '\\') return 0;
        break;
      case '{': ++depth; break;
      case '}':
        if (--depth == 0) return i + 1;
        break;
      default: break;
    }
  }
  return 0;
}

std::uint64_t load(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// A hash of the two ends of a long text: between them are the node's labels, which its name stands for.
std::uint64_t ends_hash(std::string_view text) {
  constexpr std::size_t kFront = 128, kBack = 384;
  if (text.size() <= kFront + kBack) return hash_bytes(text);
  return hash_bytes(text.substr(text.size() - kBack)) ^ (hash_bytes(text.substr(0, kFront)) + text.size()) * 0x9e3779b97f4a7c15u;
}

/// Texts seen before with what they mean. Forgets everything when it is full: what is seen often comes back.
template <class Value>
class Memo {
 public:
  struct Entry {
    std::string text;
    Value value;
    std::int32_t next = -1;  // of the same hash, newest first
  };

  /// The entry that `text` begins with; null: none of that hash.
  const Entry* find(std::uint64_t hash, std::string_view text, bool whole) const {
    const auto found = heads_.find(hash);
    if (found == heads_.end()) return nullptr;
    int steps = 0;
    for (std::int32_t at = found->second; at >= 0 && steps < kChain; at = entries_[static_cast<std::size_t>(at)].next, ++steps)
      if (begins(text, entries_[static_cast<std::size_t>(at)], whole)) return &entries_[static_cast<std::size_t>(at)];
    return nullptr;
  }
  const Entry* add(std::uint64_t hash, std::string_view text, Value value) {
    if (memory_ > kMostMemory) clear();
    memory_ += text.size() + sizeof(Entry) + 64;
    const auto [at, fresh] = heads_.try_emplace(hash, -1);
    entries_.push_back({std::string(text), std::move(value), at->second});
    at.value() = static_cast<std::int32_t>(entries_.size() - 1);
    return &entries_.back();
  }
  /// Counts how often everything was forgotten: pointers to entries are good within one generation.
  [[nodiscard]] std::uint32_t generation() const { return generation_; }

 private:
  static constexpr int kChain = 16;

  static bool begins(std::string_view text, const Entry& entry, bool whole) {
    const std::size_t size = entry.text.size();
    return (whole ? text.size() == size : text.size() >= size) && std::memcmp(text.data(), entry.text.data(), size) == 0;
  }
  void clear() {
    heads_.clear();
    entries_.clear();
    memory_ = 0;
    ++generation_;
  }

  struct UseHash {
    std::size_t operator()(std::uint64_t hash) const noexcept { return hash; }
  };
  tsl::robin_map<std::uint64_t, std::int32_t, UseHash> heads_;
  std::deque<Entry> entries_;
  std::size_t memory_ = 0;
  std::uint32_t generation_ = 0;
};

using PartyMemo = Memo<FastParty>;

}  // namespace

struct FastLine::State {
  explicit State(SlowDecoder& slow_) : slow(slow_) {}

  struct Rest {
    Record record;
    bool wrapped = false, cut = false;  // in {"flow":{; the text ends where a time begins
  };
  /// The object that was last seen at an address.
  struct Guess {
    const PartyMemo::Entry* entry = nullptr;
    std::uint32_t generation = 0;
  };

  SlowDecoder& slow;
  PartyMemo parties;
  Memo<Rest> rests;
  std::array<std::vector<Guess>, 2> guesses{std::vector<Guess>(kGuesses), std::vector<Guess>(kGuesses)};
  char minute[17] = {};  // "2026-01-01T00:00:"
  std::int64_t minute_start = 0;
  std::string whole;

  bool read_time(std::string_view text, std::int64_t& time);
  bool read_ip(Cursor& in, Record& record);
  bool read_ports(Cursor& in, ir::Protocol protocol, Record& record);
  bool read_icmp(Cursor& in, ir::Protocol protocol, Record& record);
  bool read_l4(Cursor& in, Record& record);
  bool read_party(Cursor& in, const std::optional<ir::IpAddress>& address, std::size_t end, FastParty& party);
  bool read_member(Cursor& in, unsigned& seen, Record& own);
  bool read_own(Cursor& in, Record& own, unsigned& seen);
  bool read_rest(std::string_view rest, bool wrapped, Record& record);
};

/// Lines of one minute follow each other.
bool FastLine::State::read_time(std::string_view text, std::int64_t& time) {
  if (text.size() >= 20 && text.back() == 'Z' && std::memcmp(text.data(), minute, sizeof minute) == 0) {
    const char *s = text.data() + 17, *end = text.data() + text.size() - 1;
    if (is_digit(s[0]) && is_digit(s[1]) && s[0] <= '5') {
      std::int64_t value = (s[0] - '0') * 10 + (s[1] - '0'), digits = 0;
      s += 2;
      if (s != end && *s++ == '.')
        for (; s != end && is_digit(*s) && digits < 9; ++s, ++digits) value = value * 10 + (*s - '0');
      if (s == end && (digits != 0 || text.size() == 20)) {
        for (; digits < 9; ++digits) value *= 10;
        time = minute_start + value;
        return true;
      }
    }
  }
  const std::optional<std::int64_t> whole_time = parse_time(text);
  if (!whole_time) return false;
  time = *whole_time;
  const auto start = text.size() >= 20 && text.back() == 'Z' ? parse_time(std::string(text.substr(0, 17)) + "00Z") : std::nullopt;
  if (start) {
    std::memcpy(minute, text.data(), sizeof minute);
    minute_start = *start;
  }
  return true;
}

bool FastLine::State::read_ip(Cursor& in, Record& record) {
  if (!in.take('{')) return false;
  unsigned seen = 0;
  do {
    std::string_view text;
    unsigned bit = 0;
    if (in.take(R"("source":)")) {
      bit = 1;
      if (!in.plain_string(text, 45)) return false;
      record.source_address = address_of(text);
    } else if (in.take(R"("destination":)")) {
      bit = 2;
      if (!in.plain_string(text, 45)) return false;
      record.destination_address = address_of(text);
    } else if (in.take(R"("ipVersion":)")) {
      bit = 4;
      if (!in.plain_string(text, 8)) return false;
    } else {
      return false;
    }
    if ((seen & bit) != 0) return false;
    seen |= bit;
  } while (in.take(','));
  return in.take('}');
}

/// "flags":{"SYN":true,"ACK":true}
bool skip_flags(Cursor& in) {
  if (!in.take('{')) return false;
  if (in.take('}')) return true;
  do {
    std::string_view name;
    if (!in.plain_string(name, 8) || !in.take(':') || !(in.take("true") || in.take("false"))) return false;
  } while (in.take(','));
  return in.take('}');
}

bool FastLine::State::read_ports(Cursor& in, ir::Protocol protocol, Record& record) {
  std::int64_t source = 0, destination = -1;
  unsigned seen = 0;
  record.protocol = protocol;
  if (!in.take('{')) return false;
  if (!in.take('}')) {
    do {
      unsigned bit = 0;
      if (in.take(R"("source_port":)")) {
        bit = 1;
        if (!in.number(source, 5)) return false;
      } else if (in.take(R"("destination_port":)")) {
        bit = 2;
        if (!in.number(destination, 5)) return false;
      } else if (in.take(R"("flags":)")) {
        bit = 4;
        if (!skip_flags(in)) return false;
      } else {
        return false;
      }
      if ((seen & bit) != 0) return false;
      seen |= bit;
    } while (in.take(','));
    if (!in.take('}')) return false;
  }
  set_ports(source, destination, record);
  return true;
}

bool FastLine::State::read_icmp(Cursor& in, ir::Protocol protocol, Record& record) {
  std::int64_t type = 0, code = 0;
  record.protocol = protocol;
  if (!in.take('{')) return false;
  if (!in.take('}')) {
    const bool has_type = in.take(R"("type":)");
    if (has_type && !in.number(type, 3)) return false;
    const bool has_code = (!has_type || in.take(',')) && in.take(R"("code":)");
    if (has_code && !in.number(code, 3)) return false;
    if (in.at[-1] == ',' || (!has_type && !has_code) || !in.take('}')) return false;
  }
  set_icmp(type, code, record);
  return true;
}

bool FastLine::State::read_l4(Cursor& in, Record& record) {
  bool good = false;
  if (in.take(R"({"TCP":)")) good = read_ports(in, ir::Protocol::Tcp, record);
  else if (in.take(R"({"UDP":)")) good = read_ports(in, ir::Protocol::Udp, record);
  else if (in.take(R"({"SCTP":)")) good = read_ports(in, ir::Protocol::Sctp, record);
  else if (in.take(R"({"ICMPv4":)")) good = read_icmp(in, ir::Protocol::Icmp, record);
  else if (in.take(R"({"ICMPv6":)")) good = read_icmp(in, ir::Protocol::Icmpv6, record);
  return good && in.take('}');
}

/// By the object last seen at its address, then by the first bytes of the object, then the ordinary way.
bool FastLine::State::read_party(Cursor& in, const std::optional<ir::IpAddress>& address, std::size_t end, FastParty& party) {
  const std::string_view rest = in.rest();
  if (rest.empty() || rest.front() != '{') return false;
  Guess* guess = nullptr;
  if (address) {
    const std::uint64_t low = load(reinterpret_cast<const char*>(address->bytes.data())), high = load(reinterpret_cast<const char*>(address->bytes.data()) + 8);
    guess = &guesses[end][((low ^ (high >> 7)) * 0x9e3779b97f4a7c15u) >> 50];
    const PartyMemo::Entry* entry = guess->generation == parties.generation() ? guess->entry : nullptr;
    if (entry != nullptr && rest.size() >= entry->text.size() && std::memcmp(rest.data(), entry->text.data(), entry->text.size()) == 0) {
      in.at += entry->text.size();
      party = entry->value;
      return true;
    }
  }
  // The bytes behind a short line are readable, and part of the hash for every line that is as short.
  const std::uint64_t hash = rest.size() < kHead ? 0 : hash_bytes(rest.substr(0, kHead));
  const PartyMemo::Entry* entry = hash == 0 ? nullptr : parties.find(hash, rest, false);
  if (entry == nullptr) {
    const std::size_t size = object_size(rest);
    if (size == 0 || !slow.party(rest.substr(0, size), party)) return false;
    in.at += size;
    if (hash == 0 || size < kHead || size > kMostText) return true;
    entry = parties.add(hash, rest.substr(0, size), party);
  } else {
    in.at += entry->text.size();
    party = entry->value;
  }
  if (guess != nullptr) *guess = {entry, parties.generation()};
  return true;
}

/// One of the members that FastLine reads itself; the name and what it means.
bool FastLine::State::read_member(Cursor& in, unsigned& seen, Record& own) {
  std::string_view text;
  std::int64_t number = 0;
  FastParty party;
  const auto first = [&](Member member) {
    const bool fresh = (seen & member) == 0;
    seen |= member;
    return fresh;
  };
  if (in.take(R"("time":)")) return first(kTime) && in.plain_string(text, 40) && read_time(text, own.time);
  if (in.take(R"("uuid":)")) {
    if (!first(kUuid) || !in.plain_string(text, 64)) return false;
    own.uuid = parse_uuid(text);
    return true;
  }
  if (in.take(R"("verdict":)")) {
    if (!first(kVerdict) || !in.plain_string(text, 40)) return false;
    own.verdict = verdict_named(text);
    return true;
  }
  if (in.take(R"("drop_reason":)")) {
    if (!first(kReason) || !in.number(number, 3)) return false;
    own.drop_reason = drop_of_number(number);
    return true;
  }
  if (in.take(R"("ethernet":{"source":)"))
    return first(kEthernet) && in.plain_string(text, 40) && in.take(R"(,"destination":)") && in.plain_string(text, 40) && in.take('}');
  if (in.take(R"("IP":)")) return first(kIp) && read_ip(in, own);
  if (in.take(R"("l4":)")) return first(kL4) && read_l4(in, own);
  if (in.take(R"("source":)")) {
    if (!first(kSource) || !read_party(in, own.source_address, 0, party)) return false;
    own.source = party.id;
    own.source_local = party.local;
    return true;
  }
  if (in.take(R"("destination":)")) {
    if (!first(kDestination) || !read_party(in, own.destination_address, 1, party)) return false;
    own.destination = party.id;
    own.destination_local = party.local;
    return true;
  }
  return false;
}

/// Up to and with both endpoints.
bool FastLine::State::read_own(Cursor& in, Record& own, unsigned& seen) {
  constexpr unsigned kNeeded = kTime | kVerdict | kIp | kSource | kDestination;
  for (;;) {
    if (!read_member(in, seen, own)) return false;
    if ((seen & kNeeded) == kNeeded) return true;
    if (!in.take(',')) return false;
  }
}

/// The line from behind the endpoints. The time of the wrapper is that of the flow: it is cut off before comparing.
bool FastLine::State::read_rest(std::string_view rest, bool wrapped, Record& record) {
  std::string_view known = rest;
  if (wrapped && rest.ends_with("Z\"}")) {
    const std::size_t at = rest.rfind(R"(,"time":")");
    if (at != std::string_view::npos && rest.size() - at <= 48) {
      for (const char c : rest.substr(at + 9, rest.size() - at - 12))
        if (!is_digit(c) && c != '-' && c != ':' && c != '.' && c != 'T') return false;
      known = rest.substr(0, at + 9);
    }
  }
  const bool cut = known.size() != rest.size();
  const std::uint64_t hash = ends_hash(known);
  if (const auto* entry = rests.find(hash, known, true)) {
    record = entry->value.record;
    return entry->value.cut == cut && entry->value.wrapped == wrapped;
  }
  if (known.size() > kMostText) return false;
  whole = wrapped ? R"({"flow":{)" : "{";
  whole += rest.substr(rest.front() == ',' ? 1 : 0);
  if (!slow.rest(whole, record)) return false;
  rests.add(hash, known, {record, wrapped, cut});
  return true;
}

FastLine::FastLine(SlowDecoder& slow) : state_(std::make_unique<State>(slow)) {}
FastLine::~FastLine() = default;

bool FastLine::decode(const char* text, std::size_t size, Record& record) {
  Cursor in{text, text + size};
  const bool wrapped = in.take(R"({"flow":{)");
  if (!wrapped && !in.take('{')) return false;
  Record own;
  unsigned seen = 0;
  if (!state_->read_own(in, own, seen)) return false;
  if (in.rest().empty() || (in.rest().front() != ',' && in.rest().front() != '}')) return false;
  if (!state_->read_rest(in.rest(), wrapped, record)) return false;
  record.verdict = own.verdict;
  if (own.drop_reason != 0) record.drop_reason = own.drop_reason;
  record.time = own.time;
  record.has_time = true;
  record.uuid = own.uuid;
  record.source_address = own.source_address;
  record.destination_address = own.destination_address;
  record.source = own.source;
  record.destination = own.destination;
  record.source_local = own.source_local;
  record.destination_local = own.destination_local;
  if ((seen & kL4) != 0) {
    record.protocol = own.protocol;
    record.has_ports = own.has_ports;
    record.source_port = own.source_port;
    record.destination_port = own.destination_port;
    record.icmp_code = own.icmp_code;
  }
  return true;
}

}  // namespace weir::simulator
