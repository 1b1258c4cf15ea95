// Gateways and routes in a fixed cluster: objects -> route table, then requests to every listener and route that came out.
#include "simulator/ask/route.h"
#include "tests/fuzz/support/support.h"

using namespace weir;

namespace {

void ask(const compiler::Resolved& resolved, const ir::Files& files, const ir::Listener& listener, const std::string& path) {
  simulator::RouteQuestion question;
  question.request.port = listener.port;
  question.request.scheme = listener.protocol == ir::ListenerProtocol::Https ? "https" : "http";
  question.request.host = listener.hostname.starts_with("*.") ? "a" + listener.hostname.substr(1) : listener.hostname;
  simulator::set_path(question.request, path);
  const auto answer = simulator::route(resolved, files, question);
  if (!answer) return;
  double shares = 0;
  for (const ir::BackendShare& backend : answer->decision.backends) shares += backend.share;
  WEIR_CHECK(answer->decision.backends.empty() || (shares > 0.999 && shares < 1.001));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const ir::Settings settings = fuzz::settings_of(bytes.choice());
  const fuzz::Front front = fuzz::read_in_cluster(bytes.text());
  const compiler::Resolved resolved = fuzz::resolve(front, settings);
  std::vector<std::string> paths = {"/", "/a/b?x=1"};
  for (const ir::Route& route : resolved.routes.routes)
    for (const ir::RouteRule& rule : route.rules)
      for (const ir::RouteMatch& match : rule.matches) paths.push_back(match.path.value);
  for (std::size_t i = 0; i < resolved.routes.listeners.size() && i < 2; ++i)
    for (std::size_t j = 0; j < paths.size() && j < 4; ++j) ask(resolved, front.files, resolved.routes.listeners[i], paths[j]);
  return 0;
}
