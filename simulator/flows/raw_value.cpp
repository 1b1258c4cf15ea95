#include "simulator/flows/raw_value.h"

#include <charconv>
#include <utility>

namespace weir::simulator {

void RawScanner::start(const char* text, std::size_t size) {
  at = text;
  end = text + size;
  size_ = size;
  bad = false;
  unescaped_.clear();
}

/// One escape, whose letter is at `from`, into unescaped_. Pairs of surrogates are left to the parser.
bool RawScanner::unescape(const char*& from) {
  constexpr std::string_view kLetters = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
  if (from >= end) return false;
  const std::size_t simple = kLetters.find(*from);
  if (simple != std::string_view::npos) return unescaped_ += kMeant[simple], ++from, true;
  if (*from != 'u' || end - from < 5) return false;
  unsigned letter = 0;
  const auto [stop, error] = std::from_chars(from + 1, from + 5, letter, 16);
  if (error != std::errc() || stop != from + 5 || (letter >= 0xd800 && letter < 0xe000)) return false;
  from += 5;
  if (letter < 0x80) return unescaped_ += static_cast<char>(letter), true;
  if (letter < 0x800) {
    unescaped_ += static_cast<char>(0xc0 | letter >> 6);
  } else {
    unescaped_ += static_cast<char>(0xe0 | letter >> 12);
    unescaped_ += static_cast<char>(0x80 | (letter >> 6 & 0x3f));
  }
  return unescaped_ += static_cast<char>(0x80 | (letter & 0x3f)), true;
}

/// A string in which string() met something else than letters.
std::string_view RawScanner::escaped_string() {
  // Never moved while views of it are out.
  if (unescaped_.empty()) unescaped_.reserve(size_);
  const std::size_t begin = unescaped_.size();
  for (const char* from = at + 1;;) {
    const char* stop = plain_end(from, end);
    if (stop >= end) return fail(), std::string_view();
    unescaped_.append(from, stop);
    if (*stop == '"') {
      at = stop + 1;
      return std::string_view(unescaped_).substr(begin);
    }
    from = stop + 1;
    if (*stop != '\\' || !unescape(from)) return fail(), std::string_view();
  }
}

const KeyGuess& RawScanner::other_key(KeyGuesses& guesses) {
  if (!guesses.older.matches(at)) return learn(guesses);
  at += guesses.older.size;
  return guesses.older;
}

/// The key that stands here, found the long way.
const KeyGuess& RawScanner::learn(KeyGuesses& guesses) {
  guesses.older = std::exchange(guesses.latest, KeyGuess{});
  KeyGuess& guess = guesses.latest;
  if (at >= end || *at != '"') return fail(), guess;
  const char* begin = at;
  const char* close = plain_end(begin + 1, end);
  if (close >= end || close[0] != '"' || close[1] != ':') return fail(), guess;
  const std::string_view name(begin + 1, static_cast<std::size_t>(close - begin - 1));
  at = close + 2;
  const auto size = static_cast<std::size_t>(at - begin);
  if (size <= KeyGuess::kLongest) {
    std::memcpy(guess.text, begin, size);
    guess.mask = static_cast<std::uint32_t>((std::uint64_t{1} << size) - 1);
    guess.size = static_cast<std::uint8_t>(size);
  }
  guess.key = find_key(name);
  const unsigned letters = name.empty() ? 0 : static_cast<unsigned char>(name.front()) * 3u + static_cast<unsigned char>(name.back());
  guess.slot = static_cast<std::uint8_t>((letters + name.size() * 17) % following.size());
  return guess;
}

void RawScanner::skip(int depth) {
  if (at >= end || depth > kDepth) {
    fail();
    return;
  }
  switch (*at) {
    case '"': string(); return;
    case '{':
    case '[': return skip_members(*at == '{' ? '}' : ']', depth + 1);
    case 't': literal("true"); return;
    case 'f': literal("false"); return;
    case 'n': literal("null"); return;
    default:
      if (*at < '0' || *at > '9') fail();
      whole_number();
      return;
  }
}

void RawScanner::skip_members(char close, int depth) {
  if (*++at == close) {
    ++at;
    return;
  }
  while (!bad) {
    if (close == '}') {
      if (*at != '"') return void(fail());
      string();
      if (bad || *at++ != ':') return void(fail());
    }
    skip(depth);
    if (bad) return;
    const char next = *at++;
    if (next == close) return;
    if (next != ',') fail();
  }
}

}  // namespace weir::simulator
