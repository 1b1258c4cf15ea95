#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "backends/ebpf/bundle/bundle.h"
#include "ir/base/result.h"
#include "runtime-agent/load/attach.h"
#include "runtime-agent/load/identity_plan.h"
#include "runtime-agent/load/kernel.h"
#include "runtime-agent/load/maps.h"

namespace weir::agent {

/// How the last load went, for status and tests.
struct LoadReport {
  bool replaced_program = false;  // another shape: a new program; else a flip
  std::size_t canaries = 0;       // packets that the kernel answered as the bundle says
  std::size_t prefixes = 0;       // entries of ipcache
  std::uint64_t micros = 0;
};

/// What enforces policy on some interfaces of this node: the loaded object, its maps, and which bundle each copy of the
/// tables holds. Every step leaves the old policy enforcing until one store flips the epoch (datapath.md 3).
class Datapath {
 public:
  /// `pin_dir` empty: nothing is pinned; else conntrack, metrics and the generation outlive the agent there.
  [[nodiscard]] static ir::Result<Datapath> open(std::vector<Interface> interfaces, std::string pin_dir);

  /// The next bundle. Refused (exit code 3) when its generation does not grow or an interface's pod is not in it; on any
  /// error what enforced before goes on.
  [[nodiscard]] ir::Result<LoadReport> load(backends::Bundle bundle);
  /// Back to the bundle before the last one, under a new epoch. Possible until the next load, when it had one shape.
  [[nodiscard]] ir::Result<void> rollback();
  /// Takes the programs off: nothing is enforced any more.
  [[nodiscard]] ir::Result<void> detach();

  [[nodiscard]] bool loaded() const { return state_ != nullptr; }
  [[nodiscard]] std::uint32_t epoch() const;
  /// The bundle that enforces now; null before the first load.
  [[nodiscard]] std::shared_ptr<const backends::Bundle> current() const;
  /// The bundle whose rules an event of this epoch names; may be null.
  [[nodiscard]] std::shared_ptr<const backends::Bundle> of_epoch(std::uint32_t epoch) const;
  [[nodiscard]] const std::vector<Interface>& interfaces() const { return interfaces_; }
  /// Descriptors of the loaded object, -1 when there is none: for the observer and for tests.
  [[nodiscard]] int map(const char* name) const;
  [[nodiscard]] int program(const char* name) const;
  [[nodiscard]] std::uint64_t highest_generation() const { return generation_; }

 private:
  struct Copy {
    Meaning meaning;
    std::shared_ptr<const backends::Bundle> bundle;
  };
  struct State {
    Object object;
    Maps maps;
    Slots live;
    std::array<Copy, WEIR_COPIES> copies;
    bool other_copy_read = false;  // packets may still read the copy that does not enforce
  };

  [[nodiscard]] ir::Result<std::unique_ptr<State>> make_state(const backends::Bundle&) const;
  [[nodiscard]] ir::Result<void> settle();
  [[nodiscard]] ir::Result<LoadReport> update(std::shared_ptr<const backends::Bundle>, const IdentityPlan&);
  [[nodiscard]] ir::Result<LoadReport> replace(std::shared_ptr<const backends::Bundle>);
  [[nodiscard]] ir::Result<void> fill(State&, std::uint32_t copy, const std::shared_ptr<const backends::Bundle>&,
                                      const IdentityPlan&);
  [[nodiscard]] ir::Result<std::size_t> prepare(State&, std::uint32_t copy,
                                                const std::shared_ptr<const backends::Bundle>&, const IdentityPlan&);
  void name_epoch(std::uint32_t epoch, std::shared_ptr<const backends::Bundle>);
  [[nodiscard]] ir::Result<std::size_t> prove(const State&, std::uint32_t copy) const;
  [[nodiscard]] ir::Result<void> attach_all(const State&) const;
  [[nodiscard]] ir::Result<void> remember(const State&, std::uint64_t generation);
  [[nodiscard]] ir::Result<void> accept(const backends::Bundle&) const;
  void write_endpoints(State&, std::uint32_t copy, const backends::Bundle&);

  std::vector<Interface> interfaces_;
  std::string pin_dir_;
  Descriptor journal_;
  std::vector<std::pair<std::string, std::shared_ptr<Descriptor>>> adopted_;  // pinned maps of an earlier agent
  std::uint64_t generation_ = 0;
  std::uint32_t last_epoch_ = 0;
  std::unique_ptr<State> state_;
  /// The last epochs and their bundles, so that an event names the rule of its own epoch.
  std::array<std::pair<std::uint32_t, std::shared_ptr<const backends::Bundle>>, 4> named_;
};

}  // namespace weir::agent
