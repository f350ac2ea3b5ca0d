// dot and batch_dot as matrix products.
#include "ops/matrix/dot.h"

#include "backend/cpu/gemm.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

using Sizes = DotSizes (*)(const Shape&, const Shape&, const DotParam&);

template <Sizes sizes_of>
void product(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<DotParam>();
  const DotSizes s = sizes_of(in[0].shape, in[1].shape, p);
  visit_floating(out[0].dtype, "dot", [&](auto tag) {
    using T = typename decltype(tag)::type;
    const auto one = [&](int64_t i) {
      gemm<T>(s.m, s.n, s.k,
              matrix_view<const T>(in[0].as<T>() + i * s.m * s.k, p.transpose_a ? s.m : s.k,
                                   p.transpose_a),
              matrix_view<const T>(in[1].as<T>() + i * s.k * s.n, p.transpose_b ? s.k : s.n,
                                   p.transpose_b),
              matrix_view(out[0].as<T>() + i * s.m * s.n, s.n));
    };
    const double cost = 0.05 * static_cast<double>(s.m * s.n * s.k + 1);
    parallel_for(s.batch, grain_for(cost), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) one(i);
    });
  });
}

/// Where making ready a library's product costs more than computing it.
template <Sizes sizes_of>
const char* refuse_large(const KernelQuery& query) {
  const auto& p = query.params.as<DotParam>();
  const DotSizes s = sizes_of(query.in[0].shape, query.in[1].shape, p);
  return s.batch * s.m * s.n * s.k <= 16384 ? nullptr : "is for small products";
}

const KernelBuilder k1 = KernelBuilder("dot", "native").run(product<dot_sizes>);
const KernelBuilder k2 = KernelBuilder("batch_dot", "native").run(product<batch_dot_sizes>);
const KernelBuilder k3 = KernelBuilder("dot", "small")
                             .run(product<dot_sizes>)
                             .refuse(refuse_large<dot_sizes>)
                             .priority(kTunedPriority);
const KernelBuilder k4 = KernelBuilder("batch_dot", "small")
                             .run(product<batch_dot_sizes>)
                             .refuse(refuse_large<batch_dot_sizes>)
                             .priority(kTunedPriority);

}  // namespace
}  // namespace mx::cpu
