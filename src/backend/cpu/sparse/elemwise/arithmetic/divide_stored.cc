// The quotient of what a row-sparse array stores and another sparse array.
#include "backend/common/elemwise/arithmetic.h"
#include "backend/cpu/sparse/elemwise/detail/rows.h"

namespace mx {
namespace {

const char* refuse(const KernelQuery& query) {
  const bool fits = query.in[0].storage == StorageKind::kRowSparse &&
                    query.in[1].storage != StorageKind::kDefault &&
                    query.out[0].storage == StorageKind::kRowSparse;
  return fits ? nullptr : "divides a row_sparse array by a sparse one";
}

template <typename T>
void divide_rows(const SparseTensor& lhs, const SparseTensor& rhs, T* out) {
  using C = ComputeType<T>;
  const IndexSet stored = stored_rows(rhs);
  const int64_t width = row_width(lhs), *rows = lhs.indices();
  const T* values = lhs.values().template as<T>();
  parallel_for(lhs.count(), grain_for(5 + 3 * static_cast<double>(width)),
               [&](int64_t begin, int64_t end) {
                 std::vector<C> divisor(static_cast<size_t>(width));
                 for (int64_t i = begin; i < end; ++i) {
                   std::fill(divisor.begin(), divisor.end(), C(0));
                   add_row_of<C, T>(rhs, stored, rows[i], width, divisor.data());
                   for (int64_t c = 0; c < width; ++c)
                     out[i * width + c] = static_cast<T>(math::Divide{}(
                         static_cast<C>(values[i * width + c]), divisor[static_cast<size_t>(c)]));
                 }
               });
}

/// What lhs does not store stays unstored; what rhs does not store divides as the zero that it is.
void divide_stored(const Params&, KernelContext&, std::span<SparseTensor> in,
                   std::span<SparseTensor> out) {
  in[0].sort();
  in[1].sort();
  out[0].allocate_like(in[0]);
  visit_dtype(in[0].dtype(), "_scatter_elemwise_div", [&]<typename T>(TypeTag<T>) {
    if constexpr (!std::is_same_v<T, bool>)
      divide_rows<T>(in[0], in[1], out[0].values().template as<T>());
  });
}

const KernelBuilder k1 =
    KernelBuilder("_scatter_elemwise_div", "sparse").refuse(refuse).run_sparse(divide_stored);

}  // namespace
}  // namespace mx
