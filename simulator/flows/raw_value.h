#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "ir/base/ip.h"
#include "simulator/flows/keys.h"
#include "simulator/flows/numbers.h"
#include "simulator/flows/times.h"

namespace weir::simulator {

/// Which key comes next: mostly the one that came after the same key in an earlier line. Comparing it costs less than
/// finding its end and looking it up.
struct KeyGuess {
  static constexpr std::size_t kLongest = 32;
  char text[kLongest] = {};        // "\"verdict\":", zero past its end
  std::uint32_t mask = 0xffffffff; // a bit for each byte of it
  std::uint8_t size = 0;
  Key key = Key::Unknown;
  std::uint8_t slot = 0;           // of the key, see RawScanner::guesses

  /// Reads kLongest bytes.
  [[nodiscard]] bool matches(const char* at) const;
};

/// The last two that came.
struct KeyGuesses {
  KeyGuess latest, older;
};

/// Walks over JSON as Hubble writes it: no space between tokens, ASCII only, no escapes in keys and none of surrogates,
/// whole numbers of at most 18 digits, at most kDepth levels. Anything else, valid or not, makes it `bad`, and a real parser must look. All that it
/// steps over is checked. `end` has kPadding readable bytes behind it.
struct RawScanner {
  static constexpr int kDepth = 32;

  const char* at = nullptr;
  const char* end = nullptr;
  bool bad = false;
  TimeMemo times;
  // By where the last key stood and what it was; `first` by the object alone.
  std::array<KeyGuesses, 128> first{}, following{};

  void start(const char* text, std::size_t size);
  /// Where the plain text of a string that goes on at `from` ends: a quote, an escape or a foreign letter; or past `end`.
  [[nodiscard]] static const char* plain_end(const char* from, const char* end);
  /// At an opening quote: the text, and past it. Without escapes it is a part of the line.
  std::string_view string();
  std::string_view escaped_string();
  /// At a key: past its colon.
  const KeyGuess& key(KeyGuesses& guesses);
  const KeyGuess& other_key(KeyGuesses& guesses);
  const KeyGuess& learn(KeyGuesses& guesses);
  std::int64_t whole_number();
  bool literal(std::string_view word);
  /// Past one value of any kind.
  void skip(int depth = 0);
  void skip_members(char close, int depth);
  bool fail() { bad = true; return false; }

 private:
  bool unescape(const char*& from);
  std::string unescaped_;  // of this line; never longer than it
  std::size_t size_ = 0;   // of the line
};

/// One value of a RawScanner, as fields.h reads it. A scalar is read when it is met; the scanner stands before an object or
/// an array until it is read or stepped over.
struct RawValue {
  RawScanner* in = nullptr;
  char kind = 0;  // its first byte; '0' for any number, 'e' for none
  const char* begin = nullptr;
  std::string_view string;
  std::int64_t whole = 0;
  std::uint8_t slot = 0;  // of its key, or of the array's

  RawValue(RawScanner& scanner, std::uint8_t slot_);

  [[nodiscard]] bool is_string() const { return kind == '"'; }
  [[nodiscard]] bool is_integer() const { return kind == '0'; }
  [[nodiscard]] bool is_object() const { return kind == '{'; }
  [[nodiscard]] std::string_view text() const { return string; }
  [[nodiscard]] std::optional<std::int64_t> time() const { return in->times.parse(string); }
  [[nodiscard]] std::optional<ir::IpAddress> address() const { return fast_address(string); }
  [[nodiscard]] std::int64_t number(std::int64_t otherwise) const {
    if (kind == '0') return whole;
    return kind == '"' ? number_in(string, otherwise) : otherwise;
  }
  [[nodiscard]] bool truth(bool& out) const {
    out = kind == 't';
    return kind == 't' || kind == 'f';
  }
  template <class Act>
  bool each(Act act);
  /// From the key on where the scanner stands, inside of this object.
  template <class Act>
  void each_left(Act act);
  template <class Act>
  bool each_item(Act act);
  /// A string of which nothing was escaped.
  [[nodiscard]] bool is_plain() const { return kind == '"' && string.data() == begin + 1; }
  /// Past it, when nobody read it.
  void finish() {
    if ((kind == '{' || kind == '[') && in->at == begin) in->skip();
  }
};

inline const char* RawScanner::plain_end(const char* from, const char* end) {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"'), escape = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');
  for (; from < end; from += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    // Bytes over 127 are negative, so that one comparison finds them and the control characters.
    const __m128i stops = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, escape)), _mm_cmplt_epi8(bytes, space));
    if (const int mask = _mm_movemask_epi8(stops); mask != 0) return from + __builtin_ctz(static_cast<unsigned>(mask));
  }
  return end;
