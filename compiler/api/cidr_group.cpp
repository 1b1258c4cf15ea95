// cilium.io CiliumCIDRGroup (policy.md 2.11): CIDRs that policies name by reference or by the group's labels.

#include "compiler/api/cidr.h"
#include "compiler/api/meta.h"
#include "compiler/api/readers.h"
#include "compiler/api/tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kFields[] = {kApiVersionField, kKindField, kMetadataField, {"spec"}, kStatusField};
constexpr Field kSpecFields[] = {{"externalCIDRs"}};

}  // namespace

const FieldTable kCidrGroupTable{"CiliumCIDRGroup", kFields};
const FieldTable kCidrGroupSpecTable{"CiliumCIDRGroupSpec", kSpecFields};

void read_cidr_group(const Document& document, PolicyObjects& out, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kCidrGroupTable, diagnostics);
  CidrGroup group;
  group.meta = read_meta(top, document, Scope::Cluster);
  if (head(document, "apiVersion") == "cilium.io/v2alpha1")
    top.report(ir::Code::DeprecatedField, document.root.find("apiVersion")->span, "v2alpha1 of CiliumCIDRGroup gives way to v2",
               "write `cilium.io/v2`");
  if (top.require("spec")) {
    const FieldReader spec(*top.get("spec"), kCidrGroupSpecTable, diagnostics);
    spec.require("externalCIDRs");
    if (const auto texts = spec.strings("externalCIDRs"))
      for (const auto& text : *texts)
        if (const auto prefix = read_prefix(text, AddressForm::CidrOrAddress, diagnostics)) group.cidrs.push_back(*prefix);
  }
  out.cidr_groups.push_back(std::move(group));
}

}  // namespace weir::compiler
