// BackendTLSPolicy (gateway.md 39).
#include <algorithm>
#include <tuple>

#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_rules.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/readers.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr FieldTable kPolicy{"BackendTLSPolicy", kGatewayObjectFields};
constexpr Field kSpecFields[] = {{"options", Support::Partly, "each implementation has its own"}, {"targetRefs"}, {"validation"}};
constexpr FieldTable kSpec{"BackendTLSPolicySpec", kSpecFields};
constexpr Field kTargetFields[] = {{"group"}, {"kind"}, {"name"}, {"sectionName"}};
constexpr FieldTable kTarget{"LocalPolicyTargetReferenceWithSectionName", kTargetFields};
constexpr Field kValidationFields[] = {{"caCertificateRefs"}, {"hostname"}, {"subjectAltNames"}, {"wellKnownCACertificates"}};
constexpr FieldTable kValidation{"BackendTLSPolicyValidation", kValidationFields};
constexpr Field kRefFields[] = {{"group"}, {"kind"}, {"name"}};
constexpr FieldTable kRef{"LocalObjectReference", kRefFields};
constexpr Field kNameFields[] = {{"hostname"}, {"type"}, {"uri"}};
constexpr FieldTable kName{"SubjectAltName", kNameFields};

TlsPolicyTarget read_policy_target(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kTarget, diagnostics);
  Target target = read_target(reader, {});
  TlsPolicyTarget out{std::move(target.group), std::move(target.kind), std::move(target.name), {}, node.span};
  if (const auto section = reader.string("sectionName"); section && !section->value.empty()) out.section_name = section->value;
  return out;
}

// Several targets of one name need distinct sectionNames.
void check_targets(const std::vector<TlsPolicyTarget>& targets, const FieldReader& spec) {
  const auto name = [](const TlsPolicyTarget& t) { return std::tie(t.group, t.kind, t.name); };
  for (std::size_t i = 0; i < targets.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const TlsPolicyTarget &a = targets[i], &b = targets[j];
      if (name(a) == name(b) && (!a.section_name || !b.section_name || a.section_name == b.section_name))
        spec.report(ir::Code::InvalidValue, a.origin, "two targetRefs name the same " + a.kind + " without distinct sectionNames");
    }
}

// An alternative name is of its type, and nothing else.
std::string read_name(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kName, diagnostics);
  reader.require("type");
  const auto type = reader.one_of("type", {"Hostname", "URI"});
  if (!type) return {};
  const bool host = type->value == "Hostname";
  const std::string wanted = host ? "hostname" : "uri", other = host ? "uri" : "hostname";
  if (!text_of(reader, other).empty())
    reader.report(ir::Code::ExclusiveFields, reader.span(other), "`" + other + "` is not for a name of type " + type->value);
  std::string text = text_of(reader, wanted);
  if (text.empty())
    reader.report(ir::Code::MissingField, node.span, "a name of type " + type->value + " needs `" + wanted + "`");
  else if (host && !is_gateway_hostname(text))
    reader.report(ir::Code::InvalidValue, reader.span(wanted), show(text) + " is no host name");
  else if (!host && (text.find(':') == std::string::npos || text.size() > 253))
    reader.report(ir::Code::InvalidValue, reader.span(wanted), show(text) + " is no URI with a scheme");
  return text;
}

void read_authorities(const FieldReader& reader, BackendTlsPolicyObject& out) {
  out.authorities = reader.list<ObjectRef>("caCertificateRefs", [&](const Node& item) {
                            Target target = read_target(FieldReader(item, kRef, reader.diagnostics()), {});
                            target.namespace_name = out.meta.namespace_name;
                            return to_ref(std::move(target), item.span);
                          }).value_or(std::vector<ObjectRef>{});
  check_count(reader, "caCertificateRefs", out.authorities.size(), 8);
  const auto known = reader.string("wellKnownCACertificates");
  const bool some = known && !known->value.empty();
  if (some) out.system_authorities = reader.one_of("wellKnownCACertificates", {"System"}).has_value();
  if (some && !out.authorities.empty())
    reader.report(ir::Code::ExclusiveFields, known->span, "`caCertificateRefs` and `wellKnownCACertificates` exclude each other");
  if (!some && out.authorities.empty())
    reader.report(ir::Code::MissingField, reader.span(), "one of `caCertificateRefs` and `wellKnownCACertificates` is needed");
}

void read_validation(const Node& node, BackendTlsPolicyObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kValidation, diagnostics);
  read_authorities(reader, out);
  reader.require("hostname");
  out.hostname = text_of(reader, "hostname");
  if (reader.has("hostname") && !is_precise_hostname(out.hostname))
    reader.report(ir::Code::InvalidValue, reader.span("hostname"), show(out.hostname) + " is no host name without wildcard");
  out.alternative_names =
      reader.list<std::string>("subjectAltNames", [&](const Node& item) { return read_name(item, diagnostics); })
          .value_or(std::vector<std::string>{});
  check_count(reader, "subjectAltNames", out.alternative_names.size(), 5);
}

void read_spec(const Node& node, BackendTlsPolicyObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader spec(node, kSpec, diagnostics);
  out.targets = spec.list<TlsPolicyTarget>("targetRefs", [&](const Node& item) {
                      return read_policy_target(item, diagnostics);
                    }).value_or(std::vector<TlsPolicyTarget>{});
  if (spec.require("targetRefs") && (out.targets.empty() || out.targets.size() > 16))
    spec.report(ir::Code::InvalidValue, spec.span("targetRefs"), "1 to 16 `targetRefs` are accepted");
  check_targets(out.targets, spec);
  if (spec.require("validation")) read_validation(*spec.get("validation"), out, diagnostics);
  const auto options = spec.string_map("options");
  if (!options || options->empty()) return;
  check_count(spec, "options", options->size(), 16);
  not_simulated(spec, "options", "each implementation has its own");
}

}  // namespace

void read_backend_tls_policy(const Document& document, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kPolicy, diagnostics);
  BackendTlsPolicyObject out;
  out.meta = read_meta(top, document, Scope::Namespaced);
  if (!top.require("spec")) return;
  read_spec(*top.get("spec"), out, diagnostics);
  objects.tls_policies.push_back(std::move(out));
}

std::vector<const FieldTable*> backend_tls_policy_tables() {
  return {&kPolicy, &kSpec, &kTarget, &kValidation, &kRef, &kName};
}

}  // namespace weir::compiler
