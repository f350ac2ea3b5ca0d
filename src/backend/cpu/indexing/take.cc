// take, Embedding: rows are copied whole; the gradient adds them up in the order of the indices.
#include "ops/indexing/take.h"

#include <cstring>

#include "backend/cpu/common/indices.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// Indices brought into [0, size), in scratch memory. Throws: IndexError with mode raise.
int64_t* bounded_indices(const Tensor& indices, int64_t size, TakeMode mode, KernelContext& context,
                         const char* op) {
  const int64_t count = indices.size();
  auto* bounded = context.scratch->get_array<int64_t>(std::max<int64_t>(count, 1));
  const OutOfRange rule = mode == TakeMode::kWrap ? OutOfRange::kWrap : OutOfRange::kClip;
  if (count > 0 && size == 0)
    fail(ErrorKind::kIndex, op, ": a has size 0 along the axis; expected elements to take");
  for_index_blocks(indices, 1, [&](int64_t first, int64_t n, const int64_t* index) {
    const int64_t bad = mode == TakeMode::kRaise ? find_outside(index, n, 0, size) : n;
    if (bad < n)
      fail(ErrorKind::kIndex, op, ": indices=", index[bad], " is out of range; expected 0 to ",
           size - 1);
    bound_indices(index, n, size, rule, bounded + first);
  });
  return bounded;
}

void take_rows(const Tensor& a, const Tensor& indices, int axis, TakeMode mode, const Tensor& out,
               KernelContext& context, const char* op) {
  const int64_t size = a.shape[axis], count = indices.size();
  const int64_t outer = a.shape.size(0, axis), inner = a.shape.size(axis + 1, a.ndim());
  const int64_t* at = bounded_indices(indices, size, mode, context, op);
  const int64_t bytes = inner * dtype_size(a.dtype);
  if (bytes == 0) return;
  const double cost = 2 + 0.1 * static_cast<double>(bytes);
  visit_width(a.dtype, [&]<typename T>(TypeTag<T>) {
    parallel_for(outer * count, grain_for(cost), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end;) {  // the part of one outer index
        const int64_t o = i / count, stop = std::min(end, (o + 1) * count);
        const T* from = a.as<T>() + o * size * inner;
        const int64_t* index = at - o * count;
        T* to = out.as<T>();
        const auto copy = [&](auto length) {
          for (; i < stop; ++i)
            std::memcpy(to + i * length, from + index[i] * length, length * sizeof(T));
        };
        if (inner == 1)
          copy(std::integral_constant<size_t, 1>());
        else if (inner == 2)  // with the length known, a copy is one move
          copy(std::integral_constant<size_t, 2>());
        else if (inner == 4)
          copy(std::integral_constant<size_t, 4>());
        else
          copy(static_cast<size_t>(inner));
      }
    });
  });
}

void take(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<TakeParam>();
  const int axis = normalize_axis(p.axis, in[0].ndim(), "take");
  take_rows(in[0], in[1], axis, p.mode, out[0], context, "take");
}

void embedding(const Params&, KernelContext& context, Inputs in, Outputs out) {
  take_rows(in[1], in[0], 0, TakeMode::kClip, out[0], context, "Embedding");
}

void take_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<TakeBackwardParam>();
  const int axis = normalize_axis(p.axis, out[0].ndim(), "_backward_take");
  const Shape& shape = out[0].shape;
  const int64_t inner = shape.size(axis + 1, shape.ndim()), count = in[1].size();
  int64_t* position = bounded_indices(in[1], shape[axis], p.mode, context, "_backward_take");
  for (int64_t i = 0; i < count; ++i) position[i] *= inner;
  add_rows({position, shape.size(0, axis), count, inner, shape[axis] * inner}, in[0], out[0],
           context);
}

const KernelBuilder k1 = KernelBuilder("take", "native").run(take);
const KernelBuilder k2 = KernelBuilder("Embedding", "native").run(embedding);
const KernelBuilder k3 = KernelBuilder("_backward_take", "native").run(take_backward);

}  // namespace
}  // namespace mx
