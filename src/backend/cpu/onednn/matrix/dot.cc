// dot and batch_dot by oneDNN's matmul; transposed operands are read as they lie.
#include "ops/matrix/dot.h"

#include "backend/cpu/onednn/matmul.h"
#include "backend/cpu/onednn/primitive_kernel.h"

namespace mx::onednn {
namespace {

using Desc = dnnl::memory::desc;

/// `batch` matrices (rows x columns), stored transposed or not.
Desc matrix_desc(int64_t batch, int64_t rows, int64_t columns, bool transposed, DType dtype) {
  const int64_t row = transposed ? 1 : columns, column = transposed ? rows : 1;
  if (batch == 1) return Desc({rows, columns}, data_type(dtype), {row, column});
  return Desc({batch, rows, columns}, data_type(dtype), {rows * columns, row, column});
}

PreparedPtr prepare_product(const KernelQuery& query, const DotSizes& s) {
  const auto& p = query.params.as<DotParam>();
  const DType dtype = query.in[0].dtype;
  const Desc lhs = matrix_desc(s.batch, s.m, s.k, p.transpose_a, dtype);
  const Desc rhs = matrix_desc(s.batch, s.k, s.n, p.transpose_b, dtype);
  const Desc out = matrix_desc(s.batch, s.m, s.n, false, dtype);
  const dnnl::matmul::primitive_desc desc(engine(), lhs, rhs, out, thread_safe_attr());
  auto kernel = PrimitiveKernel::of(dnnl::matmul(desc), desc);
  kernel->input(DNNL_ARG_SRC, 0, lhs, lhs);
  kernel->input(DNNL_ARG_WEIGHTS, 1, rhs, rhs);
  kernel->output(DNNL_ARG_DST, 0, out, out);
  return kernel;
}

PreparedPtr prepare_dot(const KernelQuery& query) {
  return prepare_product(
      query, dot_sizes(query.in[0].shape, query.in[1].shape, query.params.as<DotParam>()));
}

PreparedPtr prepare_batch_dot(const KernelQuery& query) {
  return prepare_product(
      query, batch_dot_sizes(query.in[0].shape, query.in[1].shape, query.params.as<DotParam>()));
}

const char* refuse(const KernelQuery& query) { return refuse_matmul(query); }

const KernelBuilder k1 =
    KernelBuilder("dot", "onednn").refuse(refuse).prepare(prepare_dot).priority(kLibraryPriority);
const KernelBuilder k2 = KernelBuilder("batch_dot", "onednn")
                             .refuse(refuse)
                             .prepare(prepare_batch_dot)
                             .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::onednn
