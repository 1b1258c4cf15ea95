#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ir/sets/automaton.h"

namespace weir::compiler {

/// A set of texts that many boxes hold.
using Texts = std::shared_ptr<const ir::Automaton>;

/// What one header or parameter may be.
struct ValueCell {
  bool absent = false;
  Texts present;
};

enum class FieldPlace : std::uint8_t { Header, Query };
using FieldName = std::pair<FieldPlace, std::string>;  // headers in lower case

/// Requests to one host: a path, a method, headers and parameters, each by itself. A field that is not named may be anything.
struct RequestBox {
  Texts path;
  std::string path_prefix;    // what all its paths begin with
  std::uint64_t methods = 0;  // a bit for each method of the table, and one for all others
  std::map<FieldName, ValueCell> fields;
};

/// One request of a box. Fields that are not named are absent.
struct RequestPoint {
  std::string path;
  std::uint64_t method = 0;  // one bit
  std::map<FieldName, std::string> fields;
};

/// Absent, or any value that a client can send.
[[nodiscard]] ValueCell any_value(FieldPlace);

[[nodiscard]] bool is_empty(const RequestBox&);
[[nodiscard]] bool contains(const RequestBox&, const RequestPoint&);
/// Whether the boxes share a request; both hold some.
[[nodiscard]] bool meets(const RequestBox&, const RequestBox&);
[[nodiscard]] bool inside(const RequestBox& small, const RequestBox& large);
/// Nothing: the automata grew too large.
[[nodiscard]] std::optional<RequestBox> intersect(const RequestBox&, const RequestBox&);

/// Looks for a part of a box that no other takes: the others are taken away one by one.
class BoxCover {
 public:
  /// `pieces`: how many parts may be looked at.
  BoxCover(std::vector<const RequestBox*> others, std::size_t pieces) : others_(std::move(others)), pieces_(pieces) {}

  /// A box without any request of the others. Nothing: they take all, or gave_up().
  [[nodiscard]] std::optional<RequestBox> uncovered(const RequestBox& box) { return find(box, 0); }
  [[nodiscard]] bool gave_up() const { return gave_up_; }
  /// Of the others, those that took something: their places in the list.
  [[nodiscard]] const std::set<std::size_t>& used() const { return used_; }

 private:
  [[nodiscard]] std::optional<RequestBox> find(RequestBox rest, std::size_t from);
  [[nodiscard]] std::optional<RequestBox> outside_fields(RequestBox& rest, std::size_t at);
  /// What is left of `mine` without `other`; `mine` becomes what they share.
  [[nodiscard]] Texts cut(Texts& mine, const Texts& other);

  std::vector<const RequestBox*> others_;
  std::size_t pieces_, seen_ = 0;
  bool gave_up_ = false;
  std::set<std::size_t> used_;
};

}  // namespace weir::compiler
