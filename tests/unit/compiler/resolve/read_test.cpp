// Documents, kinds and fields: what is read, refused, skipped.

#include <catch2/catch.hpp>

#include "compiler/api/emit.h"
#include "compiler/api/kinds.h"
#include "compiler/api/tables.h"
#include "tests/unit/compiler/resolve/support.h"

#include <fstream>
#include <sstream>

namespace weir::test {
namespace {

TEST_CASE("documents by apiVersion and kind", "[api]") {
  struct Case { std::string_view why, text, code; std::size_t skipped; };
  const auto c = GENERATE(values<Case>({
      {"a kind weir has no use for", "apiVersion: v1\nkind: ServiceAccount\n", "", 1},
      {"a Secret that no rule names", "apiVersion: v1\nkind: Secret\ndata: {a: Yg==}\n", "", 1},
      {"another API with the same kind", "apiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\n", "", 1},
      {"a kind of the Admin tier without its metadata", "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\n", "WEIR0105", 0},
      {"a kind at the version of another", "apiVersion: policy.networking.k8s.io/v1alpha2\nkind: AdminNetworkPolicy\n", "WEIR0110", 0},
      {"a gateway kind not read yet", "apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: BackendLBPolicy\n", "WEIR0106", 0},
      {"an unknown version", "apiVersion: cilium.io/v3\nkind: CiliumNetworkPolicy\n", "WEIR0110", 0},
      {"the group left out", "apiVersion: v1\nkind: NetworkPolicy\n", "WEIR0104", 0},
      {"another group of Kubernetes", "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: NetworkPolicy\n", "WEIR0104", 0},
      {"another API with a Service", "apiVersion: serving.knative.dev/v1\nkind: Service\n", "", 1},
      {"a misspelt group", "apiVersion: networking.k8s.oi/v1\nkind: NetworkPolicy\n", "WEIR0110", 0},
      {"a kind that only one API has", "apiVersion: example.com/v1\nkind: CiliumNetworkPolicy\n", "WEIR0110", 0},
      {"the group of long ago", "apiVersion: extensions/v1beta1\nkind: NetworkPolicy\n", "WEIR0104", 0},
      {"a removed version", "apiVersion: apps/v1beta2\nkind: Deployment\n", "WEIR0104", 0},
      {"one shift key away", "apiVersion: networking.k8s.io/v1\nkind: networkPolicy\n", "WEIR0104", 0},
      {"no kind", "apiVersion: v1\nkindt: Pod\n", "WEIR0006", 0},
      {"no mapping", "- 1\n", "WEIR0006", 0},
      {"an empty document", "---\n", "", 0},
      {"no metadata", "apiVersion: v1\nkind: Pod\nspec: {}\n", "WEIR0105", 0},
      {"no name", "apiVersion: v1\nkind: Pod\nmetadata: {}\nspec: {}\n", "WEIR0105", 0},
      {"a bad name", "apiVersion: v1\nkind: Pod\nmetadata: {name: Web}\nspec: {}\n", "WEIR0104", 0},
      {"a bad label", "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {a: $b}}\nspec: {}\n", "WEIR0104", 0},
      {"a misspelt field", "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {hostNetwrok: true}\n", "WEIR0101", 0},
      {"an empty policy-mode", "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, annotations: {policy-mode: permissive}}\n", "WEIR0111", 0},
  }));
  INFO(c.why);
  const Run result = run(c.text);
  const std::string text = diagnostics_text(result);
  INFO(text);
  CHECK(text.substr(0, c.code.empty() ? std::string::npos : 8) == c.code);
  CHECK(result.objects.skipped.size() == c.skipped);
}

TEST_CASE("two objects of one name", "[api]") {
  const std::string pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {}\n";
  struct Case { std::string_view why, second; std::size_t errors; };
  const auto c = GENERATE(values<Case>({
      {"an equal one does no harm", "---\napiVersion: v1\nkind: Pod\nmetadata: {name: \"p\"}\nspec: {}\n", 0},
      {"a different one", "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {a: b}}\nspec: {}\n", 1},
      {"default is the default", "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: default}\nspec: {}\n", 1},
      {"another namespace", "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: b}\nspec: {}\n", 0},
  }));
  INFO(c.why);
  CHECK(run(pod + std::string(c.second)).diagnostics.list().size() == c.errors);
}

TEST_CASE("typed scalars", "[api]") {
  struct Case { std::string_view why, value, diagnostics; };
  const auto c = GENERATE(values<Case>({
      {"a number", "8080", ""},
      {"quoted", "\"8080\"", "`containerPort` must be a whole number, not a string [remove the quotes]"},
      {"octal by accident", "0808", "`containerPort` must be a plain decimal number, not a number [write it without a leading zero, sign, prefix or underscore]"},
      {"hexadecimal", "0x50", "`containerPort` must be a plain decimal number, not a number [write it without a leading zero, sign, prefix or underscore]"},
      {"a fraction", "80.0", "`containerPort` must be a whole number, not a decimal number"},
      {"a boolean of YAML 1.1", "yes", "`containerPort` must be a whole number, not a boolean"},
      {"out of range", "70000", "`containerPort` must be 1 to 65535, not 70000"},
      {"larger than 64 bits", "99999999999999999999", "`containerPort` must be a plain decimal number, not a number [write it without a leading zero, sign, prefix or underscore]"},
  }));
  INFO(c.why);
  const Run result = run("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{ports: [{containerPort: " +
                         std::string(c.value) + "}]}]}\n");
  std::string text = diagnostics_text(result);
  if (!text.empty()) text = text.substr(14, text.size() - 15);
  CHECK(text == c.diagnostics);
}

TEST_CASE("strings that look like something else", "[api]") {
  struct Case { std::string_view why, value, code, label; };
  const auto c = GENERATE(values<Case>({
      {"a word", "web", "", "web"},
      {"yes is a boolean", "yes", "WEIR0103", ""},
      {"y is one for some", "y", "WEIR0113", "y"},
      {"quoted is a string", "\"yes\"", "", "yes"},
      {"a number", "1", "WEIR0103", ""},
      {"a version", "1.20", "WEIR0103", ""},
      {"a version with two dots", "1.2.0", "", "1.2.0"},
      {"hexadecimal", "0xff", "WEIR0103", ""},
      {"an exponent", "1e3", "WEIR0103", ""},
      {"a hash that looks like an exponent", "\"1e3\"", "", "1e3"},
      {"null is the empty string", "null", "", ""},
  }));
  INFO(c.why);
  const Run result = run("apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {k: " + std::string(c.value) + "}}\n");
  const std::string text = diagnostics_text(result);
  INFO(text);
  CHECK(text.substr(0, c.code.empty() ? std::string::npos : 8) == c.code);
  const compiler::StringMap& labels = result.objects.inventory.namespaces.at(0).meta.labels;
  CHECK((labels.contains("k") ? labels.at("k") : "") == c.label);
}

TEST_CASE("messages show nothing invisible and nothing long", "[api]") {
  CHECK(compiler::show("a\xE2\x80\xAE" "b") == "`a\\xe2\\x80\\xaeb`");
  CHECK(compiler::show(std::string(1000, 'x')).size() < 80);
  CHECK(compiler::nearest("ingres", {"egress", "ingress"}) == "ingress");
  CHECK(compiler::nearest("xyz", {"egress", "ingress"}).empty());
}

TEST_CASE("the text of objects tells absent from empty", "[api]") {
  const Run result = run(
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n}\nspec: {ingress: [], policyTypes: [Ingress]}\n---\n"
      "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c}\nspec:\n"
      "  endpointSelector: {matchExpressions: [{key: a, operator: NotIn, values: [x, y1]}, {key: b, operator: DoesNotExist}]}\n"
      "  enableDefaultDeny: {egress: false}\n"
      "  ingress: [{fromCIDR: []}]\n  egress: [{toCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}], toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]}]\n");
  CHECK(compiler::to_text(result.objects) ==
        "NetworkPolicy default/n\n  subject {}\n  isolates ingress\n  ingress: []\n  egress: absent\n"
        "CiliumNetworkPolicy default/c\n  subject {a notin (x,y1), !b}\n  enableDefaultDeny ingress absent egress false\n"
        "  ingress[0] endpoints absent cidr [] cidrset absent entities absent ports absent icmps absent\n"
        "  ingressDeny: absent\n"
        "  egress[0] endpoints absent cidr absent cidrset [10.0.0.0/8 except 10.1.0.0/16] entities absent ports [TCP/80] icmps absent\n"
        "  egressDeny: absent\n");
}

TEST_CASE("no field stands twice in a table", "[api]") {
  for (const compiler::FieldTable* table : compiler::all_tables())
    for (std::size_t i = 1; i < table->fields.size(); ++i) {
      INFO(table->type << "." << table->fields[i].name);
      CHECK(table->fields[i - 1].name < table->fields[i].name);
    }
}

TEST_CASE("docs/support.md says what the tables say", "[api]") {
  const std::string path = std::string(WEIR_SOURCE_DIR) + "/docs/support.md";
  if (std::getenv("WEIR_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << compiler::support_page();
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  CHECK(text.str() == compiler::support_page());
}

}  // namespace
}  // namespace weir::test
