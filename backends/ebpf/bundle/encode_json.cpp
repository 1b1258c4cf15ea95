#include <nlohmann/json.hpp>

#include "backends/ebpf/bundle/encode.h"
#include "backends/ebpf/bundle/json_number.h"

namespace weir::backends {
namespace {

using Json = nlohmann::json;

/// Keys sorted, no spaces; names are other people's bytes, so what is no UTF-8 is replaced.
std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json to_json(const ir::RuleRef& rule) {
  return {{"kind", rule.kind},
          {"namespace", rule.namespace_name},
          {"name", rule.name},
          {"direction", static_cast<unsigned>(rule.direction)},
          {"index", rule.index},
          {"action", static_cast<unsigned>(rule.action)},
          {"file", rule.file},
          {"line", rule.line},
          {"column", rule.column}};
}

ir::RuleRef rule_of(const Json& json) {
  ir::RuleRef rule;
  rule.kind = json.at("kind").get<std::string>();
  rule.namespace_name = json.at("namespace").get<std::string>();
  rule.name = json.at("name").get<std::string>();
  rule.direction = number_of<unsigned>(json.at("direction")) == 0 ? ir::Direction::Ingress : ir::Direction::Egress;
  rule.index = number_of<std::uint32_t>(json.at("index"));
  rule.action = static_cast<ir::Action>(number_of<unsigned>(json.at("action")) % 3);
  rule.file = json.at("file").get<std::string>();
  rule.line = number_of<std::uint32_t>(json.at("line"));
  rule.column = number_of<std::uint32_t>(json.at("column"));
  return rule;
}

AddressName name_of(const Json& json) {
  AddressName name;
  if (const auto address = ir::parse_address(json.at("address").get<std::string>())) name.address = *address;
  name.namespace_name = json.at("namespace").get<std::string>();
  name.pod = json.at("pod").get<std::string>();
  name.workload = json.at("workload").get<std::string>();
  return name;
}

}  // namespace

std::string encode_rules(const std::vector<ir::RuleRef>& rules) {
  Json out = Json::array();
  for (const ir::RuleRef& rule : rules) out.push_back(to_json(rule));
  return dump(out);
}

bool decode_rules(std::string_view text, std::vector<ir::RuleRef>& rules) try {
  rules.clear();
  for (const Json& rule : Json::parse(text)) rules.push_back(rule_of(rule));
  return true;
} catch (const std::exception&) {
  return false;
}

std::string encode_names(const Bundle& bundle) {
  Json identities = Json::array(), addresses = Json::array();
  for (const IdentityName& identity : bundle.identities)
    identities.push_back({{"number", identity.number}, {"name", identity.name}, {"labels", identity.labels}});
  for (const AddressName& name : bundle.names)
    addresses.push_back({{"address", ir::to_text(name.address)},
                         {"namespace", name.namespace_name},
                         {"pod", name.pod},
                         {"workload", name.workload}});
  return dump({{"identities", std::move(identities)}, {"addresses", std::move(addresses)}});
}

bool decode_names(std::string_view text, Bundle& bundle) try {
  const Json json = Json::parse(text);
  bundle.identities.clear();
  bundle.names.clear();
  for (const Json& identity : json.at("identities"))
    bundle.identities.push_back({number_of<std::uint32_t>(identity.at("number")), identity.at("name").get<std::string>(),
                                 identity.at("labels").get<std::vector<std::string>>()});
  for (const Json& name : json.at("addresses")) bundle.names.push_back(name_of(name));
  return true;
} catch (const std::exception&) {
  return false;
}

}  // namespace weir::backends
