#include "cli/report/display.h"
#include "cli/report/findings_common.h"

namespace weir::cli {
namespace {

/// For attributes and text. What XML 1.0 cannot hold at all was made visible before.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&apos;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string seconds(long millis) {
  const std::string rest = std::to_string(millis % 1000);
  return std::to_string(millis / 1000) + "." + std::string(3 - rest.size(), '0') + rest;
}

std::string test_case(const Finding& finding, const ir::Files& files) {
  const std::string place = escaped(to_text(files, finding.source->primary));
  const std::string code(finding.code->id);
  std::string out = "    <testcase classname=\"" + code + "\" name=\"" + place + "\"";
  if (!finding.file.empty()) out += " file=\"" + escaped(finding.file) + "\" line=\"" + std::to_string(finding.source->primary.line) + "\"";
  if (finding.severity == ir::Severity::Note) return out + ">\n      <system-out>" + escaped(finding.message) + "</system-out>\n    </testcase>\n";
  return out + ">\n      <failure type=\"" + std::string(to_text(finding.severity)) + "\" message=\"" +
         escaped(finding.message) + "\">" + place + ": " + escaped(finding.message) + "</failure>\n    </testcase>\n";
}

std::string test_case(const Proof& proof) {
  const std::string open = "    <testcase classname=\"proof\" name=\"" + escaped(proof.property) + "\" time=\"" + seconds(proof.millis) + "\"";
  if (proof.holds) return open + "/>\n";
  const std::string status = proof.status.empty() ? "does not hold" : proof.status;
  return open + ">\n      <failure type=\"proof\" message=\"" + escaped(status) + "\"/>\n    </testcase>\n";
}

}  // namespace

std::string findings_junit(const ir::Diagnostics& diagnostics, const ir::Files& files, const std::vector<Proof>& proofs) {
  const FindingList list = collect(diagnostics, files);
  std::uint64_t failures = list.errors + list.warnings;
  std::string cases;
  for (const Finding& finding : list.findings) cases += test_case(finding, files);
  for (const Proof& proof : proofs) {
    cases += test_case(proof);
    failures += !proof.holds;
  }
  std::uint64_t tests = list.findings.size() + proofs.size();
  if (tests == 0) {
    cases = "    <testcase classname=\"weir\" name=\"no findings\"/>\n";
    tests = 1;
  }
  const std::string counts = "tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) + "\" errors=\"0\"";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " + counts + ">\n  <testsuite name=\"weir\" " + counts +
         ">\n" + cases + "  </testsuite>\n</testsuites>\n";
}

}  // namespace weir::cli
