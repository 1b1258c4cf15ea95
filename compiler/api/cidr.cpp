#include "compiler/api/cidr.h"
#include "ir/base/code.h"

#include <algorithm>

namespace weir::compiler {

std::optional<ir::IpPrefix> read_prefix(const Located<std::string>& text, AddressForm form,
                                        ir::Diagnostics& diagnostics) {
  const auto report = [&](ir::Code code, std::string detail, std::string fix) {
    diagnostics.report({.kind = code, .primary = text.span, .detail = std::move(detail), .labels = {}, .notes = {},
                        .fix = std::move(fix), .witness = {}});
  };
  bool host_bits = false;
  const auto prefix = ir::parse_prefix(text.value, &host_bits);
  const bool bare = text.value.find('/') == std::string::npos;
  if (!prefix || (bare && form == AddressForm::CidrOnly)) {
    report(ir::Code::InvalidValue, show(text.value) + " is no CIDR",
           prefix ? "write `" + ir::to_text(*prefix) + "`" : "write it as `192.0.2.0/24` or `2001:db8::/32`");
    return std::nullopt;
  }
  if (host_bits)
    report(ir::Code::PrefixHostBits, show(text.value) + " is read as `" + ir::to_text(*prefix) + "`",
           "write `" + ir::to_text(*prefix) + "`, or a longer prefix if one host is meant");
  return prefix;
}

CidrBlock read_cidr_block(const FieldReader& reader, ExceptRule rule) {
  ir::Diagnostics& diagnostics = reader.diagnostics();
  CidrBlock out;
  out.span = reader.span();
  const bool written = reader.require("cidr");
  const auto text = written ? reader.string("cidr") : std::nullopt;
  const auto cidr = text ? read_prefix(*text, AddressForm::CidrOnly, diagnostics) : std::nullopt;
  if (cidr) out.cidr = *cidr;
  for (const auto& item : reader.strings("except").value_or(std::vector<Located<std::string>>{})) {
    const auto except = read_prefix(item, AddressForm::CidrOnly, diagnostics);
    if (!except || !cidr) continue;
    const bool inside = ir::contains(*cidr, *except) && (rule == ExceptRule::Inside || *cidr != *except);
    if (!inside)
      reader.report(ir::Code::InvalidValue, item.span,
                    show(item.value) + " is not inside " + show(text->value) +
                        (rule == ExceptRule::StrictlyInside ? " or is all of it" : ""));
    out.except.push_back(*except);
  }
  std::sort(out.except.begin(), out.except.end());
  return out;
}

}  // namespace weir::compiler
