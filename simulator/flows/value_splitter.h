#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::simulator {

/// Finds the JSON objects in text that is not one object a line: arrays, pretty-printed objects, two objects on one
/// line. Lines go in, whole objects come out; an object is held only until it ends.
class ValueSplitter {
 public:
  explicit ValueSplitter(std::size_t limit) : limit_(limit) {}

  /// The next line, without its end.
  void feed(std::string_view line);
  /// The next whole object of what was fed, with kPadding readable bytes behind it; empty: feed more.
  [[nodiscard]] std::string_view next();
  /// An object or array is open.
  [[nodiscard]] bool open() const { return in_array_ || depth_ != 0; }
  [[nodiscard]] bool inside_object() const { return depth_ != 0; }
  [[nodiscard]] bool in_array() const { return in_array_; }
  /// Objects given up since the last call: too long, or text between two objects.
  [[nodiscard]] std::size_t take_bad();
  /// Forgets the open object (its end never came) and, if asked, the array.
  void abandon(bool array_too);

 private:
  void between(char c);
  bool inside(char c);

  std::size_t limit_;
  std::string line_, value_;
  std::size_t at_ = 0, depth_ = 0, bad_ = 0;
  bool in_array_ = false, in_string_ = false, escaped_ = false, too_long_ = false;
};

}  // namespace weir::simulator
