// Automata against RE2, which ir/eval asks, and their algebra against its definition, text by text. WEIR_SEED=n repeats a run.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "ir/eval/route.h"
#include "ir/sets/automaton.h"

using namespace weir;
using ir::Automaton;

namespace {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed) {}
  std::uint32_t below(std::uint32_t count) {
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<std::uint32_t>(state_ >> 33) % count;
  }
  bool chance(std::uint32_t percent) { return below(100) < percent; }
  const char* pick(std::initializer_list<const char*> from) { return from.begin()[below(static_cast<std::uint32_t>(from.size()))]; }

 private:
  std::uint64_t state_;
};

std::uint64_t seed() {
  const char* given = std::getenv("WEIR_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 20261123;
}

bool re2_matches(const std::string& pattern, const std::string& text) { return ir::path_matches({ir::PathKind::Regex, pattern}, text); }

std::string random_class(Draw& draw) {
  std::string out = draw.chance(30) ? "[^" : "[";
  for (std::uint32_t count = 1 + draw.below(3); count > 0; --count)
    out += draw.pick({"a", "b", "k", "S", "a-c", "0-9", "/", "-", "\\d", "\\W", "\\s", "[:alpha:]", "[:^digit:]", "[:upper:]", "\\-", "\\]", "é", "à-é", ".", "^", "\\n", "\\x41", "\\x{e9}"});
  return out + "]";
}

std::string random_regex(Draw& draw, int depth) {
  std::string out;
  for (std::uint32_t count = draw.below(4); count > 0 || out.empty(); count -= count > 0 ? 1 : 0) {
    const std::uint32_t what = draw.below(depth > 0 ? 12 : 7);
    if (what < 4) out += draw.pick({"a", "b", "k", "S", "/", "1", "\\.", "\\/", "é", "-", "\\x61", "\\141", "\\t", " ", "\\n"});
    else if (what == 4) out += draw.pick({".", "\\d", "\\w", "\\S", "\\D", ".*", ".+"});
    else if (what == 5) out += random_class(draw);
    else if (what == 6) out += draw.pick({"^", "$", "\\A", "\\z", "", "{", "}", "]", "{,2}", "\\b", "\\Q", "(", ")", "*", "\\8", "\\_", "\\pL", "[a", "(?m)", "(?i)", "(?s)", "(?P<n>a)"});
    else if (what < 9) out += "(" + random_regex(draw, depth - 1) + ")";
    else if (what == 9) out += "(?:" + random_regex(draw, depth - 1) + "|" + random_regex(draw, depth - 1) + ")";
    else if (what == 10) out += draw.pick({"(?i:", "(?s:", "(?-i:", "(?is-U:"}) + random_regex(draw, depth - 1) + ")";
    else out += random_regex(draw, depth - 1) + "|" + random_regex(draw, depth - 1);
    if (draw.chance(25)) out += draw.pick({"*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "{0}", "{3,1}", "**", "{0,1}"});
    if (count == 0 && draw.chance(60)) break;
  }
  return out;
}

std::string random_text(Draw& draw) {
  std::string out;
  for (std::uint32_t count = draw.below(7); count > 0; --count)
    out += draw.pick({"a", "b", "k", "K", "s", "S", "/", "1", "9", ".", "-", "c", "A", "é", "\xe2\x84\xaa", "\xc5\xbf", "\n", " ", "\t", "_", "{", "}", "]", "\xff", "\xc3", "^", "à", "x"});
  return out;
}

/// Texts of the set and beside it: its witness with a change.
std::string near(Draw& draw, const Automaton& set) {
  std::string out = set.witness().value_or("");
  if (draw.chance(40)) out.insert(draw.below(static_cast<std::uint32_t>(out.size() + 1)), random_text(draw).substr(0, 2));
  if (!out.empty() && draw.chance(30)) out.erase(draw.below(static_cast<std::uint32_t>(out.size())), 1);
  return out;
}

std::optional<Automaton> of(const std::string& pattern) {
  const auto tree = ir::read_regex(pattern);
  return tree ? Automaton::of(*tree) : std::nullopt;
}

Automaton known(const std::string& pattern) {
  INFO(pattern);
  const auto out = of(pattern);
  REQUIRE(out);
  return *out;
}

}  // namespace

TEST_CASE("an automaton takes what RE2 takes", "[sets]") {
  Draw draw(seed());
  std::size_t patterns = 0, refused = 0, unknown = 0, asked = 0, taken = 0;
  for (int round = 0; round < 6000; ++round) {
    const std::string pattern = random_regex(draw, 2);
    const auto set = of(pattern);
    INFO("WEIR_SEED=" << seed() << " pattern `" << pattern << "`");
    if (!ir::regex_error(pattern).empty()) {
      // Not known, or it would be another language than RE2's, which is none.
      CHECK_FALSE(set);
      ++refused;
      continue;
    }
    if (!set) {
      ++unknown;
      continue;
    }
    ++patterns;
    for (int i = 0; i < 30; ++i, ++asked) {
      const std::string text = i % 2 == 0 ? random_text(draw) : near(draw, *set);
      INFO("text `" << text << "`");
      const bool expected = re2_matches(pattern, text);
      REQUIRE(set->contains(text) == expected);
      taken += expected ? 1 : 0;
    }
    if (const auto text = set->witness()) REQUIRE(re2_matches(pattern, *text));
  }
  std::cout << "automata: seed " << seed() << ", " << patterns << " patterns, " << asked << " texts of which RE2 takes " << taken << ", " << unknown
            << " not known, " << refused << " that RE2 refuses\n";
  CHECK(patterns > 1500);
  CHECK(taken > asked / 10);
  CHECK(unknown < patterns / 2);
}

TEST_CASE("what the reader of expressions knows", "[sets]") {
  for (const char* pattern : {"/a.*", "/api/v[0-9]+(/.*)?", "(?i)/A/B", "^/a$", "/(a|b)(/.*)?", "", "/[^/]+/?", "[[:alpha:]_]\\w*", "a{2,5}", "(?P<x>a)\\x{e9}", "a^b", "x{,3}"}) {
    INFO(pattern);
    CHECK(of(pattern));
    CHECK(ir::regex_error(pattern).empty());
  }
  for (const char* pattern : {"\\bword\\b", "(?m)^a", "\\p{Greek}", "\\Qa.b\\E", "(?i)é", "\\C", "(", "a**", "*", "[z-a]", "a{1001}", "\\1", "\xff"}) {
    INFO(pattern);
    CHECK_FALSE(of(pattern));
  }
  // 2^21 states: given up, not waited for.
  CHECK(ir::read_regex("(a|b)*a(a|b){20}"));
  CHECK_FALSE(of("(a|b)*a(a|b){20}"));
  CHECK_FALSE(of("((a{100}){100}){100}"));
}

TEST_CASE("anchors count where they stand", "[sets]") {
  CHECK(known("a^b").empty());
  CHECK(known("(^|x)a($|y)") == known("x?ay?"));
  CHECK(known("(^a$)*") == known("a?"));
  CHECK(known("$^") == known(""));
}

TEST_CASE("equal sets are equal values", "[sets]") {
  CHECK(known("a*") == known("(a|aa)*"));
  CHECK(known("(?i)x") == known("[xX]"));
  CHECK_FALSE(known("(a|b)*") == known("(a|b)+"));
  CHECK(known("(a+b)+|c") == known("c|(a+b)(a+b)*"));
  CHECK(known("[^\\x00-\\x{10ffff}]") == Automaton());
  CHECK(known("/a(/(?s:.)*)?").contains("/a/b"));
  CHECK(known("abc") == Automaton::literal("abc"));
  CHECK(known("") == Automaton::literal(""));
}

TEST_CASE("the algebra of automata is that of sets", "[sets]") {
  Draw draw(seed() + 1);
  std::size_t within = 0, apart = 0, rounds = 0;
  for (int round = 0; round < 1500; ++round) {
    const std::string first = random_regex(draw, 1), second = draw.chance(40) ? first + random_regex(draw, 0) + "?" : random_regex(draw, 1);
    const auto a = of(first), b = of(second);
    if (!a || !b) continue;
    ++rounds;
    INFO("WEIR_SEED=" << seed() << " `" << first << "` and `" << second << "`");
    const auto both = intersect(*a, *b), either = unite(*a, *b), less = subtract(*a, *b), behind = joined(*a, *b);
    REQUIRE((both && either && less && behind));
    for (int i = 0; i < 20; ++i) {
      const std::string text = i % 3 == 0 ? random_text(draw) : near(draw, i % 3 == 1 ? *a : *b);
      const bool in_a = a->contains(text), in_b = b->contains(text);
      REQUIRE(both->contains(text) == (in_a && in_b));
      REQUIRE(either->contains(text) == (in_a || in_b));
      REQUIRE(less->contains(text) == (in_a && !in_b));
      REQUIRE(a->complement().contains(text) == !in_a);
      bool cut = false;
      for (std::size_t at = 0; at <= text.size(); ++at) cut = cut || (a->contains(text.substr(0, at)) && b->contains(text.substr(at)));
      REQUIRE(behind->contains(text) == cut);
      // Samples refute what would be claimed wrongly.
      if (in_a && !in_b) REQUIRE_FALSE(inside(*a, *b));
      if (in_a && in_b) REQUIRE(meets(*a, *b));
    }
    REQUIRE(inside(*a, *b) == less->empty());
    REQUIRE(meets(*a, *b) == !both->empty());
    REQUIRE((*a == *b) == (inside(*a, *b) && inside(*b, *a)));
    if (const auto text = less->witness()) REQUIRE((re2_matches(first, *text) && !re2_matches(second, *text)));
    if (const auto text = both->witness()) REQUIRE((re2_matches(first, *text) && re2_matches(second, *text)));
    within += inside(*a, *b) ? 1 : 0;
    apart += meets(*a, *b) ? 0 : 1;
  }
  std::cout << "automata: seed " << seed() << ", " << rounds << " pairs, " << within << " inside, " << apart << " apart\n";
  CHECK(rounds > 300);
  CHECK(within > 30);
  CHECK(apart > 30);
}

TEST_CASE("a witness is short and can be read", "[sets]") {
  CHECK(Automaton().witness() == std::nullopt);
  CHECK(Automaton::everything().witness() == "");
  CHECK(known("(?s).").witness() == "a");
  CHECK(known("[\\x00-\\x20b]").witness() == "b");
  CHECK(known("\\n\\t").witness() == "\n\t");
  CHECK(known("/v[0-9]{2}(/x)?").witness() == "/v00");
  // A longer one that can be printed is better.
  CHECK(known("\\n|abc").witness() == "abc");
}

TEST_CASE("what all texts begin with", "[sets]") {
  CHECK(Automaton().common_prefix() == std::nullopt);
  CHECK(known("/api/v[12]/.*").common_prefix() == "/api/v");
  CHECK(known("/api").common_prefix() == "/api");
  CHECK(known("/a|/b").common_prefix() == "/");
  CHECK(known(".*").common_prefix() == "");
  CHECK(known("(?i)/a").common_prefix() == "/");
}

TEST_CASE("prefixes of paths and suffixes of names", "[sets]") {
  const Automaton prefix = Automaton::element_prefix("/a/b", '/');
  for (const char* path : {"/a/b", "/a/b/", "/a/b/c"}) CHECK(prefix.contains(path));
  for (const char* path : {"/a/bc", "/a", "", "/a/", "x/a/b"}) CHECK_FALSE(prefix.contains(path));
  CHECK(Automaton::element_prefix("", '/').contains(""));
  CHECK_FALSE(Automaton::element_prefix("", '/').contains("a"));
  const auto suffix = Automaton::longer_with_suffix(".example.com");
  REQUIRE(suffix);
  CHECK(suffix->contains("a.example.com"));
  CHECK(suffix->contains("a.b.example.com"));
  CHECK_FALSE(suffix->contains(".example.com"));
  CHECK_FALSE(suffix->contains("example.com"));
  ir::ByteSet digits;
  for (const char c : std::string("0123456789")) digits.set(static_cast<unsigned char>(c));
  CHECK(Automaton::made_of(digits) == known("[0-9]*"));
}
