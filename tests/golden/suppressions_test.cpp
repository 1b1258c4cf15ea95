// Suppressions in the program itself: what is suppressed is shown by no command, until its last day by --now has passed.

#include <catch2/catch.hpp>

#include "tests/run_program.h"

using namespace weir::tests;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPolicies = R"(apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: web}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec:
  # weir:ignore WEIR0404 the gateway is in another repository until=2026-06-30
  parentRefs: [{name: elsewhere}]
  rules: [{}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
  annotations: {weir.dev/ignore: "WEIR0302: comes with the next release until=2026-06-30"}
spec:
  podSelector: {matchLabels: {app: new}}
  policyTypes: [Ingress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: all, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from: [{podSelector: {}}]
  # weir:ignore WEIR0203 kept for readers until=2026-06-30
  - from: [{podSelector: {matchLabels: {app: web}}}]
)";

constexpr std::string_view kTest = R"(apiVersion: weir.dev/v1alpha1
kind: PolicyTest
metadata: {name: t}
spec:
  resources: [policies.yaml]
  checks:
  - {from: {pod: shop/web-1}, to: {pod: shop/web-1}, port: 80, expect: allowed}
)";

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "weir-suppress-XXXXXX").string();
    path = mkdtemp(name.data());
    std::ofstream(path / "policies.yaml") << kPolicies;
    std::ofstream(path / "test.yaml") << kTest;
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

/// The codes in what a command prints, each as often as it is there.
std::string codes(const std::string& weir, const Folder& folder, const char* command, const char* file, const char* now) {
  const Ran ran = run_program({weir, command, file, "--now", now}, folder.path);
  const std::string text = ran.err + ran.out;
  std::string found;
  for (std::size_t at = text.find("[WEIR"); at != std::string::npos; at = text.find("[WEIR", at + 1)) found += text.substr(at + 5, 4) + " ";
  return found + "exit " + std::to_string(ran.exit_code);
}

}  // namespace

TEST_CASE("suppressions hold in every command until their last day", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const Folder folder;
  const char* last = "2026-06-30T12:00:00Z";
  const char* after = "2026-07-01T00:00:00Z";
  CHECK(codes(*weir, folder, "validate", "policies.yaml", last) == "exit 0");
  CHECK(codes(*weir, folder, "verify", "policies.yaml", last) == "exit 0");
  // WEIR0203 is a proof: only `verify` can tell.
  CHECK(codes(*weir, folder, "validate", "policies.yaml", after) == "0009 0404 0009 0302 exit 1");
  CHECK(codes(*weir, folder, "verify", "policies.yaml", after) == "0009 0404 0009 0302 0009 0203 exit 1");
  // `test` judges checks and shows no finding, suppressed or not.
  CHECK(codes(*weir, folder, "test", "test.yaml", last) == "exit 0");
  CHECK(codes(*weir, folder, "test", "test.yaml", after) == "exit 0");
}
