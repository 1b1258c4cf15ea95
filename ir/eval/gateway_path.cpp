// The table of gateway.md section 2, written to be read beside it. Tested by tests/unit/simulator/ask/route_policy_test.cpp.
#include "ir/eval/gateway_path.h"

#include <algorithm>

#include "ir/eval/eval.h"
#include "ir/eval/l7.h"

namespace weir::ir {
namespace {

/// One row of the table.
struct Row {
  std::string name;
  Flow flow;
  Direction direction;
  bool in_kernel = false;  // a denied connection is dropped: nobody answers
  bool at_client = false;  // the client's own connection
};

Flow flow_of(const Endpoint& from, const Endpoint& to, const GatewayPath& path, std::uint16_t port, const std::optional<L7Request>& request) {
  const Protocol protocol = path.listener.protocol == ListenerProtocol::Udp ? Protocol::Udp : Protocol::Tcp;
  return {from, to, protocol, port, 0, request};
}

/// Rows 1 to 3 and 5 where the proxy is Cilium's own.
std::vector<Row> cilium_rows(const GatewayPath& path) {
  std::vector<Row> rows;
  // Row 1: about the backend, not about the address of the gateway.
  if (path.client && path.client->kind == EndpointKind::Pod)
    rows.push_back({"client egress", flow_of(*path.client, path.backend, path, path.port, path.forwarded), Direction::Egress});
  // Row 2: with the port of the listener.
  if (path.client)
    rows.push_back({"gateway ingress", flow_of(*path.client, path.gateway, path, path.listener.port, path.forwarded), Direction::Ingress});
  const Flow onward = flow_of(path.gateway, path.backend, path, path.port, path.forwarded);
  rows.push_back({"gateway egress", onward, Direction::Egress});
  rows.push_back({"backend ingress", onward, Direction::Ingress, true});
  return rows;
}

/// Any other gateway is a pod like others: two ordinary connections, one behind the other.
std::vector<Row> proxy_rows(const GatewayPath& path) {
  std::vector<Row> rows;
  if (path.client) {
    const Flow inward = flow_of(*path.client, path.gateway, path, path.listener.port, path.sent);
    if (path.client->kind == EndpointKind::Pod) rows.push_back({"client egress", inward, Direction::Egress, true, true});
    rows.push_back({"gateway ingress", inward, Direction::Ingress, true, true});
  }
  const Flow onward = flow_of(path.gateway, path.backend, path, path.port, path.forwarded);
  rows.push_back({"gateway egress", onward, Direction::Egress, true});
  rows.push_back({"backend ingress", onward, Direction::Ingress, true});
  return rows;
}

/// policy.md 6.9: what is in audit is let through.
Verdict effective(const SideDecision& side) { return side.audit ? Verdict::Allowed : side.verdict; }

std::uint32_t status_of(const Row& row, const GatewayPath& path, bool by_request) {
  const bool http = path.listener.protocol == ListenerProtocol::Http || path.listener.protocol == ListenerProtocol::Https;
  if (!http || (row.at_client && !by_request)) return 0;
  return row.in_kernel && !by_request ? 503 : 403;
}

class Walk {
 public:
  Walk(const PolicySet& policies, const Cluster& cluster, const GatewayPath& path) : policies_(policies), cluster_(cluster), path_(path) {}

  GatewayVerdict run() {
    const std::vector<Row> rows = path_.listener.cilium ? cilium_rows(path_) : proxy_rows(path_);
    const std::size_t last = rows.size() - 1;
    if (!path_.listener.cilium) {
      for (const Row& row : rows)
        if (!connection(row) || !request(row, out_.steps.size() - 1)) return out_;
      return finish();
    }
    for (std::size_t i = 0; i < last; ++i)
      if (!connection(rows[i])) return out_;
    // Row 4: the request rules of rows 1 to 3, once the connection may pass.
    for (std::size_t i = 0; i < last; ++i)
      if (!is_skipped(rows, i) && !request(rows[i], i)) return out_;
    if (connection(rows[last])) static_cast<void>(request(rows[last], last));
    return finish();
  }

 private:
  GatewayVerdict finish() {
    if (out_.verdict == Verdict::Allowed) out_.step = static_cast<std::uint32_t>(out_.steps.size() - 1);
    return out_;
  }

  /// False when nothing behind it counts.
  bool take(const Row& row, std::size_t step, Verdict verdict, bool by_request) {
    if (verdict == Verdict::Allowed || (verdict == Verdict::Unknown && out_.verdict == Verdict::Unknown)) return true;
    out_.verdict = verdict;
    out_.step = static_cast<std::uint32_t>(step);
    out_.by_request = by_request;
    if (verdict == Verdict::Unknown) return true;
    out_.status = status_of(row, path_, by_request);
    return false;
  }

  bool connection(const Row& row) {
    const SideDecision side = decide_side(policies_, cluster_, row.flow, row.direction);
    out_.steps.push_back({row.name, row.direction, side, {}});
    return take(row, out_.steps.size() - 1, effective(side), false);
  }

  bool request(const Row& row, std::size_t step) {
    if (!row.flow.request) return true;
    out_.steps[step].request = decide_request(policies_, cluster_, row.flow, row.direction);
    return !out_.steps[step].request || take(row, step, out_.steps[step].request->verdict, true);
  }

  // `enforceIngressHTTPPolicy` allows as soon as the ingress side has no HTTP rules, and nobody asks the egress side.
  bool is_skipped(const std::vector<Row>& rows, std::size_t row) {
    if (rows[row].name != "gateway egress" || !rows[row].flow.request) return false;
    if (has_ingress_rules()) return false;
    if (decide_request(policies_, cluster_, rows[row].flow, rows[row].direction))
      out_.assumptions.emplace_back("Cilium's proxy skips the HTTP rules of egress from reserved:ingress, because none of its "
                                    "ingress rules for this client has HTTP rules");
    return true;
  }

  [[nodiscard]] bool has_ingress_rules() const {
    for (std::size_t i = 0; i < out_.steps.size(); ++i)
      if (out_.steps[i].name == "gateway ingress") return out_.steps[i].request.has_value();
    // Nobody said who the client is: any rule that some client may meet.
    return std::any_of(policies_.rules.begin(), policies_.rules.end(), [&](const Rule& rule) {
      return rule.direction == Direction::Ingress && !rule.subject_is_node && rule.l7 && !rule.l7->http.empty() &&
             matches(rule.subject, path_.gateway.labels);
    });
  }

  const PolicySet& policies_;
  const Cluster& cluster_;
  const GatewayPath& path_;
  GatewayVerdict out_;
};

}  // namespace

Endpoint ingress_endpoint() {
  // It is asked as a pod is: policies may select it.
  Endpoint endpoint{.kind = EndpointKind::Pod};
  endpoint.labels.set({"reserved", "ingress", ""});
  endpoint.name = "ingress";
  return endpoint;
}

GatewayVerdict decide_path(const PolicySet& policies, const Cluster& cluster, const GatewayPath& path) {
  return Walk(policies, cluster, path).run();
}

}  // namespace weir::ir
