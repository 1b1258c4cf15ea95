#include "runtime-agent/load/datapath.h"

#include <algorithm>
#include <atomic>
#include <chrono>

#include "runtime-agent/load/canary.h"

// The order of datapath.md 3 "Update: refine before, coarsen after". Tests: tests/kernel.
namespace weir::agent {
namespace {

using Clock = std::chrono::steady_clock;
using Shared = std::shared_ptr<const backends::Bundle>;

/// Maps that a new program takes over, so that established connections and readers stay.
constexpr const char* kKept[] = {WEIR_MAP_CONNTRACK4, WEIR_MAP_CONNTRACK6, WEIR_MAP_METRICS, WEIR_MAP_EVENTS,
                                 WEIR_MAP_NAT};

std::uint64_t micros_since(Clock::time_point start) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count());
}

/// FNV-1a of "namespace/pod", never 0: the same pod has the same number in every agent, so conntrack survives one.
std::uint32_t endpoint_id(const Interface& interface) {
  std::uint32_t hash = 0x811c9dc5;
  for (const char c : interface.namespace_name + "/" + interface.pod)
    hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x01000193;
  return hash == 0 ? 1 : hash;
}

const backends::EndpointEntry* find_endpoint(const backends::Bundle& bundle, const Interface& interface) {
  const auto& all = bundle.maps.endpoints;
  const auto at = std::find_if(all.begin(), all.end(), [&](const backends::EndpointEntry& e) {
    return e.namespace_name == interface.namespace_name && e.pod == interface.pod;
  });
  return at == all.end() ? nullptr : &*at;
}

/// The object's bytes are in the kernel now; the C text is for people.
Shared without_object(const backends::Bundle& bundle) {
  backends::Bundle light = bundle;
  light.object.clear();
  light.source.clear();
  return std::make_shared<const backends::Bundle>(std::move(light));
}

}  // namespace

ir::Result<Datapath> Datapath::open(std::vector<Interface> interfaces, std::string pin_dir) {
  auto found = find_interfaces(std::move(interfaces));
  if (!found) return tl::unexpected(found.error());
  Datapath out;
  out.interfaces_ = std::move(*found);
  for (const Interface& a : out.interfaces_)
    for (const Interface& b : out.interfaces_)
      if (&a != &b && (a.index == b.index || endpoint_id(a) == endpoint_id(b)))
        return ir::failure("`" + a.name + "` and `" + b.name + "` stand for one interface or one pod", 2);
  out.pin_dir_ = std::move(pin_dir);
  if (out.pin_dir_.empty()) return out;
  out.journal_ = pinned(out.pin_dir_ + "/generation");
  const std::uint32_t zero = 0;
  if (out.journal_.valid()) (void)read_element(out.journal_.get(), &zero, &out.generation_);
  for (const char* name : kKept)
    if (Descriptor map = pinned(out.pin_dir_ + "/" + name); map.valid())
      out.adopted_.emplace_back(name, std::make_shared<Descriptor>(std::move(map)));
  if (const Descriptor control = pinned(out.pin_dir_ + "/" WEIR_MAP_CONTROL); control.valid()) {
    weir_control value{};
    if (read_element(control.get(), &zero, &value)) out.last_epoch_ = value.epoch;
  }
  return out;
}

ir::Result<void> Datapath::accept(const backends::Bundle& bundle) const {
  // A restarted agent finds the bundle that it left running.
  if (bundle.generation < generation_ || (state_ && bundle.generation == generation_))
    return ir::failure("the bundle is refused: its generation " + std::to_string(bundle.generation) +
                           " is not newer than " + std::to_string(generation_),
                       3);
  if (const std::string wrong = backends::check(bundle); !wrong.empty())
    return ir::failure("the bundle is refused: " + wrong, 3);
  for (const Interface& interface : interfaces_)
    if (find_endpoint(bundle, interface) == nullptr)
      return ir::failure("the bundle is refused: it has no endpoint `" + interface.namespace_name + "/" +
                             interface.pod + "` for `" + interface.name + "`",
                         3);
  return {};
}

ir::Result<LoadReport> Datapath::load(backends::Bundle bundle) {
  const auto start = Clock::now();
  if (auto accepted = accept(bundle); !accepted) return tl::unexpected(accepted.error());
  std::optional<IdentityPlan> plan;
  if (state_ && current()->shape == bundle.shape && state_->maps.fits(bundle.maps)) {
    if (auto settled = settle(); !settled) return tl::unexpected(settled.error());
    plan = plan_identities(state_->live, state_->copies[epoch() & 1].meaning, bundle.maps.ipcache,
                           state_->maps.slots());
  }
  auto report = plan ? update(without_object(bundle), *plan)
                     : replace(std::make_shared<const backends::Bundle>(std::move(bundle)));
  if (report) report->micros = micros_since(start);
  return report;
}

