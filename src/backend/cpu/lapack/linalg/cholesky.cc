#include "backend/cpu/lapack/batch.h"
#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void factor(const Params&, KernelContext&, Inputs in, Outputs out) {
  const lapack::SquareBatch batch(out[0].shape);
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    lapack::for_each_matrix(batch.count, batch.cube() / 3, [&](int64_t i) {
      T* matrix = out[0].as<T>() + i * batch.size();
      lapack::copy_elements(in[0].as<T>() + i * batch.size(), matrix, batch.size());
      require(lapack::cholesky(batch.n, matrix), "_linalg_potrf: A: matrix ", i,
              " is not positive definite; expected symmetric positive definite matrices");
    });
  });
}

void inverse(const Params&, KernelContext&, Inputs in, Outputs out) {
  const lapack::SquareBatch batch(out[0].shape);
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    lapack::for_each_matrix(batch.count, batch.cube(), [&](int64_t i) {
      T* matrix = out[0].as<T>() + i * batch.size();
      lapack::copy_elements(in[0].as<T>() + i * batch.size(), matrix, batch.size());
      require(lapack::inverse_of_cholesky(batch.n, matrix), "_linalg_potri: A: matrix ", i,
              " has a zero on its diagonal; expected factors as _linalg_potrf gives them");
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_linalg_potrf", "lapack").run(factor);
const KernelBuilder k2 = KernelBuilder("_linalg_potri", "lapack").run(inverse);

}  // namespace
}  // namespace mx::cpu
