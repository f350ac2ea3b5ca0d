#include "ops/linalg/triangular_solve.h"

#include "backend/cpu/lapack/batch.h"
#include "backend/cpu/lapack/lanes.h"
#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void solve(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<linalg::TriangularParam>();
  const lapack::SquareBatch batch(in[0].shape);
  const int last = out[0].ndim() - 1;
  const int64_t m = out[0].shape[last - 1], n = out[0].shape[last];
  if (out[0].size() == 0) return;
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    const double operations = static_cast<double>(batch.n) * static_cast<double>(m * n);
    lapack::for_each_matrix(batch.count, operations, [&](int64_t i) {
      T* values = out[0].as<T>() + i * m * n;
      lapack::copy_elements(in[1].as<T>() + i * m * n, values, m * n);
      lapack::solve_triangular({p.lower, p.transpose, p.rightside}, m, n, static_cast<T>(p.alpha),
                               in[0].as<T>() + i * batch.size(), values);
    });
  });
}

/// X op(A) = B is op(A)^T X^T = B^T.
void solve_small(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<linalg::TriangularParam>();
  const lapack::SquareBatch batch(in[0].shape);
  const int last = out[0].ndim() - 1;
  const int64_t n = out[0].shape[last], size = out[0].shape[last - 1] * n;
  const bool transposed = p.transpose != p.rightside;
  if (size == 0) return;
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    using V = Lanes<T>;
    lapack::for_each_small<T>(in[0], [&](const MatrixGroup<T>& group, int64_t rows, V* a) {
      V x[kSmallMatrix];
      group.read(in[1].as<T>(), size, x);
      for (int64_t i = 0; i < size; ++i) x[i] *= static_cast<T>(p.alpha);
      lanes::solve_triangular<V>(p.lower != transposed, rows, size / rows,
                                 matrix_view<const V>(a, rows, transposed),
                                 matrix_view(x, n, p.rightside));
      group.write(x, size, out[0].as<T>());
    });
  });
}

const char* refuse_large(const KernelQuery& query) {
  const Shape& b = query.in[1].shape;
  const int last = b.ndim() - 1;
  return std::max(b[last], b[last - 1]) <= kMostSmallRows ? nullptr : "is for small matrices";
}

const KernelBuilder k1 = KernelBuilder("_linalg_trsm", "lapack").run(solve);
const KernelBuilder k2 = KernelBuilder("_linalg_trsm", "small")
                             .run(solve_small)
                             .refuse(refuse_large)
                             .priority(kTunedPriority);

}  // namespace
}  // namespace mx::cpu
