// PolicyTest documents: what is read can be asked in a fixed cluster. Resources are not loaded: a test may name any file.
#include "ir/cluster/settings_merge.h"
#include "simulator/ask/expect.h"
#include "tests/fuzz/support/support.h"

using namespace weir;

namespace {

void ask(const compiler::Resolved& resolved, const ir::Files& files, const compiler::PolicyTest& test) {
  for (const compiler::PolicyCheck& check : test.checks) {
    simulator::TraceQuestion question{.source = check.from.party, .destination = check.to.party};
    question.protocol = ir::parse_protocol(check.protocol).value_or(ir::Protocol::Tcp);
    if (check.port) question.port = simulator::named_port(resolved.cluster, check.to.party, question.protocol, *check.port).value_or(80);
    if (const auto answer = simulator::trace(resolved, files, question)) (void)differences(check, *answer);
  }
  for (const compiler::RouteCheck& check : test.routes) {
    simulator::RouteQuestion question;
    question.request.host = check.request.host;
    question.request.headers = check.request.headers;
    ir::set_path(question.request, check.request.path);
    if (check.from) question.from = check.from->party;
    if (const auto answer = simulator::route(resolved, files, question)) (void)differences(check, *answer);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Front front = fuzz::read_in_cluster(fuzz::Bytes(data, size).text());
  const compiler::Resolved resolved = fuzz::resolve(front, ir::Settings{});
  for (const compiler::PolicyTest& test : front.objects.tests) {
    ask(resolved, front.files, test);
    ir::SettingPairs pairs;
    if (test.dialect) pairs.emplace_back("dialect", test.dialect->value);
    for (const compiler::TestSetting& setting : test.config) pairs.emplace_back(setting.key, setting.value);
    (void)ir::merge_settings(pairs);
  }
  return 0;
}
