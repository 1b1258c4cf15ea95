// The regular expressions of a router (gateway.md 20, 21): whole texts, in RE2's dialect. One that RE2 does not read matches
// nothing.
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>

#include "compiler/lower/router_parts.h"

namespace weir::compiler::router {
namespace {

// One by one is as fast for so few.
constexpr std::size_t kSmallSet = 3;

std::unique_ptr<RE2> compiled(const std::string& text) { return std::make_unique<RE2>(text, RE2::Quiet); }

bool whole(const RE2& pattern, std::string_view text) {
  return pattern.ok() && RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

/// All at once with RE2::Set; it gives up beyond its memory, and then they are asked one by one.
struct Set {
  std::vector<std::unique_ptr<RE2>> alone;
  std::unique_ptr<RE2::Set> together;
  std::vector<std::uint32_t> positions;  // of the set's numbers: those that RE2 reads

  explicit Set(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) alone.push_back(compiled(text));
    if (texts.size() <= kSmallSet) return;
    RE2::Options options(RE2::Quiet);
    options.set_max_mem((std::int64_t{64} << 20) + (std::int64_t{16} << 10) * static_cast<std::int64_t>(texts.size()));
    together = std::make_unique<RE2::Set>(options, RE2::ANCHOR_BOTH);
    for (std::uint32_t i = 0; i < texts.size(); ++i)
      if (together->Add(texts[i], nullptr) >= 0) positions.push_back(i);
    if (positions.empty() || !together->Compile()) together.reset();
  }

  void matching(std::string_view text, std::vector<std::uint32_t>& hits) const {
    hits.clear();
    if (together) {
      std::vector<int> found;
      RE2::Set::ErrorInfo error{};
      if (together->Match(re2::StringPiece(text.data(), text.size()), &found, &error) || error.kind == RE2::Set::kNoError) {
        for (const int number : found) hits.push_back(positions[static_cast<std::size_t>(number)]);
        std::sort(hits.begin(), hits.end());
        return;
      }
    }
    for (std::uint32_t i = 0; i < alone.size(); ++i)
      if (whole(*alone[i], text)) hits.push_back(i);
  }
};

}  // namespace

struct PatternList::Compiled : ir::RoutePatterns {
  std::vector<std::unique_ptr<RE2>> patterns;
  std::vector<Set> sets;

  [[nodiscard]] bool matches(std::uint32_t pattern, std::string_view text) const override { return whole(*patterns[pattern], text); }
  void matching(std::uint32_t set, std::string_view text, std::vector<std::uint32_t>& hits) const override {
    sets[set].matching(text, hits);
  }
};

PatternList::PatternList() : compiled_(std::make_shared<Compiled>()) {}
PatternList::~PatternList() = default;

std::uint32_t PatternList::pattern(const std::string& text) {
  const auto [at, fresh] = numbers_.try_emplace(text, static_cast<std::uint32_t>(compiled_->patterns.size()));
  if (fresh) compiled_->patterns.push_back(compiled(text));
  return at->second;
}

std::uint32_t PatternList::set(const std::vector<std::string>& texts) {
  compiled_->sets.emplace_back(texts);
  return static_cast<std::uint32_t>(compiled_->sets.size() - 1);
}

std::shared_ptr<const ir::RoutePatterns> PatternList::done() { return compiled_; }

}  // namespace weir::compiler::router
