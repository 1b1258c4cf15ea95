#pragma once

#include <cstdint>
#include <memory>

#include "compiler/resolve/resolve.h"
#include "ir/base/ip.h"

namespace weir::simulator {

/// Outside addresses that no policy can tell apart: those inside the same of its CIDRs. A recording has millions of clients
/// on the internet, and policies a few CIDRs; one address stands for all of its class.
class AddressClasses {
 public:
  /// `before` may be null.
  AddressClasses(const compiler::Resolved& after, const compiler::Resolved* before);
  ~AddressClasses();

  /// The smallest address of its class.
  [[nodiscard]] ir::IpAddress representative(const ir::IpAddress&) const;
  /// Rules by DNS name tell servers apart by what each was called.
  [[nodiscard]] bool servers_by_name() const;
  /// Equal for equal classes: parts made with other policies cannot be added up.
  [[nodiscard]] std::uint64_t digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
