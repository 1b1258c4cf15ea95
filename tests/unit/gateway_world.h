#pragma once

#include <string>

namespace weir::test {

/// A gateway of Cilium's at port 80 in front of `front` (3/4) and `back` (1/4), each with one pod at 8080; a client beside them.
inline std::string gateway_world(const std::string& controller = "io.cilium/gateway-controller") {
  const auto pod = [](const std::string& name, const std::string& address, const std::string& labels) {
    return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: shop, labels: {app: " + name + labels +
           "}}\nspec: {nodeName: n1, containers: [{name: c, image: x, ports: [{containerPort: 8080}]}]}\nstatus: {podIP: " + address + "}\n";
  };
  const auto service = [](const std::string& name) {
    return "---\napiVersion: v1\nkind: Service\nmetadata: {name: " + name + ", namespace: shop}\nspec: {selector: {app: " + name +
           "}, ports: [{port: 80, targetPort: 8080}]}\n";
  };
  return "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
         "---\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: own}\nspec: {controllerName: " + controller + "}\n"
         "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: web, namespace: shop}\n"
         "spec: {gatewayClassName: own, listeners: [{name: http, port: 80, protocol: HTTP}]}\n"
         "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: all, namespace: shop}\n"
         "spec:\n  parentRefs: [{name: web}]\n  rules: [{backendRefs: [{name: front, port: 80, weight: 3}, {name: back, port: 80}]}]\n" +
         service("front") + service("back") + pod("front", "10.0.0.1", "") + pod("back", "10.0.0.2", "") + pod("client", "10.0.0.3", "") +
         pod("proxy", "10.0.0.4", ", \"gateway.networking.k8s.io/gateway-name\": web");
}

/// One CiliumNetworkPolicy, or a clusterwide one without a namespace.
inline std::string gateway_policy(const std::string& name, const std::string& spec, bool clusterwide = false) {
  return "---\napiVersion: cilium.io/v2\nkind: Cilium" + std::string(clusterwide ? "Clusterwide" : "") + "NetworkPolicy\nmetadata: {name: " + name +
         (clusterwide ? "" : ", namespace: shop") + "}\nspec: " + spec + "\n";
}

}  // namespace weir::test
