// RequestRedirect and URLRewrite (gateway.md 25, 26).
#include "compiler/api/gateway_filter_parts.h"
#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_rules.h"
#include "compiler/api/gateway_tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kRedirectFields[] = {{"hostname"}, {"path"}, {"port"}, {"scheme"}, {"statusCode"}};
constexpr FieldTable kRedirect{"HTTPRequestRedirectFilter", kRedirectFields};
constexpr Field kRewriteFields[] = {{"hostname"}, {"path"}};
constexpr FieldTable kRewrite{"HTTPURLRewriteFilter", kRewriteFields};
constexpr Field kPathFields[] = {{"replaceFullPath"}, {"replacePrefixMatch"}, {"type"}};
constexpr FieldTable kPath{"HTTPPathModifier", kPathFields};

std::optional<std::string> read_hostname(const FieldReader& reader) {
  const auto hostname = reader.string("hostname");
  if (!hostname) return std::nullopt;
  if (!is_precise_hostname(hostname->value))
    reader.report(ir::Code::InvalidValue, hostname->span, show(hostname->value) + " is no host name without wildcard");
  return hostname->value;
}

// The field of its type has to be there, and not the other one.
std::optional<ir::PathEdit> read_path(const FieldReader& filter) {
  const Node* node = filter.get("path");
  if (node == nullptr) return std::nullopt;
  const FieldReader reader(*node, kPath, filter.diagnostics());
  if (!reader.require("type")) return std::nullopt;
  const auto type = reader.one_of("type", {"ReplaceFullPath", "ReplacePrefixMatch"});
  if (!type) return std::nullopt;
  const bool full = type->value == "ReplaceFullPath";
  const std::string_view wanted = full ? "replaceFullPath" : "replacePrefixMatch", other = full ? "replacePrefixMatch" : "replaceFullPath";
  if (reader.has(other))
    reader.report(ir::Code::ExclusiveFields, reader.span(other), "`" + std::string(other) + "` is not for the type " + type->value);
  if (!reader.require(wanted)) return std::nullopt;
  ir::PathEdit out{full ? ir::PathEditKind::Full : ir::PathEditKind::Prefix, text_of(reader, wanted)};
  if (out.value.size() > 1024)
    reader.report(ir::Code::InvalidValue, reader.span(wanted), "`" + std::string(wanted) + "` is longer than 1024 characters");
  return out;
}

}  // namespace

ir::RequestRedirect read_redirect(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kRedirect, diagnostics);
  ir::RequestRedirect out;
  if (const auto scheme = reader.one_of("scheme", {"http", "https"})) out.scheme = scheme->value;
  out.hostname = read_hostname(reader);
  out.path = read_path(reader);
  out.port = port_of(reader);
  const auto status = reader.integer("statusCode");
  if (!status) return out;
  for (const std::int64_t known : {301, 302, 303, 307, 308})
    if (status->value == known) out.status = static_cast<std::uint32_t>(known);
  if (status->value != out.status)
    reader.report(ir::Code::InvalidValue, status->span, "`statusCode` must be 301, 302, 303, 307 or 308");
  return out;
}

ir::UrlRewrite read_rewrite(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kRewrite, diagnostics);
  return {read_hostname(reader), read_path(reader)};
}

std::vector<const FieldTable*> redirect_tables() { return {&kRedirect, &kRewrite, &kPath}; }

}  // namespace weir::compiler