/// Steps 6 and 7 of the update before this one: only now is the other copy about to be written.
ir::Result<void> Datapath::settle() {
  if (!state_->other_copy_read) return {};
  if (auto waited = grace(); !waited) return waited;
  state_->other_copy_read = false;
  const Copy& copy = state_->copies[epoch() & 1];
  const CleanupPlan plan = plan_cleanup(state_->live, copy.meaning, copy.bundle->maps.ipcache);
  for (const auto& [prefix, slot] : plan.update) {
    if (auto done = state_->maps.put_prefix(prefix, slot); !done) return done;
    state_->live[prefix] = slot;
  }
  for (const ir::IpPrefix& prefix : plan.remove) {
    if (auto done = state_->maps.remove_prefix(prefix); !done) return done;
    state_->live.erase(prefix);
  }
  // A slot that was just given up may get another meaning in this update, so its last readers must be gone.
  return plan.update.empty() && plan.remove.empty() ? ir::Result<void>{} : grace();
}

void Datapath::write_endpoints(State& state, std::uint32_t copy, const backends::Bundle& bundle) {
  for (const Interface& interface : interfaces_) {
    const backends::EndpointEntry* entry = find_endpoint(bundle, interface);
    weir_endpoint& endpoint = state.maps.endpoint(static_cast<std::uint32_t>(interface.index));
    endpoint.subject_class[copy] = entry->subject_class;
    endpoint.id = endpoint_id(interface);
    endpoint.identity = entry->identity_number;
    std::atomic_ref(endpoint.flags).store(WEIR_ENDPOINT_READY);
  }
}

/// Steps 1 to 3: nothing of this changes a verdict of the copy that enforces.
ir::Result<void> Datapath::fill(State& state, std::uint32_t copy, const Shared& bundle, const IdentityPlan& plan) {
  const std::uint32_t old = copy ^ 1;
  Meaning& before = state.copies[old].meaning;
  for (const auto& [slot, like] : plan.prefill) {
    state.maps.prefill(old, slot, like);
    if (before.size() > slot) before[slot] = before[like];
  }
  state.copies[copy] = {plan.meaning, bundle};
  state.maps.write_copy(copy, bundle->maps, plan.meaning);
  if (auto done = state.maps.write_listeners(copy, bundle->maps); !done) return done;
  write_endpoints(state, copy, *bundle);
  for (const auto& [prefix, slot] : plan.insert) {
    if (auto done = state.maps.put_prefix(prefix, slot); !done) return done;
    state.live[prefix] = slot;
  }
  if (const std::string wrong = state.maps.verify_copy(copy, bundle->maps, plan.meaning); !wrong.empty())
    return ir::failure(wrong);
  if (const std::string wrong = state.maps.verify_listeners(copy, bundle->maps); !wrong.empty()) return ir::failure(wrong);
  for (const auto& [prefix, slot] : state.live)
    if (!state.maps.holds_prefix(prefix, slot))
      return ir::failure("`ipcache` does not hold " + ir::to_text(prefix) + " as it was written");
  return {};
}

/// Step 4.
ir::Result<std::size_t> Datapath::prove(const State& state, std::uint32_t copy) const {
  const backends::Bundle& bundle = *state.copies[copy].bundle;
  std::vector<std::uint32_t> ifindex_of(bundle.maps.endpoints.size(), 0);
  for (const Interface& interface : interfaces_)
    ifindex_of[static_cast<std::size_t>(find_endpoint(bundle, interface) - bundle.maps.endpoints.data())] =
        static_cast<std::uint32_t>(interface.index);
  return run_canary(state.object.program(WEIR_PROG_CHECK), bundle, ifindex_of, copy);
}

/// Everything that may fail, before anything that counts.
ir::Result<std::size_t> Datapath::prepare(State& state, std::uint32_t copy, const Shared& bundle,
                                          const IdentityPlan& plan) {
  if (auto filled = fill(state, copy, bundle, plan); !filled) return tl::unexpected(filled.error());
  const auto canaries = prove(state, copy);
  if (!canaries) return canaries;
  if (auto kept = remember(state, bundle->generation); !kept) return tl::unexpected(kept.error());
  generation_ = bundle->generation;
  return canaries;
}

ir::Result<LoadReport> Datapath::update(Shared bundle, const IdentityPlan& plan) {
  const std::uint32_t next = epoch() + 1, copy = next & 1;
  const auto canaries = prepare(*state_, copy, bundle, plan);
  if (!canaries) {
    // What was inserted means the same in the copy that enforces; the next load clears it away.
    state_->copies[copy].bundle = nullptr;
    state_->other_copy_read = true;
    return tl::unexpected(canaries.error());
  }
  name_epoch(next, bundle);
  state_->maps.set_epoch(next);
  state_->other_copy_read = true;
  return LoadReport{false, *canaries, state_->live.size(), 0};
}

