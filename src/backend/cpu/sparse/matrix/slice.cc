// Boxes of CSR matrices.
#include "ops/matrix/slice.h"

#include "dispatch/sparse_tensor.h"

namespace mx {
namespace {

/// Stored elements [first, last).
struct RowPart {
  int64_t first, last;
};

/// Those of one row that lie in the columns of the box. Indices of `csr` must ascend.
RowPart part_of(const SparseTensor& csr, const BoxParam& box, int64_t row) {
  const int64_t* begin = csr.indices() + csr.indptr()[box.start[0] + row];
  const int64_t* end = csr.indices() + csr.indptr()[box.start[0] + row + 1];
  const int64_t* first = std::lower_bound(begin, end, box.start[1]);
  const int64_t* last = std::lower_bound(first, end, box.start[1] + box.count[1]);
  return {first - csr.indices(), last - csr.indices()};
}

/// Copies a part to the place `at` of the result.
template <typename T>
void copy_part(const SparseTensor& csr, const RowPart& part, int64_t first_column,
               SparseTensor& out, int64_t at) {
  const T* values = csr.values().template as<T>();
  std::copy(values + part.first, values + part.last, out.values().template as<T>() + at);
  const int64_t* from = csr.indices() + part.first;
  int64_t* to = out.indices() + at;
  for (int64_t k = 0; k < part.last - part.first; ++k) to[k] = from[k] - first_column;
}

/// All columns of some rows: their elements lie one behind the other.
void cut_rows(const SparseTensor& csr, const BoxParam& box, SparseTensor& out) {
  csr.check_indices("slice");
  const int64_t *starts = csr.indptr() + box.start[0], rows = box.count[0];
  out.allocate(starts[rows] - starts[0]);
  for (int64_t row = 0; row <= rows; ++row) out.indptr()[row] = starts[row] - starts[0];
  visit_width(csr.dtype(), [&]<typename T>(TypeTag<T>) {
    parallel_for(out.count(), grain_for(1), [&](int64_t begin, int64_t end) {
      copy_part<T>(csr, {starts[0] + begin, starts[0] + end}, 0, out, begin);
    });
  });
}

void cut_box(SparseTensor& csr, const BoxParam& box, SparseTensor& out) {
  csr.sort();
  const int64_t rows = box.count[0];
  std::vector<RowPart> parts(static_cast<size_t>(rows));
  const double each = static_cast<double>(csr.count()) / static_cast<double>(csr.shape()[0] + 1);
  parallel_for(rows, grain_for(10), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row)
      parts[static_cast<size_t>(row)] = part_of(csr, box, row);
  });
  std::vector<int64_t> starts{0};
  starts.reserve(static_cast<size_t>(rows + 1));
  for (const RowPart& part : parts) starts.push_back(starts.back() + part.last - part.first);
  out.allocate(starts.back());
  std::copy(starts.begin(), starts.end(), out.indptr());
  visit_width(csr.dtype(), [&]<typename T>(TypeTag<T>) {
    parallel_for(rows, grain_for(5 + each), [&](int64_t begin, int64_t end) {
      for (auto row = static_cast<size_t>(begin); row < static_cast<size_t>(end); ++row)
        copy_part<T>(csr, parts[row], box.start[1], out, starts[row]);
    });
  });
}

void cut(SparseTensor& csr, const BoxParam& box, SparseTensor& out) {
  const bool is_whole = box.start[1] == 0 && box.count[1] == csr.shape()[1];
  is_whole ? cut_rows(csr, box, out) : cut_box(csr, box, out);
}

const char* refuse(const KernelQuery& query) {
  const bool fits =
      query.in[0].storage == StorageKind::kCsr && query.out[0].storage == StorageKind::kCsr;
  return fits ? nullptr : "cuts csr matrices";
}

const char* refuse_steps(const KernelQuery& query) {
  if (const char* reason = refuse(query)) return reason;
  const BoxParam box = slice_box(query.params.as<SliceParam>(), query.in[0].shape, "slice");
  return box.step == Shape{1, 1} ? nullptr : "takes steps of 1";
}

void slice(const Params& params, KernelContext&, std::span<SparseTensor> in,
           std::span<SparseTensor> out) {
  cut(in[0], slice_box(params.as<SliceParam>(), in[0].shape(), "slice"), out[0]);
}

void slice_axis(const Params& params, KernelContext&, std::span<SparseTensor> in,
                std::span<SparseTensor> out) {
  cut(in[0], slice_axis_box(params.as<SliceAxisParam>(), in[0].shape(), "slice_axis"), out[0]);
}

const KernelBuilder k1 = KernelBuilder("slice", "sparse").refuse(refuse_steps).run_sparse(slice);
const KernelBuilder k2 =
    KernelBuilder("slice_axis", "sparse").refuse(refuse).run_sparse(slice_axis);

}  // namespace
}  // namespace mx
