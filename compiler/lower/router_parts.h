#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ir/route/route_table.h"
#include "ir/tables/router.h"

/// What the parts of compile_router share.
namespace weir::compiler::router {

/// Numbers for expressions, each compiled once, and for sets of them.
class PatternList {
 public:
  PatternList();
  ~PatternList();
  [[nodiscard]] std::uint32_t pattern(const std::string&);
  [[nodiscard]] std::uint32_t set(const std::vector<std::string>&);
  [[nodiscard]] std::shared_ptr<const ir::RoutePatterns> done();

 private:
  struct Compiled;
  std::shared_ptr<Compiled> compiled_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

/// A match of a route; greater `specificity` wins, then smaller `age` (gateway.md 22 b to i, 35).
struct Ranked {
  ir::RouteChoice choice;
  std::vector<std::size_t> specificity;
  std::vector<std::string> age;
};
[[nodiscard]] std::vector<Ranked> ranked(const ir::RouteTable&, std::uint32_t route);
/// The smaller one wins; a strict order.
[[nodiscard]] bool before(const Ranked&, const Ranked&);
[[nodiscard]] bool older(const Ranked&, const Ranked&);

/// Builds the classes of one Router.
class ClassBuilder {
 public:
  ClassBuilder(const ir::RouteTable& table, ir::Router& router, PatternList& patterns)
      : table_(table), router_(router), patterns_(patterns) {}
  /// Matches in any order, one at least -> a number of Router::classes.
  [[nodiscard]] std::uint32_t add(std::vector<Ranked>);

 private:
  using List = std::vector<std::uint32_t>;  // entries of a class, rising
  struct Used {
    std::vector<std::uint32_t> attributes;
    bool method = false;
  };

  [[nodiscard]] ir::RouteEntry entry(const ir::RouteChoice&);
  void add_conditions(const std::vector<ir::ValueMatch>&, ir::TextMap<std::uint32_t>& names, ir::RouteEntry&);
  [[nodiscard]] std::uint32_t bucket(const ir::RouteClass&, const List&, const Used&);
  void split(const ir::RouteClass&, const List&, const Used&, ir::RouteBucket&);
  void add_expressions(const ir::RouteClass&, const Used&, std::uint32_t attribute,
                       const std::unordered_map<std::string, List>&, ir::RouteBucket&);

  const ir::RouteTable& table_;
  ir::Router& router_;
  PatternList& patterns_;
  std::uint32_t attributes_ = 0;
};

}  // namespace weir::compiler::router
