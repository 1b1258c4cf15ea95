// hubble's filter flags. As there, a list of flags is two criteria: a flag about either end asks the first of its source and
// the second of its destination, and a flow passes when one of them holds. Tested by
// tests/unit/simulator/flows/filter_test.cpp.

#include "simulator/flows/filter.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "simulator/flows/filter_terms.h"
#include "simulator/flows/filter_times.h"

namespace weir::simulator {
namespace {

/// Every field must hold, by one of its tests.
struct Criteria {
  std::map<std::string, std::vector<FlowTest>> fields;
  std::array<std::vector<NamePrefix>, 2> pods, services;  // by FlowEnd, until the namespaces are known

  bool holds(const FlowView& flow) const {
    return std::all_of(fields.begin(), fields.end(), [&](const auto& field) {
      return std::any_of(field.second.begin(), field.second.end(), [&](const FlowTest& test) { return test(flow); });
    });
  }
};

/// The flags of one list: those to let through, or those behind `--not`.
struct Tracker {
  std::array<Criteria, 2> either;
  std::array<std::vector<std::string>, 2> end_namespaces;  // by FlowEnd
  std::vector<std::string> namespaces;
  std::set<std::string> used;

  bool holds(const FlowView& flow) const { return either[0].holds(flow) || either[1].holds(flow); }
};

/// "from-pod" -> pod, of the source; "pod" -> pod, of either end.
struct EndFlag {
  std::string kind;
  std::optional<FlowEnd> end;
};

std::optional<EndFlag> end_flag(std::string_view flag) {
  EndFlag parsed;
  if (flag.starts_with("from-")) parsed.end = FlowEnd::Source, flag.remove_prefix(5);
  else if (flag.starts_with("to-")) parsed.end = FlowEnd::Destination, flag.remove_prefix(3);
  for (const std::string_view kind : {"pod", "service", "namespace", "all-namespaces", "fqdn", "ip", "label", "port", "identity",
                                      "workload", "cluster"})
    if (flag == kind) return EndFlag{std::string(kind), parsed.end};
  return std::nullopt;
}

/// Calls `act(criteria, end)` for each of the two: of the end the flag names, or of one end each.
template <class Act>
void for_ends(Tracker& tracker, const std::optional<FlowEnd>& end, Act act) {
  act(tracker.either[0], end.value_or(FlowEnd::Source));
  act(tracker.either[1], end.value_or(FlowEnd::Destination));
}

std::string field_of(const std::string& kind, FlowEnd end) { return (end == FlowEnd::Source ? "source " : "destination ") + kind; }

std::optional<ir::Error> add_end(Tracker& tracker, const EndFlag& flag, const std::string& value) {
  if (flag.kind == "namespace" || flag.kind == "all-namespaces") {
    auto& list = flag.end ? tracker.end_namespaces[static_cast<std::size_t>(*flag.end)] : tracker.namespaces;
    list.push_back(flag.kind == "namespace" ? value : std::string());
    return std::nullopt;
  }
  if (flag.kind == "pod" || flag.kind == "service") {
    if (value.empty()) return bad_filter(flag.kind, value, "`[NAMESPACE/]PREFIX`").value();
    for_ends(tracker, flag.end, [&](Criteria& criteria, FlowEnd end) {
      auto& names = flag.kind == "pod" ? criteria.pods : criteria.services;
      names[static_cast<std::size_t>(end)].push_back(parse_name_prefix(value));
    });
    return std::nullopt;
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const FlowEnd end = flag.end.value_or(i == 0 ? FlowEnd::Source : FlowEnd::Destination);
    ir::Result<FlowTest> term = end_term(flag.kind, value, end);
    if (!term) return term.error();
    tracker.either[i].fields[field_of(flag.kind, end)].push_back(std::move(*term));
  }
  return std::nullopt;
}

std::optional<ir::Error> add_flag(Tracker& tracker, const std::string& flag, const std::string& value) {
  tracker.used.insert(flag);
  if (const std::optional<EndFlag> about = end_flag(flag)) return add_end(tracker, *about, value);
  ir::Result<FlowTest> term = flow_term(flag, value);
  if (!term) return term.error();
  // Three ways to say one thing.
  const std::string field = flag == "ipv4" || flag == "ipv6" ? "ip-version" : flag;
  for (Criteria& criteria : tracker.either) criteria.fields[field].push_back(*term);
  return std::nullopt;
}

/// Flags that ask both ends at once and one of them cannot be joined: hubble refuses them too.
std::optional<ir::Error> conflict(const Tracker& tracker) {
  static const std::vector<std::vector<std::string>> kGroups = {
      {"from-fqdn", "from-ip", "ip", "fqdn", "from-namespace", "namespace", "from-all-namespaces", "all-namespaces"},
      {"from-fqdn", "from-ip", "ip", "fqdn", "from-pod", "pod"},
      {"to-fqdn", "to-ip", "ip", "fqdn", "to-namespace", "namespace", "to-all-namespaces", "all-namespaces"},
      {"to-fqdn", "to-ip", "ip", "fqdn", "to-pod", "pod"},
      {"to-pod", "namespace", "all-namespaces"},
      {"from-pod", "namespace", "all-namespaces"},
      {"to-service", "namespace", "all-namespaces"},
      {"from-service", "namespace", "all-namespaces"},
      {"label", "from-label"}, {"label", "to-label"},
      {"service", "from-service"}, {"service", "to-service"},
      {"port", "to-port"}, {"port", "from-port"},
      {"identity", "to-identity"}, {"identity", "from-identity"},
      {"workload", "to-workload"}, {"workload", "from-workload"}};
  for (const std::vector<std::string>& group : kGroups) {
    std::vector<std::string> used;
    for (const std::string& flag : group)
      if (tracker.used.contains(flag)) used.push_back(flag);
    if (used.size() > 1) return ir::Error{"the filters `--" + used[0] + "` and `--" + used[1] + "` cannot be combined", 2};
  }
  return std::nullopt;
}

/// Names without a namespace get those that were given.
std::optional<ir::Error> put_in(std::vector<NamePrefix>& names, const std::vector<std::string>& namespaces) {
  std::vector<NamePrefix> full;
  for (const NamePrefix& name : names) {
    for (const std::string& space : namespaces) {
      if (!name.namespace_name) full.push_back({space, name.prefix});
      else if (!space.empty() && *name.namespace_name != space)
        return ir::Error{"`" + *name.namespace_name + "/" + name.prefix + "` is not in the namespace `" + space + "`", 2};
    }
    if (name.namespace_name) full.push_back(name);
  }
  names = std::move(full);
  return std::nullopt;
}

std::optional<ir::Error> add_namespaces(Criteria& criteria, FlowEnd end, const std::vector<std::string>& namespaces) {
  if (namespaces.empty()) return std::nullopt;
  auto& pods = criteria.pods[static_cast<std::size_t>(end)];
  auto& services = criteria.services[static_cast<std::size_t>(end)];
  if (pods.empty() && services.empty()) pods.push_back({std::nullopt, ""});
  if (auto error = put_in(pods, namespaces)) return error;
  return put_in(services, namespaces);
}

void add_names(Criteria& criteria) {
  for (const FlowEnd end : {FlowEnd::Source, FlowEnd::Destination})
    for (const bool service : {false, true})
      for (NamePrefix name : (service ? criteria.services : criteria.pods)[static_cast<std::size_t>(end)]) {
        if (!name.namespace_name) name.namespace_name = "default";
        criteria.fields[field_of(service ? "service" : "pod", end)].push_back(service ? service_term(name, end) : pod_term(name, end));
      }
}

/// Once all flags are known.
std::optional<ir::Error> complete(Tracker& tracker) {
  if (auto error = conflict(tracker)) return error;
  const std::string* http = nullptr;
  for (const std::string& flag : tracker.used)
    if (flag.starts_with("http-")) http = &flag;
  for (std::size_t i = 0; i < 2; ++i) {
    Criteria& criteria = tracker.either[i];
    for (const FlowEnd end : {FlowEnd::Source, FlowEnd::Destination})
      if (auto error = add_namespaces(criteria, end, tracker.end_namespaces[static_cast<std::size_t>(end)])) return error;
    if (auto error = add_namespaces(criteria, i == 0 ? FlowEnd::Source : FlowEnd::Destination, tracker.namespaces)) return error;
    add_names(criteria);
  }
  if (http == nullptr || !tracker.used.contains("type")) return std::nullopt;
  Record l7;
  l7.event_type = kL7;
  const Interned nothing;
  const auto& types = tracker.either[0].fields["type"];
  const bool any = std::any_of(types.begin(), types.end(), [&](const FlowTest& test) { return test({l7, nothing}); });
  if (any) return std::nullopt;
  return ir::Error{"`--" + *http + "` needs `--type l7`, or no `--type`", 2};
}

}  // namespace

struct FlowFilter::State {
  std::optional<Tracker> allow, deny;
  std::optional<std::int64_t> since, until;

