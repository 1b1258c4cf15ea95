#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/sets/regex_syntax.h"

namespace weir::ir {

/// Byte -> class; bytes of one class are never told apart.
using ByteClasses = std::array<std::uint8_t, 256>;

/// A set of texts: the smallest complete deterministic automaton, numbered in one way, so equal sets are equal values.
/// What may grow takes a limit of states and answers nothing when it does not suffice.
class Automaton {
 public:
  static constexpr std::size_t kStates = 10'000;

  Automaton();  // no text
  [[nodiscard]] static Automaton everything();
  [[nodiscard]] static Automaton literal(std::string_view);
  /// All texts, of any length, of these bytes.
  [[nodiscard]] static Automaton made_of(const ByteSet&);
  /// The text itself, and the text with the byte and anything behind it.
  [[nodiscard]] static Automaton element_prefix(std::string_view, char separator);
  /// All that end in the suffix and are longer.
  [[nodiscard]] static std::optional<Automaton> longer_with_suffix(std::string_view);
  [[nodiscard]] static std::optional<Automaton> of(const RegexNode&, std::size_t limit = kStates);

  [[nodiscard]] bool contains(std::string_view) const;
  [[nodiscard]] bool empty() const;
  [[nodiscard]] bool all() const;  // every text
  [[nodiscard]] std::size_t states() const { return accepts_.size(); }
  /// A shortest text; one in printable ASCII where there is any.
  [[nodiscard]] std::optional<std::string> witness() const;
  /// What all texts of the set begin with, as far as that is one text; nothing for the empty set.
  [[nodiscard]] std::optional<std::string> common_prefix() const;

  [[nodiscard]] Automaton complement() const;
  friend bool operator==(const Automaton&, const Automaton&) = default;

 private:
  friend class AutomatonBuilder;
  friend class AutomatonPairs;

  [[nodiscard]] std::uint32_t next(std::uint32_t state, std::uint8_t byte_class) const { return next_[state * class_count_ + byte_class]; }

  ByteClasses classes_{};
  std::size_t class_count_ = 1;
  std::vector<std::uint32_t> next_;  // state * class_count_ + class -> state; the first state is the start
  std::vector<bool> accepts_;
};

[[nodiscard]] std::optional<Automaton> intersect(const Automaton&, const Automaton&, std::size_t limit = Automaton::kStates);
[[nodiscard]] std::optional<Automaton> unite(const Automaton&, const Automaton&, std::size_t limit = Automaton::kStates);
[[nodiscard]] std::optional<Automaton> subtract(const Automaton&, const Automaton&, std::size_t limit = Automaton::kStates);
/// Texts of the first with one of the second behind them.
[[nodiscard]] std::optional<Automaton> joined(const Automaton&, const Automaton&, std::size_t limit = Automaton::kStates);
/// Whether every text of the first is one of the second; whether they share one. Nothing is built, so nothing can be too large.
[[nodiscard]] bool inside(const Automaton&, const Automaton&);
[[nodiscard]] bool meets(const Automaton&, const Automaton&);

}  // namespace weir::ir
