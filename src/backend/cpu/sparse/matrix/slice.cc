// Boxes of CSR matrices.
#include "ops/matrix/slice.h"

#include "dispatch/sparse_tensor.h"

namespace mx {
namespace {

/// The stored elements [first, last) of one row that lie in the columns of the box.
struct RowPart {
  int64_t first, last;
};

/// Indices of `csr` must ascend.
RowPart part_of(const SparseTensor& csr, const BoxParam& box, int64_t row) {
  const int64_t* begin = csr.indices() + csr.indptr()[box.start[0] + row];
  const int64_t* end = csr.indices() + csr.indptr()[box.start[0] + row + 1];
  const int64_t* first = std::lower_bound(begin, end, box.start[1]);
  const int64_t* last = std::lower_bound(first, end, box.start[1] + box.count[1]);
  return {first - csr.indices(), last - csr.indices()};
}

void cut(SparseTensor& csr, const BoxParam& box, SparseTensor& out) {
  csr.sort();
  const int64_t rows = box.count[0];
  std::vector<int64_t> starts{0};
  starts.reserve(static_cast<size_t>(rows + 1));
  for (int64_t row = 0; row < rows; ++row) {
    const RowPart part = part_of(csr, box, row);
    starts.push_back(starts.back() + part.last - part.first);
  }
  out.allocate(starts.back());
  std::copy(starts.begin(), starts.end(), out.indptr());
  visit_width(csr.dtype(), [&]<typename T>(TypeTag<T>) {
    const T* values = csr.values().as<T>();
    T* to = out.values().as<T>();
    for (int64_t row = 0; row < rows; ++row) {
      const RowPart part = part_of(csr, box, row);
      const int64_t at = starts[static_cast<size_t>(row)];
      std::copy(values + part.first, values + part.last, to + at);
      for (int64_t k = part.first; k < part.last; ++k)
        out.indices()[at + k - part.first] = csr.indices()[k] - box.start[1];
    }
  });
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
