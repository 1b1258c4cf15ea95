#include "compiler/api/fields.h"

namespace weir::compiler {

std::string_view to_text(Support support) {
  switch (support) {
    case Support::Done: return "done";
    case Support::Partly: return "partly";
    case Support::Ignored: return "ignored";
    case Support::Irrelevant: return "irrelevant";
    case Support::Unsupported: return "refused";
  }
  return "refused";
}

}  // namespace weir::compiler
