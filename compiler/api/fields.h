#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace weir::compiler {

/// What weir does with one field of a Kubernetes type (architecture.md rule 7).
enum class Support : std::uint8_t {
  Done,         // honoured
  Partly,       // honoured in part: its reader warns about the rest
  Ignored,      // read and not acted on, on purpose: a note, WEIR0109
  Irrelevant,   // cannot change an answer (an image, a status): skipped with all it holds, unseen
  Unsupported,  // the API has it, weir does not honour it yet: WEIR0102, refused
};

struct Field {
  std::string_view name;
  Support support = Support::Done;
  std::string_view note = {};   // why; shown in docs/support.md and in the diagnostic
  bool empty_is_absent = false;  // `[]` and `{}` mean absent too (policy.md 3.6)
};

/// One type of an API: every field it has. A field that is not listed is WEIR0101.
struct FieldTable {
  std::string_view type;  // "NetworkPolicyPort"
  std::span<const Field> fields;
};

[[nodiscard]] std::string_view to_text(Support);

}  // namespace weir::compiler
