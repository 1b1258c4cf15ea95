#include <catch2/catch.hpp>

#include <string>

#include "backends/ebpf/build/build.h"

using namespace weir::backends;

namespace {

/// What the cases need of the library, and five lines before the case's own text.
const std::string kPrelude =
    "#define SEC(name) __attribute__((section(name), used))\n"
    "struct __sk_buff { unsigned len, data, data_end; };\n"
    "static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;\n"
    "static long (*const bpf_loop)(unsigned n, void *f, void *c, unsigned long long flags) = (void *)181;\n"
    "char weir_license[] SEC(\"license\") = \"GPL\";\n";

struct Case {
  const char* why;
  const char* text;
  const char* message;  // part of the one finding; empty: accepted
};

const Case kCases[] = {
    {"a loop with a constant bound", "int f(void) { int s = 0; for (int i = 0; i < 8; i++) s += i; return s; }", ""},
    {"a bound that is not constant", "int f(int n) { int s = 0; for (int i = 0; i < n; i++) s += i; return s; }", "`for` has no"},
    {"a bound that is too large", "int f(void) { int s = 0; for (int i = 0; i < 65; i++) s += i; return s; }", "`for` has no"},
    {"the body moves the counter", "int f(void) { int s = 0; for (int i = 0; i < 8; i++) { s += i; i -= 1; } return s; }", "`for` has no"},
    {"a loop that never counts", "int f(int n) { for (;;) if (n++ > 3) return n; }", "`for` has no"},
    {"while", "int f(int n) { while (n > 3) n--; return n; }", "`while` has no"},
    {"do", "int f(int n) { do n--; while (n > 3); return n; }", "`do` has no"},
    {"do while zero is a macro's block", "int f(int n) { do n--; while (0); return n; }", ""},
    {"goto", "int f(int n) { again: if (n-- > 3) goto again; return n; }", "`goto`"},
    {"a helper of 6.1", "int f(void *m) { int k = 0; return bpf_map_lookup_elem(m, &k) != 0; }", ""},
    {"a helper off the list", "int f(void *m) { return bpf_loop(4, m, m, 0); }", "`bpf_loop` is not on the list"},
    {"a call through a pointer", "int f(int (*g)(int)) { return g(1); }", "call through a pointer"},
    {"a function of nobody", "int g(int); int f(int n) { return g(n); }", "`g`, which has no body"},
    {"recursion", "int f(int n) { return n ? f(n - 1) : 0; }", "recursion through `f`"},
    {"packet memory in an accessor", "int weir_pkt_first(struct __sk_buff *s) { return s->data + 4 > s->data_end; }", ""},
    {"packet memory elsewhere", "int f(struct __sk_buff *s) { return s->data; }", "outside a `weir_pkt_` function"},
    {"the mask", "int f(unsigned long long i) { asm volatile(\"%0 &= %1\" : \"+r\"(i) : \"i\"(255)); return i; }", ""},
    {"a mask that is no power of two less one", "int f(unsigned long long i) { asm volatile(\"%0 &= %1\" : \"+r\"(i) : \"i\"(254)); return i; }", "inline assembly"},
    {"other assembly", "int f(int i) { asm volatile(\"%0 += 1\" : \"+r\"(i)); return i; }", "inline assembly"},
    {"a global", "int state; int f(void) { return state++; }", "global `state`"},
    {"a hidden global", "int f(void) { static int n; return n++; }", "global `n`"},
    {"not C", "int f( { }", "not valid C"},
};

}  // namespace

TEST_CASE("what the syntax check takes and refuses", "[backends]") {
  for (const Case& c : kCases) {
    INFO(c.why);
    const std::vector<CheckFinding> findings = check_bpf(kPrelude + c.text);
    if (*c.message == '\0') {
      CHECK(findings.empty());
      continue;
    }
    REQUIRE_FALSE(findings.empty());
    CHECK(findings.front().message.find(c.message) != std::string::npos);
  }
}

TEST_CASE("a finding has its place in the C text", "[backends]") {
  const std::vector<CheckFinding> findings = check_bpf(kPrelude + "int f(int n) {\n  while (n > 3) n--;\n  return n;\n}\n");
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].line == 7);
  CHECK(findings[0].column == 3);
}

TEST_CASE("a text that fails the check is not compiled, and one that clang refuses says where", "[backends]") {
  const auto refused = compile_bpf(kPrelude + "int state;");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("weir.c:6:5: global `state`") != std::string::npos);
  const auto broken = compile_bpf("int f(void) {\n  return x;\n}\n");
  REQUIRE_FALSE(broken);
  CHECK(broken.error().message.find("weir.c:2:10: error: use of undeclared identifier 'x'") != std::string::npos);
  // 512 bytes is all the stack there is: the backend's own error
  const auto deep = compile_bpf("int f(int i) {\n  volatile char b[600];\n  b[i] = 1;\n  return b[599 - i];\n}\n");
  REQUIRE_FALSE(deep);
  CHECK(deep.error().message.find("stack limit") != std::string::npos);
}

TEST_CASE("no file of the disk can be read", "[backends]") {
  const auto included = compile_bpf("#include <stdint.h>\n");
  REQUIRE_FALSE(included);
  CHECK(included.error().message.find("file not found") != std::string::npos);
  const auto absolute = compile_bpf("#include \"/etc/hostname\"\n");
  REQUIRE_FALSE(absolute);
  CHECK(absolute.error().message.find("file not found") != std::string::npos);
}