  std::optional<ir::Error> set_time(const std::string& flag, const std::string& value, const std::optional<std::int64_t>& end);
};

std::optional<ir::Error> FlowFilter::State::set_time(const std::string& flag, const std::string& value,
                                                     const std::optional<std::int64_t>& end) {
  std::optional<std::int64_t> time = parse_loose_time(value);
  if (const std::optional<std::int64_t> back = time ? std::nullopt : parse_duration(value)) {
    if (!end) return ir::Error{"`--" + flag + " " + value + "`: nothing says when the recording ends; give a time, as in 2026-01-01T00:00:00Z", 2};
    time = *end - *back;
  }
  if (!time) return bad_filter(flag, value, "a time as in 2026-01-01T00:00:00Z, or a duration as in 90s, 5m, 1h30m").value();
  (flag == "since" ? since : until) = time;
  return std::nullopt;
}

FlowFilter::FlowFilter() : state_(std::make_unique<State>()) {}
FlowFilter::FlowFilter(FlowFilter&&) noexcept = default;
FlowFilter& FlowFilter::operator=(FlowFilter&&) noexcept = default;
FlowFilter::~FlowFilter() = default;

ir::Result<FlowFilter> FlowFilter::parse(const FilterFlags& flags, std::optional<std::int64_t> end) {
  FlowFilter filter;
  State& state = *filter.state_;
  bool negated = false;
  for (const auto& [flag, value] : flags) {
    if (flag == "not") {
      if (negated) return ir::failure("two `--not` in a row", 2);
      negated = true;
      continue;
    }
    const bool time = flag == "since" || flag == "until";
    if (time && negated) return ir::failure("`--not` does not go with `--" + flag + "`", 2);
    std::optional<Tracker>& tracker = negated ? state.deny : state.allow;
    if (!time && !tracker) tracker.emplace();
    if (const auto error = time ? state.set_time(flag, value, end) : add_flag(*tracker, flag, value)) return tl::unexpected(*error);
    negated = false;
  }
  if (negated) return ir::failure("no filter follows the last `--not`", 2);
  for (std::optional<Tracker>* tracker : {&state.allow, &state.deny})
    if (const auto error = *tracker ? complete(**tracker) : std::nullopt) return tl::unexpected(*error);
  return filter;
}

bool FlowFilter::needs_end(const FilterFlags& flags) {
  return std::any_of(flags.begin(), flags.end(), [](const auto& flag) {
    return (flag.first == "since" || flag.first == "until") && !parse_loose_time(flag.second) && parse_duration(flag.second);
  });
}

bool FlowFilter::matches(const Record& record, const Interned& interned) const {
  const State& state = *state_;
  if ((state.since || state.until) && !record.has_time) return false;
  if (state.since && record.time < *state.since) return false;
  if (state.until && record.time > *state.until) return false;
  const FlowView flow{record, interned};
  if (state.allow && !state.allow->holds(flow)) return false;
  return !state.deny || !state.deny->holds(flow);
}

bool FlowFilter::matches_everything() const {
  return !state_->allow && !state_->deny && !state_->since && !state_->until;
}

}  // namespace weir::simulator
