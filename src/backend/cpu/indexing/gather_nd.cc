// gather_nd, scatter_nd, _backward_gather_nd: coordinates become element offsets, then slices are
// copied or added.
#include <cstring>
#include <vector>

#include "backend/cpu/common/fill.h"
#include "backend/cpu/common/indices.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// The slices that `indices` select of an array of `shape`.
class Selection {
 public:
  Selection(const Tensor& indices, const Shape& shape, const char* op)
      : indices_(indices), op_(op), count_(indices.shape.size(1, indices.ndim())) {
    const auto axes = static_cast<int>(indices.shape[0]);
    inner_ = shape.size(axes, shape.ndim());
    for (int a = 0; a < axes; ++a) axes_.push_back({shape[a], shape.size(a + 1, shape.ndim())});
  }
  int64_t count() const { return count_; }
  int64_t inner() const { return inner_; }

  /// Where slices [first, first + n) begin, n <= kIndexBlock, in elements. Throws: IndexError.
  void read(int64_t first, int64_t n, int64_t* offset) const {
    std::fill_n(offset, n, int64_t{0});
    int64_t room[kIndexBlock];
    for (size_t a = 0; a < axes_.size(); ++a) {
      const auto [size, step] = axes_[a];
      const int64_t* at = read_indices(indices_, static_cast<int64_t>(a) * count_ + first, n, room);
      const int64_t bad = find_outside(at, n, -size, size);
      if (bad < n)
        fail(ErrorKind::kIndex, op_, ": indices=", at[bad], " is out of range along axis ", a,
             "; expected ", -size, " to ", size - 1);
      for (int64_t i = 0; i < n; ++i) offset[i] += (at[i] < 0 ? at[i] + size : at[i]) * step;
    }
  }

  /// Calls body(first, n, offset) for blocks of slices, in parallel.
  template <typename Body>
  void for_blocks(double cost, const Body& body) const {
    parallel_for(count_, grain_for(3 + cost), [&](int64_t begin, int64_t end) {
      int64_t offset[kIndexBlock];
      for (int64_t first = begin; first < end; first += kIndexBlock) {
        const int64_t n = std::min(kIndexBlock, end - first);
        read(first, n, offset);
        body(first, n, offset);
      }
    });
  }

  /// Where all slices begin, in scratch memory.
  const int64_t* read_all(KernelContext& context) const {
    auto* all = context.scratch->get_array<int64_t>(std::max<int64_t>(count_, 1));
    for_blocks(1, [&](int64_t first, int64_t n, const int64_t* offset) {
      std::copy_n(offset, n, all + first);
    });
    return all;
  }

 private:
  struct Axis {
    int64_t size, step;
  };
  const Tensor& indices_;
  const char* op_;
  int64_t count_, inner_;
  std::vector<Axis> axes_;
};

void gather(const Params&, KernelContext&, Inputs in, Outputs out) {
  const Selection s(in[1], in[0].shape, "gather_nd");
  const int64_t inner = s.inner(), bytes = inner * dtype_size(in[0].dtype);
  visit_width(in[0].dtype, [&]<typename T>(TypeTag<T>) {
    const T* from = in[0].as<T>();
    T* to = out[0].as<T>();
    s.for_blocks(
        0.1 * static_cast<double>(bytes), [=](int64_t first, int64_t n, const int64_t* offset) {
          if (inner == 1)
            for (int64_t i = 0; i < n; ++i) to[first + i] = from[offset[i]];
          else
            for (int64_t i = 0; i < n; ++i)
              std::memcpy(to + (first + i) * inner, from + offset[i], static_cast<size_t>(bytes));
        });
  });
}

/// In order, because the last of several writers to one place wins; after all have been checked.
void write_slices(const Selection& s, const int64_t* offset, const Tensor& data,
                  const Tensor& out) {
  const int64_t inner = s.inner(), bytes = inner * dtype_size(data.dtype);
  visit_width(data.dtype, [&]<typename T>(TypeTag<T>) {
    const T* from = data.as<T>();
    T* to = out.as<T>();
    if (inner == 1)
      for (int64_t i = 0; i < s.count(); ++i) to[offset[i]] = from[i];
    else
      for (int64_t i = 0; i < s.count(); ++i)
        std::memcpy(to + offset[i], from + i * inner, static_cast<size_t>(bytes));
  });
}

void scatter(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Selection s(in[1], out[0].shape, "scatter_nd");
  const int64_t* offset = s.read_all(context);
  fill_value(out[0], 0);
  write_slices(s, offset, in[0], out[0]);
}

void scatter_set(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Selection s(in[2], out[0].shape, "_scatter_set_nd");
  const int64_t* offset = s.read_all(context);
  if (out[0].data != in[0].data)
    std::memcpy(out[0].data, in[0].data,
                static_cast<size_t>(in[0].size() * dtype_size(in[0].dtype)));
  write_slices(s, offset, in[1], out[0]);
}

void accumulate(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Selection s(in[1], out[0].shape, "_backward_gather_nd");
  add_rows({s.read_all(context), 1, s.count(), s.inner(), 0}, in[0], out[0], context);
}

const KernelBuilder k1 = KernelBuilder("gather_nd", "native").run(gather);
const KernelBuilder k2 = KernelBuilder("scatter_nd", "native").run(scatter);
const KernelBuilder k3 = KernelBuilder("_scatter_set_nd", "native").run(scatter_set);
const KernelBuilder k4 = KernelBuilder("_backward_gather_nd", "native").run(accumulate);

}  // namespace
}  // namespace mx
