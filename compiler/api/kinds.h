#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace weir::compiler {

enum class KindUse : std::uint8_t {
  Read,     // one of the readers of readers.h
  Refused,  // a policy or gateway kind of cli.md "Inputs" that weir does not read yet: WEIR0106
  Skipped,  // known, and of no use for any answer yet: counted
};

/// One kind of cli.md "Inputs", at the versions weir reads (or refuses as one).
struct KindInfo {
  std::string_view group, kind;
  std::vector<std::string_view> versions;
  KindUse use = KindUse::Read;
  bool unique_name = true;  // no other API uses this kind's name: an unknown group is a mistake, not another API
};

[[nodiscard]] const std::vector<KindInfo>& all_kinds();

/// What to do with a document of this apiVersion and kind.
struct KindMatch {
  enum class Found : std::uint8_t { Kind, WrongVersion, RemovedVersion, OwnGroup, WrongGroup, WrongKind, Unknown };
  Found found = Found::Unknown;
  const KindInfo* kind = nullptr;  // what was probably meant; null when Unknown
};
[[nodiscard]] KindMatch find_kind(std::string_view api_version, std::string_view kind);

}  // namespace weir::compiler
