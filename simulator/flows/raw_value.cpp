#include "simulator/flows/raw_value.h"

namespace weir::simulator {

/// The key that stands here, found the long way.
void RawScanner::learn(KeyGuess& guess) {
  if (at >= end || *at != '"') return void(fail());
  const char* begin = at;
  const std::string_view name = string();
  if (bad || *at != ':') return void(fail());
  ++at;
  const auto size = static_cast<std::size_t>(at - begin);
  guess = KeyGuess{};
  if (size <= KeyGuess::kLongest) {
    std::memcpy(guess.text, begin, size);
    guess.mask = static_cast<std::uint32_t>((std::uint64_t{1} << size) - 1);
    guess.size = static_cast<std::uint8_t>(size);
  }
  guess.key = find_key(name);
  const unsigned letters = name.empty() ? 0 : static_cast<unsigned char>(name.front()) * 3u + static_cast<unsigned char>(name.back());
  guess.slot = static_cast<std::uint8_t>((letters + name.size() * 17) % following.size());
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