#else
  while (from < end && *from != '"' && *from != '\\' && static_cast<signed char>(*from) >= ' ') ++from;
  return from;
#endif
}

[[gnu::always_inline]] inline std::string_view RawScanner::string() {
  const char* begin = at + 1;
  const char* close = plain_end(begin, end);
  if (close >= end || *close != '"') [[unlikely]]
    return escaped_string();
  at = close + 1;
  return {begin, static_cast<std::size_t>(close - begin)};
}

inline std::int64_t RawScanner::whole_number() {
  constexpr int kDigits = 18;  // whatever has no more fits 64 bits
  const char* begin = at;
  std::uint64_t number = 0;
  while (*at >= '0' && *at <= '9' && at - begin <= kDigits) number = number * 10 + static_cast<unsigned>(*at++ - '0');
  // A fraction, an exponent: no `,` or `]` or `}` follows, which the caller sees.
  if (at - begin > kDigits || (*begin == '0' && at - begin > 1)) fail();
  return static_cast<std::int64_t>(number);
}

inline bool RawScanner::literal(std::string_view word) {
  if (std::memcmp(at, word.data(), word.size()) != 0) return fail();
  at += word.size();
  return true;
}

[[gnu::always_inline]] inline bool KeyGuess::matches(const char* at) const {
#if defined(__SSE2__)
  const auto* here = reinterpret_cast<const __m128i*>(at);
  const auto* there = reinterpret_cast<const __m128i*>(text);
  const auto low = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(here), _mm_loadu_si128(there))));
  const auto high = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(here + 1), _mm_loadu_si128(there + 1))));
  return (~(low | high << 16) & mask) == 0;
#else
  return size != 0 && std::memcmp(at, text, size) == 0;
#endif
}

[[gnu::always_inline]] inline const KeyGuess& RawScanner::key(KeyGuesses& guesses) {
  if (!guesses.latest.matches(at)) [[unlikely]]
    return other_key(guesses);
  at += guesses.latest.size;
  return guesses.latest;
}

[[gnu::always_inline]] inline RawValue::RawValue(RawScanner& scanner, std::uint8_t slot_) : in(&scanner), begin(scanner.at), slot(slot_) {
  // What runs over the end, by a number or a word at most, is noticed at the next value or at the end of the line.
  if (begin >= in->end) in->fail();
  kind = *begin;
  switch (kind) {
    case '"': string = in->string(); return;
    case '{':
    case '[': return;
    case 't': in->literal("true"); return;
    case 'f': in->literal("false"); return;
    case 'n': in->literal("null"); return;
    default:
      if (kind < '0' || kind > '9') in->fail();
      kind = '0';
      whole = in->whole_number();
      return;
  }
}

template <class Act>
bool RawValue::each(Act act) {
  if (kind != '{') return false;
  ++in->at;
  if (*in->at == '}') return ++in->at, true;
  each_left(act);
  return true;
}

template <class Act>
void RawValue::each_left(Act act) {
  KeyGuesses* guesses = &in->first[slot];
  while (!in->bad) {
    const KeyGuess& name = in->key(*guesses);
    const Key key = name.key;
    guesses = &in->following[(name.slot + 5u * slot) % in->following.size()];
    RawValue member(*in, name.slot);
    if (in->bad) return;
    act(key, member);
    member.finish();
    const char next = *in->at++;
    if (next == '}') return;
    if (next != ',') in->fail();
  }
}

template <class Act>
bool RawValue::each_item(Act act) {
  if (kind != '[') return false;
  ++in->at;
  if (*in->at == ']') return ++in->at, true;
  while (!in->bad) {
    RawValue item(*in, slot);
    if (in->bad) return true;
    act(item);
    item.finish();
    const char next = *in->at++;
    if (next == ']') return true;
    if (next != ',') in->fail();
  }
  return true;
}

}  // namespace weir::simulator
