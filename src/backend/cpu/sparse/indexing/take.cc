// Rows of sparse arrays, and the row-sparse gradient of take and Embedding.
#include "ops/indexing/take.h"

#include <algorithm>

#include "backend/cpu/common/indices.h"
#include "backend/cpu/sparse/index_set.h"
#include "backend/cpu/sparse/stored.h"

namespace mx {
namespace {

const char* refuse(const KernelQuery& query) {
  const auto& p = query.params.as<TakeBackwardParam>();
  const bool fits = p.axis == 0 && p.mode != TakeMode::kRaise &&
                    query.in[0].storage == StorageKind::kDefault &&
                    query.in[1].storage == StorageKind::kDefault &&
                    query.out[0].storage == StorageKind::kRowSparse;
  return fits ? nullptr : "gives the row_sparse gradient along axis 0";
}

/// Row numbers brought into the array, in scratch memory.
int64_t* bounded_rows(const Tensor& indices, int64_t rows, TakeMode mode, KernelContext& context) {
  const int64_t count = indices.size();
  if (count > 0 && rows == 0)
    fail(ErrorKind::kIndex, "take: indices picks ", count,
         " rows of an array that has none; expected no indices");
  auto* bounded = context.scratch->get_array<int64_t>(std::max<int64_t>(count, 1));
  bound_indices(widen_indices(indices, context), count, rows,
                mode == TakeMode::kWrap ? OutOfRange::kWrap : OutOfRange::kClip, bounded);
  return bounded;
}

/// Rows that were taken are stored; their gradients add up in the order of the indices.
void take_backward(const Params& params, KernelContext& context, std::span<SparseTensor> in,
                   std::span<SparseTensor> out) {
  const Tensor d_out = in[0].values(), indices = in[1].values();
  const int64_t rows = out[0].shape()[0], count = indices.size(), width = row_width(out[0]);
  int64_t* place = bounded_rows(indices, rows, params.as<TakeBackwardParam>().mode, context);
  const IndexSet stored(place, count, rows);
  for (int64_t i = 0; i < count; ++i) place[i] = stored.find(place[i]) * width;
  out[0].allocate(stored.size());
  std::copy(stored.numbers().begin(), stored.numbers().end(), out[0].indices());
  add_rows({place, 1, count, width, stored.size() * width}, d_out, out[0].values(), context);
}

const char* refuse_csr(const KernelQuery& query) {
  const auto& p = query.params.as<TakeParam>();
  const bool fits = p.axis == 0 && p.mode != TakeMode::kRaise && query.in[1].shape.ndim() == 1 &&
                    query.in[0].storage == StorageKind::kCsr &&
                    query.in[1].storage == StorageKind::kDefault &&
                    query.out[0].storage == StorageKind::kCsr;
  return fits ? nullptr : "takes rows of csr matrices by a vector of indices";
}

void take_csr(const Params& params, KernelContext& context, std::span<SparseTensor> in,
              std::span<SparseTensor> out) {
  const SparseTensor& csr = in[0];
  csr.check_indices("take");
  const int64_t count = out[0].shape()[0];
  const int64_t* rows =
      bounded_rows(in[1].values(), csr.shape()[0], params.as<TakeParam>().mode, context);
  const auto stored_in = [&](int64_t row) { return csr.indptr()[row + 1] - csr.indptr()[row]; };
  int64_t total = 0;
  for (int64_t i = 0; i < count; ++i) total += stored_in(rows[i]);
  out[0].allocate(total);
  visit_width(csr.dtype(), [&]<typename T>(TypeTag<T>) {
    T* values = out[0].values().as<T>();
    int64_t at = 0;
    for (int64_t i = 0; i < count; ++i) {
      const int64_t first = csr.indptr()[rows[i]], n = stored_in(rows[i]);
      out[0].indptr()[i] = at;
      std::copy_n(csr.indices() + first, n, out[0].indices() + at);
      std::copy_n(csr.values().as<T>() + first, n, values + at);
      at += n;
    }
    out[0].indptr()[count] = at;
  });
}

const char* refuse_embedding(const KernelQuery& query) {
  const bool fits = query.in[0].storage == StorageKind::kDefault &&
                    query.in[1].storage == StorageKind::kRowSparse &&
                    query.out[0].storage == StorageKind::kDefault;
  return fits ? nullptr : "takes row_sparse weights";
}

/// Rows that the weight does not store are zero.
void embedding(const Params&, KernelContext& context, std::span<SparseTensor> in,
               std::span<SparseTensor> out) {
  SparseTensor& weight = in[1];
  weight.sort();
  const int64_t width = row_width(weight), count = in[0].shape().size();
  const int64_t* rows = bounded_rows(in[0].values(), weight.shape()[0], TakeMode::kClip, context);
  const bool all = weight.count() == weight.shape()[0];
  const IndexSet stored(weight.indices(), all ? 0 : weight.count(), weight.shape()[0]);
  visit_width(weight.dtype(), [&]<typename T>(TypeTag<T>) {
    const T* from = weight.values().as<T>();
    T* to = out[0].values().as<T>();
    parallel_for(count, grain_for(5 + static_cast<double>(width) / 4),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t i = begin; i < end; ++i) {
                     const int64_t row = all ? rows[i] : stored.find(rows[i]);
                     if (row < 0)
                       std::fill_n(to + i * width, width, T(0));
                     else
                       std::copy_n(from + row * width, width, to + i * width);
                   }
                 });
  });
}

const KernelBuilder k1 =
    KernelBuilder("_backward_take", "sparse").refuse(refuse).run_sparse(take_backward);
const KernelBuilder k2 = KernelBuilder("take", "sparse").refuse(refuse_csr).run_sparse(take_csr);
const KernelBuilder k3 =
    KernelBuilder("Embedding", "sparse").refuse(refuse_embedding).run_sparse(embedding);
const KernelBuilder k4 = KernelBuilder("_contrib_SparseEmbedding", "sparse")
                             .refuse(refuse_embedding)
                             .run_sparse(embedding);

}  // namespace
}  // namespace mx