ir::Result<std::unique_ptr<Datapath::State>> Datapath::make_state(const backends::Bundle& bundle) const {
  std::vector<SharedMap> shared;
  for (const auto& [name, fd] : adopted_) shared.push_back({name, fd->get()});
  if (state_)
    for (const char* name : kKept)
      if (const int fd = state_->object.map(name); fd >= 0) shared.push_back({name, fd});
  auto object = Object::load(bundle.object, shared);
  if (!object) return tl::unexpected(object.error());
  auto maps = Maps::open(*object);
  if (!maps) return tl::unexpected(maps.error());
  if (!maps->fits(bundle.maps)) return ir::failure("the bundle's tables do not fit its object", 3);
  auto state = std::make_unique<State>();
  state->object = std::move(*object);
  state->maps = std::move(*maps);
  return state;
}

/// Another shape, or the first load: a new program with its own tables. Conntrack is shared, and its entries are of
/// older epochs, so every connection is decided again.
ir::Result<LoadReport> Datapath::replace(Shared bundle) {
  auto made = make_state(*bundle);
  if (!made) return tl::unexpected(made.error());
  State& state = **made;
  const Shared light = without_object(*bundle);
  const std::uint32_t next = (state_ ? epoch() : last_epoch_) + 1, copy = next & 1;
  Meaning strangers(state.maps.slots(), kUnused);
  strangers[0] = 0;
  const auto plan = plan_identities({}, strangers, light->maps.ipcache, state.maps.slots());
  if (!plan) return ir::failure("the bundle has more identities than its object has room for", 3);
  const auto canaries = prepare(state, copy, light, *plan);
  if (!canaries) return tl::unexpected(canaries.error());
  // The copy that nothing has been written to would allow everything: make it say the same.
  state.maps.write_copy(copy ^ 1, light->maps, plan->meaning);
  if (auto done = state.maps.write_listeners(copy ^ 1, light->maps); !done) return tl::unexpected(done.error());
  write_endpoints(state, copy ^ 1, *light);
  state.maps.set_epoch(next);
  name_epoch(next, light);
  if (auto attached = attach_all(state); !attached) return tl::unexpected(attached.error());
  state_ = std::move(*made);
  return LoadReport{true, *canaries, state_->live.size(), 0};
}

ir::Result<void> Datapath::attach_all(const State& state) const {
  for (const Interface& interface : interfaces_) {
    auto done = attach(interface, state.object.program(WEIR_PROG_FROM_POD), state.object.program(WEIR_PROG_TO_POD));
    if (done) continue;
    // Back to what ran before, all of it; on a first load an interface that is attached stays so: it enforces.
    if (state_)
      for (const Interface& each : interfaces_)
        (void)attach(each, state_->object.program(WEIR_PROG_FROM_POD), state_->object.program(WEIR_PROG_TO_POD));
    return done;
  }
  return {};
}

ir::Result<void> Datapath::remember(const State& state, std::uint64_t generation) {
  if (pin_dir_.empty()) return {};
  const std::uint32_t zero = 0;
  if (!journal_.valid()) {
    auto made = make_number_map("weir_generation");
    if (!made) return tl::unexpected(made.error());
    journal_ = std::move(*made);
    if (auto done = pin(journal_.get(), pin_dir_ + "/generation"); !done) return done;
  }
  if (auto done = update_element(journal_.get(), &zero, &generation); !done) return done;
  for (const char* name : {WEIR_MAP_CONNTRACK4, WEIR_MAP_CONNTRACK6, WEIR_MAP_METRICS, WEIR_MAP_EVENTS,
                           WEIR_MAP_NAT, WEIR_MAP_CONTROL}) {
    const int fd = state.object.map(name);
    if (fd < 0) continue;
    if (auto done = pin(fd, pin_dir_ + "/" + name); !done) return done;
  }
  return {};
}

ir::Result<void> Datapath::rollback() {
  if (!state_) return ir::failure("nothing is loaded", 2);
  const std::uint32_t next = epoch() + 1, copy = next & 1;
  if (!state_->copies[copy].bundle) return ir::failure("there is no earlier policy of this shape to go back to", 2);
  name_epoch(next, state_->copies[copy].bundle);
  state_->maps.set_epoch(next);
  state_->other_copy_read = true;
  return {};
}

ir::Result<void> Datapath::detach() {
  for (const Interface& interface : interfaces_)
    if (auto done = agent::detach(interface); !done) return done;
  return {};
}

std::uint32_t Datapath::epoch() const { return state_ ? state_->maps.epoch() : last_epoch_; }

std::shared_ptr<const backends::Bundle> Datapath::current() const {
  return state_ ? state_->copies[epoch() & 1].bundle : nullptr;
}

std::shared_ptr<const backends::Bundle> Datapath::of_epoch(std::uint32_t epoch) const {
  for (const auto& [number, bundle] : named_)
    if (number == epoch) return bundle;
  return nullptr;
}

void Datapath::name_epoch(std::uint32_t epoch, std::shared_ptr<const backends::Bundle> bundle) {
  named_[epoch % named_.size()] = {epoch, std::move(bundle)};
}

int Datapath::map(const char* name) const { return state_ ? state_->object.map(name) : -1; }
int Datapath::program(const char* name) const { return state_ ? state_->object.program(name) : -1; }

}  // namespace weir::agent
