#pragma once

#include <cstdint>
#include <vector>

#include "ir/sets/automaton.h"

/// For ir/sets/automaton*.cpp alone.
namespace weir::ir {

/// A complete deterministic automaton on its way to the smallest one. State 0 is the start.
class AutomatonBuilder {
 public:
  AutomatonBuilder(const ByteClasses& classes, std::size_t class_count) : classes_(classes), class_count_(class_count) {}

  /// All its edges lead to itself until they are set.
  std::uint32_t add_state(bool accepts);
  void edge(std::uint32_t from, std::size_t byte_class, std::uint32_t to) { next_[from * class_count_ + byte_class] = to; }
  AutomatonBuilder& byte_edge(std::uint32_t from, char byte, std::uint32_t to) {
    edge(from, classes_[static_cast<unsigned char>(byte)], to);
    return *this;
  }
  [[nodiscard]] std::size_t states() const { return accepts_.size(); }
  [[nodiscard]] Automaton done() &&;

 private:
  void drop_unreachable();
  [[nodiscard]] std::vector<std::uint32_t> blocks() const;  // state -> block of states that nothing tells apart
  [[nodiscard]] std::vector<std::uint8_t> equal_columns(std::size_t& count) const;

  ByteClasses classes_;
  std::size_t class_count_;
  std::vector<std::uint32_t> next_;
  std::vector<bool> accepts_;
};

/// Classes that tell apart what one of two does.
struct JointClasses {
  ByteClasses classes{};
  std::vector<std::pair<std::uint8_t, std::uint8_t>> parts;  // joint class -> class of each
};
[[nodiscard]] JointClasses joint_classes(const ByteClasses&, const ByteClasses&);

/// The classes that tell these sets apart; bytes in the same sets are of one class.
[[nodiscard]] ByteClasses classes_of(const std::vector<ByteSet>&, std::size_t& count);

}  // namespace weir::ir
