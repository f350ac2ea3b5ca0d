#include <algorithm>
#include <cmath>

#include "backend/cpu/lapack/batch.h"
#include "backend/cpu/lapack/jacobi.h"
#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Turns each row so that its element of the largest size is positive.
template <typename T>
void choose_signs(int64_t n, T* rows) {
  for (int64_t i = 0; i < n; ++i, rows += n) {
    const T* largest =
        std::max_element(rows, rows + n, [](T a, T b) { return std::abs(a) < std::abs(b); });
    if (*largest < 0)
      for (int64_t j = 0; j < n; ++j) rows[j] = -rows[j];
  }
}

[[noreturn]] void fail_eigen(int64_t i) {
  fail(ErrorKind::kValue, "_linalg_syevd: A: matrix ", i,
       " has eigenvalues that were not found; expected finite numbers");
}

void eigen(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const lapack::SquareBatch batch(out[0].shape);
  if (out[0].size() == 0) return;
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    T* values = context.wants(1) ? out[1].as<T>() : context.scratch->get_array<T>(out[1].size());
    lapack::for_each_matrix(batch.count, 9 * batch.cube(), [&](int64_t i) {
      T* matrix = out[0].as<T>() + i * batch.size();
      lapack::copy_elements(in[0].as<T>() + i * batch.size(), matrix, batch.size());
      if (!lapack::eigen(batch.n, matrix, values + i * batch.n)) fail_eigen(i);
      choose_signs(batch.n, matrix);
    });
  });
}

void small_eigen(const Params&, KernelContext& context, Inputs in, Outputs out) {
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    lapack::for_each_small<T>(in[0], [&](const MatrixGroup<T>& group, int64_t n, Lanes<T>* rows) {
      Lanes<T> values[kMostSmallRows];
      group.for_each_marked(lanes::eigen(n, rows, values), fail_eigen);
      group.write(rows, n * n, out[0].as<T>());
      if (context.wants(1)) group.write(values, n, out[1].as<T>());
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_linalg_syevd", "lapack").run(eigen);
const KernelBuilder k2 = lapack::small_kernel("_linalg_syevd", small_eigen);

}  // namespace
}  // namespace mx::cpu
