#include <algorithm>
#include <cmath>
#include <vector>

#include "backend/cpu/lapack/batch.h"
#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

template <typename T>
void transpose(int64_t n, const T* from, T* to) {
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j) to[j * n + i] = from[i * n + j];
}

/// Throws: ValueError where eigenvalues are not real.
template <typename T>
void require_real(int64_t i, const std::vector<T>& imaginary) {
  if (std::any_of(imaginary.begin(), imaginary.end(), [](T x) { return x != 0; }))
    fail(ErrorKind::kValue, "_linalg_geev: A: matrix ", i,
         " has complex eigenvalues; expected matrices whose eigenvalues are real");
}

void eigen(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const lapack::SquareBatch batch(in[0].shape);
  const int64_t n = batch.n, size = batch.size();
  if (in[0].size() == 0) return;
  lapack::visit(in[0].dtype, [&]<typename T>(TypeTag<T>) {
    T* values = context.wants(0) ? out[0].as<T>() : context.scratch->get_array<T>(batch.count * n);
    lapack::for_each_matrix(batch.count, 25 * batch.cube(), [&](int64_t i) {
      const auto elements = static_cast<size_t>(size);
      std::vector<T> matrix(elements), vectors(elements), imaginary(static_cast<size_t>(n));
      // The library counts columns first.
      transpose(n, in[0].as<T>() + i * size, matrix.data());
      if (!lapack::general_eigen(n, matrix.data(), values + i * n, imaginary.data(),
                                 vectors.data()))
        fail(ErrorKind::kValue, "_linalg_geev: A: matrix ", i,
             " has eigenvalues that were not found; expected finite numbers");
      require_real(i, imaginary);
      if (context.wants(1)) transpose(n, vectors.data(), out[1].as<T>() + i * size);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_linalg_geev", "lapack").run(eigen);

}  // namespace
}  // namespace mx::cpu
