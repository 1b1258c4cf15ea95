// Every kind of the Gateway API in a fixed cluster: what is read keeps its promises (defaults, limits, names), the stage
// prints, then objects -> route table, then requests to every listener and route that came out.
#include "compiler/api/certificates.h"
#include "compiler/api/emit.h"
#include "simulator/ask/route.h"
#include "tests/fuzz/support/support.h"

using namespace weir;

namespace {

void ask(const compiler::Resolved& resolved, const ir::Files& files, const ir::Listener& listener, const std::string& path) {
  simulator::RouteQuestion question;
  question.request.port = listener.port;
  question.request.scheme = listener.protocol == ir::ListenerProtocol::Https ? "https" : "http";
  question.request.host = listener.hostname.starts_with("*.") ? "a" + listener.hostname.substr(1) : listener.hostname;
  ir::set_path(question.request, path);
  const auto answer = simulator::route(resolved, files, question);
  if (!answer) return;
  double shares = 0;
  for (const ir::BackendShare& backend : answer->decision.backends) shares += backend.share;
  WEIR_CHECK(answer->decision.backends.empty() || (shares > 0.999 && shares < 1.001));
}

void check_filters(const std::vector<compiler::FilterObject>& filters) {
  for (const compiler::FilterObject& filter : filters)
    if (const auto* mirror = std::get_if<compiler::MirrorObject>(&filter.what)) WEIR_CHECK(mirror->denominator > 0);
}

/// What resolve counts on, whatever was written.
void check_route(const compiler::RouteObject& route) {
  for (const compiler::ParentRef& parent : route.parents) WEIR_CHECK(!parent.section_name || !parent.section_name->empty());
  for (const compiler::RouteRuleObject& rule : route.rules) {
    WEIR_CHECK(!rule.matches.empty());
    check_filters(rule.filters);
    for (const compiler::BackendRef& backend : rule.backends) {
      WEIR_CHECK(backend.weight <= 1000000);
      check_filters(backend.filters);
    }
    for (const compiler::RouteMatchObject& match : rule.matches) WEIR_CHECK(!match.match.grpc || route.kind == "GRPCRoute");
  }
}

void check_objects(const compiler::GatewayObjects& objects) {
  for (const compiler::RouteObject& route : objects.routes) check_route(route);
  WEIR_CHECK(objects.secrets.size() <= compiler::gateway_secret_names(objects).size());
  WEIR_CHECK(objects.config_maps.size() <= compiler::gateway_config_map_names(objects).size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const ir::Settings settings = fuzz::settings_of(bytes.choice());
  const fuzz::Front front = fuzz::read_in_cluster(bytes.text());
  check_objects(front.objects.gateway);
  WEIR_CHECK(!compiler::to_text(front.objects).empty());
  const compiler::Resolved resolved = fuzz::resolve(front, settings);
  std::vector<std::string> paths = {"/", "/a/b?x=1"};
  for (const ir::Route& route : resolved.routes.routes)
    for (const ir::RouteRule& rule : route.rules)
      for (const ir::RouteMatch& match : rule.matches) paths.push_back(match.path.value);
  for (std::size_t i = 0; i < resolved.routes.listeners.size() && i < 2; ++i)
    for (std::size_t j = 0; j < paths.size() && j < 4; ++j) ask(resolved, front.files, resolved.routes.listeners[i], paths[j]);
  return 0;
}
