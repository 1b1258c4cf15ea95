#include <catch2/catch.hpp>

#include "tests/unit/compiler/resolve/support.h"

namespace weir::test {
namespace {

std::string pods_text(const Run& run) {
  std::string text;
  for (const ir::Pod& pod : run.resolved.cluster.pods)
    text += pod.namespace_name + "/" + pod.name + " " + pod.workload.kind + "/" + pod.workload.name +
            (pod.from_template ? " made" : "") + (pod.host_network ? " host" : "") + "\n";
  return text;
}

constexpr std::string_view kDeployment =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n"
    "  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: c, ports: [{containerPort: 80, name: http}]}]}\n";

TEST_CASE("pods and the workloads they belong to", "[resolve]") {
  struct Case { std::string_view why, pod, pods; };
  const auto c = GENERATE(values<Case>({
      {"none given: one is made", "", "default/web-0 Deployment/web made\n"},
      {"owned through a ReplicaSet",
       "metadata: {name: web-7d9-x, labels: {app: web, pod-template-hash: 7d9}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-7d9, uid: u}]}\nspec: {}\n",
       "default/web-7d9-x Deployment/web\n"},
      {"without owner, by the selector", "metadata: {name: web-x, labels: {app: web}}\nspec: {}\n", "default/web-x Pod/web-x\n"},
      {"of another namespace", "metadata: {name: web-x, namespace: b, labels: {app: web}}\nspec: {}\n",
       "b/web-x Pod/web-x\ndefault/web-0 Deployment/web made\n"},
      {"with the same name as a made one", "metadata: {name: web-0, labels: {app: other}}\nspec: {}\n",
       "default/web-0 Pod/web-0\ndefault/web-1 Deployment/web made\n"},
      {"one that has finished is no pod", "metadata: {name: web-x, labels: {app: web}}\nspec: {}\nstatus: {phase: Failed}\n",
       "default/web-0 Deployment/web made\n"},
      {"host network", "metadata: {name: web-x, labels: {app: web}}\nspec: {hostNetwork: true}\n", "default/web-x Pod/web-x host\n"},
  }));
  INFO(c.why);
  std::string text(kDeployment);
  if (!c.pod.empty()) text += "---\napiVersion: v1\nkind: Pod\n" + std::string(c.pod);
  const Run result = run(text);
  CHECK(diagnostics_text(result) == "");
  CHECK(pods_text(result) == c.pods);
  for (const ir::Pod& pod : result.resolved.cluster.pods) CHECK(pod.labels.labels.empty() == pod.host_network);
}

TEST_CASE("identity labels of a pod (policy.md 1.2)", "[resolve]") {
  const Run result = run(
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: a}}\n---\n"
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop, labels: {app: web, pod-template-hash: x}}\n"
      "spec: {serviceAccountName: robot, nodeName: n1}\n"
      "status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: \"fd00::1\"}], conditions: [{type: Ready, status: \"False\"}]}\n");
  REQUIRE(result.resolved.cluster.pods.size() == 1);
  const ir::Pod& pod = result.resolved.cluster.pods[0];
  CHECK(ir::to_text(pod.labels) ==
        "[k8s:app=web k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=shop "
        "k8s:io.cilium.k8s.namespace.labels.team=a k8s:io.cilium.k8s.policy.cluster=default "
        "k8s:io.cilium.k8s.policy.serviceaccount=robot k8s:io.kubernetes.pod.namespace=shop]");
  CHECK(pod.addresses.size() == 2);
  CHECK(pod.node == "n1");
  CHECK_FALSE(pod.ready);
}

TEST_CASE("other workloads", "[resolve]") {
  const Run result = run(
      "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  schedule: \"* * * * *\"\n  jobTemplate:\n    spec:\n"
      "      template: {spec: {containers: []}}\n---\n"
      "apiVersion: batch/v1\nkind: Job\nmetadata: {name: c-12345678, ownerReferences: [{kind: CronJob, name: c}]}\nspec:\n"
      "  template: {spec: {containers: []}}\n---\n"
      "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  serviceName: db\n  replicas: 3\n"
      "  selector: {matchLabels: {app: db}}\n  template: {metadata: {labels: {app: db}}, spec: {containers: []}}\n---\n"
      "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec:\n  selector: {matchLabels: {app: a}}\n"
      "  template: {metadata: {labels: {app: a}}, spec: {containers: [], hostNetwork: true}}\n");
  CHECK(diagnostics_text(result) == "");
  CHECK(pods_text(result) == "default/agent-0 DaemonSet/agent made host\ndefault/c-0 CronJob/c made\ndefault/db-0 StatefulSet/db made\n");
}

TEST_CASE("services and nodes", "[resolve]") {
  const Run result = run(
      "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  clusterIP: 10.96.0.1\n  selector: {app: web}\n"
      "  ports: [{port: 80, targetPort: http}, {port: 53, protocol: UDP}]\n---\n"
      "apiVersion: v1\nkind: Service\nmetadata: {name: head}\nspec: {clusterIP: None}\n---\n"
      "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\n"
      "status: {addresses: [{type: InternalIP, address: 192.0.2.1}, {type: Hostname, address: n1}]}\n");
  CHECK(diagnostics_text(result) == "");
  const ir::Cluster& cluster = result.resolved.cluster;
  REQUIRE(cluster.services.size() == 2);
  CHECK(cluster.services[0].cluster_ips.empty());
  CHECK_FALSE(cluster.services[0].selector);
  CHECK(cluster.services[1].ports[0].target == "http");
  CHECK(cluster.services[1].ports[1].protocol == ir::Protocol::Udp);
  REQUIRE(cluster.nodes.size() == 1);
  CHECK(cluster.nodes[0].addresses.size() == 1);
}

}  // namespace
}  // namespace weir::test
