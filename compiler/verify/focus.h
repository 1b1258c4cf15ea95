#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/connectivity.h"

namespace weir::compiler {

/// Which ends and connections a ConnectivityQuestion asks for. Ends are added in the order of their ids.
class Focus {
 public:
  explicit Focus(const ConnectivityQuestion&);
  void add(const ConnectivityEnd&);
  /// A message about a name that no end so far has; nothing when all have one.
  [[nodiscard]] std::optional<std::string> unknown() const;
  [[nodiscard]] bool wants(EndId source, EndId destination) const;
  [[nodiscard]] bool wants_exposure(EndId workload, ir::Direction) const;

 private:
  /// One name of the question, read once.
  struct Name {
    std::string text;                      // as written
    std::string namespace_name, name;      // namespace empty: any
    std::string entity;                    // "entity:host", "fqdn:example.com", "node:n1"
    std::optional<ir::IpAddress> address;
    bool seen = false;
  };
  [[nodiscard]] static std::vector<Name> read(const std::vector<std::string>&);
  [[nodiscard]] static bool fits(const Name&, const ConnectivityEnd&);
  [[nodiscard]] static bool any_fits(std::vector<Name>&, const ConnectivityEnd&);

  std::vector<Name> workloads_, peers_;
  std::optional<ir::Direction> direction_;
  std::vector<bool> in_focus_, is_peer_;  // by end
};

}  // namespace weir::compiler
