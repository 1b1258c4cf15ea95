#include "cli/report/page.h"

#include "cli/report/escape.h"

namespace weir::cli {
namespace {

constexpr std::string_view kTop = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">)";

constexpr std::string_view kRest = R"(<style>
:root { color-scheme: light dark; --fg: #1b1f24; --bg: #fff; --line: #d0d7de; --dim: #57606a; --bad: #b3261e; --good: #1a7f37; --odd: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --fg: #e6edf3; --bg: #0d1117; --line: #30363d; --dim: #9198a1; --bad: #ff7b72; --good: #56d364; --odd: #e3b341; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--fg); background: var(--bg); margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.05rem; margin-top: 2rem; }
.numbers { display: flex; flex-wrap: wrap; gap: 1rem; padding: 0; list-style: none; }
.numbers li { border: 1px solid var(--line); border-radius: 6px; padding: .5rem 1rem; }
.numbers b { display: block; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; } code { font-size: .85rem; overflow-wrap: anywhere; }
.denied { color: var(--bad); font-weight: 600; } .allowed { color: var(--good); } .odd { color: var(--odd); } .dim { color: var(--dim); }
ul.trust { padding-left: 1.2rem; } ul.trust .sub { margin-left: 1.2rem; color: var(--dim); }
@media print { body { margin: 0; max-width: none; } }
</style>
</head>
<body>
)";

}  // namespace

std::string page_head(const std::string& title) {
  return std::string(kTop) + "\n<title>" + html_text(title) + "</title>\n" + std::string(kRest);
}

}  // namespace weir::cli
