// Repeats an array along dimensions of size 1: row by row, a fill or a copy each.
#include "backend/common/broadcast_plan.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void broadcast_to(const Params&, KernelContext&, Inputs in, Outputs out) {
  if (out[0].size() == 0) return;
  const BroadcastPlan<1> plan(out[0].shape, {&in[0].shape});
  visit_width(out[0].dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* source = in[0].as<T>();
    T* target = out[0].as<T>();
    parallel_for(plan.size(), 1 << 14, [&](int64_t begin, int64_t end) {
      plan.for_each_row(begin, end, [&](int64_t at, const auto& from, int64_t n) {
        if (plan.inner_step(0) == 0)
          std::fill_n(target + at, n, source[from[0]]);
        else
          std::copy_n(source + from[0], n, target + at);
      });
    });
  });
}

const KernelBuilder k1 = KernelBuilder("broadcast_to", "native").run(broadcast_to);
const KernelBuilder k4 = KernelBuilder("_npi_broadcast_to", "native").run(broadcast_to);
const KernelBuilder k2 = KernelBuilder("broadcast_axis", "native").run(broadcast_to);
const KernelBuilder k3 = KernelBuilder("broadcast_like", "native").run(broadcast_to);

}  // namespace
}  // namespace mx::cpu
