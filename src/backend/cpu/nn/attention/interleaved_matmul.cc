// Products of interleaved projections where they lie: no copies of queries, keys and values.
#include "ops/nn/attention/interleaved_matmul.h"

#include <algorithm>
#include <vector>

#include "backend/cpu/gemm.h"
#include "backend/cpu/nn/attention/parts.h"

namespace mx::cpu {
namespace {

template <typename T>
MatrixView<T> view(const HeadMatrices& m, Inputs in, Outputs out, int64_t b) {
  T* first = (m.is_output ? out : in)[m.tensor].as<T>() + m.offset + b * m.batch_step;
  return m.transposed ? MatrixView<T>{first, 1, m.row_step} : MatrixView<T>{first, m.row_step, 1};
}

template <typename T>
MatrixView<const T> as_const(const MatrixView<T>& m) {
  return {m.data, m.row, m.column};
}

template <typename T>
void multiply(const HeadProduct& p, Inputs in, Outputs out) {
  using C = ComputeType<T>;
  const auto scale = static_cast<C>(p.scale);
  const double cost = 0.05 * static_cast<double>(p.m * p.n * p.k + 1);
  parallel_for(p.batch, grain_for(cost), [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      const MatrixView<T> c = view<T>(p.c, in, out, b);
      gemm<T>(p.m, p.n, p.k, as_const(view<T>(p.a, in, out, b)), as_const(view<T>(p.b, in, out, b)),
              c);
      if (p.scale == 1) continue;
      for (int64_t i = 0; i < p.m; ++i)
        for (int64_t j = 0; j < p.n; ++j)
          c.at(i, j) = static_cast<T>(static_cast<C>(c.at(i, j)) * scale);
    }
  });
}

template <AttentionWorkFn work_of>
void run(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const AttentionWork work = work_of(params.as<InterleavedParam>().heads, shapes_of(in));
  visit_floating(in[0].dtype, "interleaved_matmul", [&]<typename T>(TypeTag<T>) {
    for (const HeadProduct& product : work.products) multiply<T>(product, in, out);
  });
  zero_parts(work, out);
}

struct Kernels {
  Kernels() {
    for_each_interleaved(
        []<AttentionWorkFn work>(const char* op) { KernelBuilder(op, "native").run(run<work>); });
  }
};
const Kernels kernels;

}  // namespace
}  // namespace mx::cpu
