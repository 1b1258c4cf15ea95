#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/base/span.h"

namespace weir::compiler {

/// A condition that a conforming controller would set (gateway.md 1.10).
struct Condition {
  std::string type, status, reason;  // "Accepted", "True" | "False" | "Unknown", "NotAllowedByListeners"
  std::string message;               // for people
  friend auto operator<=>(const Condition&, const Condition&) = default;
};

/// One entry of a Gateway's or ListenerSet's status.listeners.
struct ListenerStatus {
  std::string name;
  std::uint32_t attached_routes = 0;
  std::vector<std::string> supported_kinds;  // "HTTPRoute"
  std::vector<Condition> conditions;
  friend auto operator<=>(const ListenerStatus&, const ListenerStatus&) = default;
};

/// The parent of a route, ListenerSet or BackendTLSPolicy (there its Gateway).
struct StatusParent {
  std::string kind, namespace_name, name;
  std::optional<std::string> section_name;
  std::optional<std::uint16_t> port;
  friend auto operator<=>(const StatusParent&, const StatusParent&) = default;
};

/// cli.md "route status": one object, for routes and policies one for each parent.
struct ObjectStatus {
  std::string kind, namespace_name, name;
  std::optional<StatusParent> parent;
  std::vector<Condition> conditions;
  std::vector<ListenerStatus> listeners;                 // Gateway, ListenerSet
  std::optional<std::uint32_t> attached_listener_sets;   // Gateway
  ir::Span origin;
  friend auto operator<=>(const ObjectStatus&, const ObjectStatus&) = default;
};

/// Sorted by kind, namespace, name and parent.
using GatewayStatus = std::vector<ObjectStatus>;

}  // namespace weir::compiler
