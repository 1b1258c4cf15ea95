#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/verify/request_box.h"
#include "ir/route/hostname.h"
#include "ir/route/request.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// Requests of one scheme that come to one listener with hosts that no hostname of the table tells apart.
struct RouteContext {
  std::uint32_t listener = 0;
  ir::Request base;   // one of them: gateway, scheme, port, host, name of the handshake
  bool grpc = false;  // the scheme grpc: always POST, always with a content type
};

/// A match of the table; matches are numbered in the order of routes, rules and matches.
struct RankedMatch {
  ir::RouteChoice choice;
  std::size_t rank = 0, age = 0;  // among all of the table by gateway.md 22 b to i, and by 22 g to i alone; smaller wins
  std::size_t text = 0;           // equal for matches that are written alike, in any order of their entries
  // Requests of http and of the scheme grpc that it takes; absent: an expression cannot be made a set.
  std::optional<RequestBox> http, grpc;

  [[nodiscard]] const std::optional<RequestBox>& box(const RouteContext& context) const { return context.grpc ? grpc : http; }
};

/// A match that stands for a host, with the route's hostname by which it does.
struct ContextMatch {
  std::uint32_t match = 0;  // its number
  ir::HostRank host;
  std::string hostname;
};

/// For each pattern of hostnames one host that it takes and no more specific one does.
[[nodiscard]] std::vector<std::string> example_hosts(const std::set<std::string>& patterns);

/// All requests to the gateways of a table, cut into contexts in which paths, methods, headers and parameters decide (gateway.md 16
/// to 22). The table must outlive it.
class RouteSpace {
 public:
  /// `beside`: a table whose methods are told apart, too, so that boxes of both spaces can be compared.
  explicit RouteSpace(const ir::RouteTable&, const ir::RouteTable* beside = nullptr);

  [[nodiscard]] const ir::RouteTable& table() const { return table_; }
  [[nodiscard]] const std::vector<RankedMatch>& matches() const { return matches_; }
  [[nodiscard]] std::uint32_t number_of(const ir::RouteChoice&) const;
  /// Those in which a match may decide: the listener takes the request and may ask its routes.
  [[nodiscard]] std::vector<RouteContext> contexts(std::uint32_t listener) const;
  /// Who stands for the host of a context: in the order in which they win.
  [[nodiscard]] std::vector<ContextMatch> in_order(const RouteContext&) const;
  /// Who would, in no order; cheaper.
  [[nodiscard]] std::vector<ContextMatch> standing(const RouteContext&) const;
  /// gateway.md 2 "identical matches": `other` gets a share of what `first` takes.
  [[nodiscard]] bool shares(const RouteContext&, const ContextMatch& first, const ContextMatch& other) const;

  /// All requests of a context.
  [[nodiscard]] RequestBox everything(const RouteContext&) const;
  /// The parts of a box that a client can send: `*` stands in OPTIONS alone (RFC 9112 3.2.4). Some may be empty.
  [[nodiscard]] std::vector<RequestBox> sendable(const RouteContext&, const RequestBox&) const;
  /// The shortest, with as few fields as possible; the box is not empty.
  [[nodiscard]] RequestPoint point_of(const RouteContext&, const RequestBox&) const;
  [[nodiscard]] ir::Request request_of(const RouteContext&, const RequestPoint&) const;
  [[nodiscard]] bool is_http(std::uint32_t listener) const;

 private:
  [[nodiscard]] std::optional<RequestBox> box_of(const ir::Route&, const ir::RouteMatch&, bool grpc_scheme) const;
  [[nodiscard]] std::uint64_t method_bit(const std::string&) const;
  [[nodiscard]] std::uint64_t every_method() const;
  [[nodiscard]] bool has_grpc(std::uint32_t listener) const;
  [[nodiscard]] std::vector<std::string> hosts(std::uint32_t listener) const;
  void add_context(std::uint32_t listener, const std::string& host, const std::vector<std::string>& names, bool grpc,
                   std::vector<RouteContext>& out) const;
  void name_methods(const ir::RouteTable* beside);
  void number_matches();
  void rank_matches();

  const ir::RouteTable& table_;
  ir::RouteTable bare_;  // listeners without routes
  std::vector<std::string> methods_;  // the last stands for all others
  std::vector<RankedMatch> matches_;
  std::vector<std::vector<std::uint32_t>> first_;  // route, rule -> number of its first match
};

}  // namespace weir::compiler
