#include "simulator/flows/value_splitter.h"

#include <utility>

#include "simulator/flows/line_reader.h"

namespace weir::simulator {

void ValueSplitter::feed(std::string_view line) {
  line_.assign(line);
  line_ += '\n';
  at_ = 0;
}

/// Outside of every object: array brackets, commas and space; anything else spoils the rest of the line.
void ValueSplitter::between(char c) {
  switch (c) {
    case ' ': case '\t': case '\r': case '\n': return;
    case ',': return;
    case '{':
      depth_ = 1;
      value_.assign(1, c);
      too_long_ = false;
      return;
    case '[':
      if (in_array_) break;
      in_array_ = true;
      return;
    case ']':
      if (!in_array_) break;
      in_array_ = false;
      return;
    default: break;
  }
  ++bad_;
  at_ = line_.size();
}

/// Inside an object; true when `c` ends it.
bool ValueSplitter::inside(char c) {
  if (value_.size() < limit_)
    value_ += c;
  else
    too_long_ = true;
  if (in_string_) {
    in_string_ = escaped_ || c != '"';
    escaped_ = !escaped_ && c == '\\';
    return false;
  }
  if (c == '"') in_string_ = true;
  if (c == '{' || c == '[') ++depth_;
  if (c == '}' || c == ']') --depth_;
  return depth_ == 0;
}

std::string_view ValueSplitter::next() {
  while (at_ < line_.size()) {
    const char c = line_[at_++];
    if (depth_ == 0) {
      between(c);
      continue;
    }
    if (!inside(c)) continue;
    if (too_long_) {
      ++bad_;
      continue;
    }
    value_.reserve(value_.size() + kPadding);
    return value_;
  }
  return {};
}

std::size_t ValueSplitter::take_bad() { return std::exchange(bad_, 0); }

void ValueSplitter::abandon(bool array_too) {
  if (depth_ != 0) ++bad_;
  depth_ = 0;
  in_string_ = escaped_ = false;
  if (array_too) in_array_ = false;
}

}  // namespace weir::simulator
