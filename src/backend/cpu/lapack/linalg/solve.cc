#include <algorithm>
#include <vector>

#include "backend/cpu/lapack/batch.h"
#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void solve(const Params&, KernelContext&, Inputs in, Outputs out) {
  const lapack::SquareBatch batch(in[0].shape);
  const int64_t n = batch.n, columns = out[0].shape.back(), size = n * columns;
  if (out[0].size() == 0) return;
  const double operations = 2 * batch.cube() / 3 + 2.0 * static_cast<double>(n * size);
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    lapack::for_each_matrix(batch.count, operations, [&](int64_t i) {
      const T* matrix = in[0].as<T>() + i * batch.size();
      std::vector<T> factors(matrix, matrix + batch.size());
      std::vector<int> pivots(static_cast<size_t>(n));
      if (lapack::lu(n, factors.data(), pivots.data()) != 0)
        fail(ErrorKind::kValue, "_linalg_solve: A: matrix ", i,
             " is singular; expected matrices of full rank");
      T* values = out[0].as<T>() + i * size;
      lapack::copy_elements(in[1].as<T>() + i * size, values, size);
      lapack::solve_lu(n, columns, factors.data(), pivots.data(), values);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_linalg_solve", "lapack").run(solve);

}  // namespace
}  // namespace mx::cpu
