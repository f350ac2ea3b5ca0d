#include "ops/linalg/triangular_solve.h"

#include "backend/cpu/lapack/batch.h"
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

const KernelBuilder k1 = KernelBuilder("_linalg_trsm", "lapack").run(solve);

}  // namespace
}  // namespace mx::cpu
