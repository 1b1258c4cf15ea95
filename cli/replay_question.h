#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cli/options.h"
#include "ir/base/result.h"

namespace weir::cli {

/// "I/N", 1 <= I <= N -> {I - 1, N}. An Error has exit code 2.
[[nodiscard]] ir::Result<std::pair<std::size_t, std::size_t>> parse_shard(const std::string&);

/// What is wrong with the flags of `weir replay` before anything is read, such as a format that does not exist after hours of
/// reading; empty: nothing.
[[nodiscard]] std::string wrong_question(const Request&);

/// The policies as words of a command line, which a part of a recording carries.
[[nodiscard]] std::vector<std::string> policy_arguments(const Request&);
/// The filters as text: parts with other ones cannot be added up.
[[nodiscard]] std::string selection_of(const ReplayOptions&);
/// The request about the policies that parts were made for, unless it names policies itself.
[[nodiscard]] ir::Result<Request> with_policies(Request, const std::vector<std::string>& recorded);

}  // namespace weir::cli
