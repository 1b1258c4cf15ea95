#include "runtime-agent/load/canary.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <cerrno>

#include "backends/ebpf/abi/weir_abi.h"
#include "runtime-agent/load/kernel.h"

namespace weir::agent {
namespace {

std::string text_of(const ir::Cell& cell) {
  return std::string(ir::to_text(cell.verdict)) + " reason " + std::to_string(static_cast<unsigned>(cell.reason)) +
         " match " + std::to_string(static_cast<unsigned>(cell.match)) + " rule " + std::to_string(cell.rule);
}

Answer answer_of(const __sk_buff& context, std::uint32_t returned) {
  Answer answer;
  answer.asked = context.cb[0] == 1;
  answer.cell.verdict = static_cast<ir::Verdict>(context.cb[2] & 0xff);
  answer.cell.reason = static_cast<ir::DropReason>(context.cb[2] >> 8 & 0xff);
  answer.cell.match = static_cast<ir::MatchType>(context.cb[2] >> 16 & 0xff);
  answer.cell.rule = context.cb[1];
  // A denial that passes is an audited one.
  answer.cell.audit = answer.cell.verdict == ir::Verdict::Denied && returned != WEIR_DROP;
  answer.identity = context.cb[3];
  return answer;
}

}  // namespace

ir::Result<Answer> ask(int program, const std::string& packet, std::uint32_t ifindex, ir::Direction direction,
                       std::uint32_t copy) {
  __sk_buff in{}, out{};
  in.cb[0] = ifindex;
  in.cb[1] = direction == ir::Direction::Egress ? WEIR_EGRESS : WEIR_INGRESS;
  in.cb[2] = copy;
  bpf_test_run_opts options{};
  options.sz = sizeof options;
  options.data_in = packet.data();
  options.data_size_in = static_cast<std::uint32_t>(packet.size());
  options.ctx_in = &in;
  options.ctx_size_in = sizeof in;
  options.ctx_out = &out;
  options.ctx_size_out = sizeof out;
  options.repeat = 1;
  if (const int error = bpf_prog_test_run_opts(program, &options); error != 0)
    return tl::unexpected(kernel_error("cannot run the check program", error));
  return answer_of(out, options.retval);
}

ir::Result<std::size_t> run_canary(int program, const backends::Bundle& bundle,
                                   const std::vector<std::uint32_t>& ifindex_of, std::uint32_t copy) {
  std::size_t asked = 0;
  for (std::size_t i = 0; i < bundle.vectors.size(); ++i) {
    const backends::TestVector& v = bundle.vectors[i];
    if (ifindex_of.at(v.endpoint) == 0) continue;
    const auto answer = ask(program, v.packet, ifindex_of[v.endpoint], v.direction, copy);
    if (!answer) return tl::unexpected(answer.error());
    const Answer wanted{true, v.expect, bundle.identities.at(v.identity).number};
    if (*answer != wanted)
      return ir::failure("canary packet " + std::to_string(i) + " got " + text_of(answer->cell) + " identity " +
                         std::to_string(answer->identity) + ", the bundle says " + text_of(wanted.cell) +
                         " identity " + std::to_string(wanted.identity));
    ++asked;
  }
  return asked;
}

}  // namespace weir::agent
