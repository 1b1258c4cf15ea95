#include "ir/cluster/party.h"

#include <algorithm>
#include <array>

namespace weir::ir {
namespace {

constexpr std::array<std::string_view, 8> kEntities = {"world",   "host",   "remote-node", "kube-apiserver",
                                                       "ingress", "health", "init",        "unmanaged"};

/// Splits "NS/rest"; without a slash the namespace is the default.
void split_namespace(std::string_view text, std::string_view default_namespace, Party& party, std::string_view& rest) {
  const std::size_t slash = text.find('/');
  const std::size_t equals = text.find('=');
  // In `labels:app.kubernetes.io/name=x` the slash belongs to a key when no `NS/` stands before it; a namespace has no dot.
  const bool of_a_key = party.kind == PartyKind::Labels && text.substr(0, slash).find('.') != std::string_view::npos;
  const bool namespaced = slash != std::string_view::npos && (equals == std::string_view::npos || slash < equals) && !of_a_key;
  party.namespace_name = std::string(namespaced ? text.substr(0, slash) : default_namespace);
  rest = namespaced ? text.substr(slash + 1) : text;
}

/// "CLUSTER/NS/NAME": takes the cluster off. Not for labels, whose keys have slashes.
void split_cluster(Party& party, std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos || rest.find('/', slash + 1) == std::string_view::npos) return;
  party.cluster = std::string(rest.substr(0, slash));
  rest.remove_prefix(slash + 1);
}

Result<Party> parse_labels(Party party, std::string_view list) {
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos || equals == 0)
      return failure("`" + std::string(item) + "` is not a label; write key=value", 2);
    const auto [at, fresh] = party.labels.emplace(item.substr(0, equals), item.substr(equals + 1));
    if (!fresh && at->second != item.substr(equals + 1)) return failure("the label `" + at->first + "` is asked for with two values, which no pod has", 2);
    list.remove_prefix(std::min(list.size(), item.size() + 1));
  }
  return party;
}

std::string entities() {
  std::string list;
  for (const std::string_view name : kEntities) list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

Result<Party> parse_entity(std::string_view name) {
  if (std::find(kEntities.begin(), kEntities.end(), name) == kEntities.end())
    return failure("unknown entity `" + std::string(name) + "`; it is one of " + entities(), 2);
  Party party{.kind = PartyKind::Entity};
  party.name = std::string(name);
  return party;
}

Result<Party> parse_ip(std::string_view text) {
  Party party{.kind = PartyKind::Ip};
  party.address = parse_address(text);
  if (!party.address) return failure("`" + std::string(text) + "` is not an IP address", 2);
  return party;
}

}  // namespace

Result<Party> parse_party(std::string_view text, std::string_view default_namespace) {
  const std::size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  if (colon == std::string_view::npos || colon + 1 == text.size())
    return failure("`" + std::string(text) + "` names nobody; write pod:NS/NAME, workload:NS/NAME, labels:NS/k=v, "
                   "ip:ADDRESS or entity:NAME", 2);
  std::string_view rest = text.substr(colon + 1);
  if (kind == "ip") return parse_ip(rest);
  if (kind == "entity") return parse_entity(rest);
  Party party;
  if (kind == "fqdn") {
    party.kind = PartyKind::Fqdn;
    party.name = std::string(rest);
    return party;
  }
  if (kind != "pod" && kind != "workload" && kind != "labels")
    return failure("unknown kind of party `" + std::string(kind) + "`", 2);
  party.kind = kind == "labels" ? PartyKind::Labels : kind == "pod" ? PartyKind::Pod : PartyKind::Workload;
  if (party.kind != PartyKind::Labels) split_cluster(party, rest);
  split_namespace(rest, default_namespace, party, rest);
  if (party.kind == PartyKind::Labels) return parse_labels(std::move(party), rest);
  if (rest.find('/') != std::string_view::npos)
    return failure("`" + std::string(text) + "` has too many slashes; write " + std::string(kind) + ":NS/NAME or " + std::string(kind) +
                       ":CLUSTER/NS/NAME", 2);
  party.name = std::string(rest);
  return party;
}

std::string to_text(const Party& party) {
  const std::string where = party.namespace_name + "/";
  const std::string cluster = party.cluster.empty() ? "" : party.cluster + "/";
  switch (party.kind) {
    case PartyKind::Pod: return "pod:" + cluster + where + party.name;
    case PartyKind::Workload: return "workload:" + cluster + where + party.name;
    case PartyKind::Ip: return "ip:" + (party.address ? to_text(*party.address) : std::string());
    case PartyKind::Entity: return "entity:" + party.name;
    case PartyKind::Fqdn: return "fqdn:" + party.name;
    case PartyKind::Labels: break;
  }
  std::string text;
  for (const auto& [key, value] : party.labels) text += (text.empty() ? "" : ",") + key + "=" + value;
  return "labels:" + where + text;
}

}  // namespace weir::ir
