// Where the largest and the smallest elements are: one pass; the array is outer x length x inner
// round the axis, and each outer block is searched row by row for all of inner at once.
#include "ops/reduce/argmax.h"

#include "backend/common/convert.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

constexpr int64_t kBlock = 256;

struct Larger {
  template <typename C>
  static bool better(C x, C best) {
    return x > best || (x != x && best == best);
  }
};
struct Smaller {
  template <typename C>
  static bool better(C x, C best) {
    return x < best || (x != x && best == best);
  }
};

/// Searches `width` neighbouring columns of `length` elements that lie `step` apart.
template <typename Order, typename T, typename Index>
void search_columns(const T* x, int64_t length, int64_t step, int64_t width, Index* out) {
  using C = ComputeType<T>;
  C best[kBlock];
  int64_t where[kBlock] = {};
  for (int64_t j = 0; j < width; ++j) best[j] = static_cast<C>(x[j]);
  for (int64_t i = 1; i < length; ++i)
    for (int64_t j = 0; j < width; ++j) {
      const C value = static_cast<C>(x[i * step + j]);
      if (Order::better(value, best[j])) best[j] = value, where[j] = i;
    }
  for (int64_t j = 0; j < width; ++j) out[j] = convert_to<Index>(where[j]);
}

template <typename Order>
void search(const Tensor& in, const Tensor& out, int64_t outer, int64_t length, int64_t inner) {
  if (out.size() == 0) return;
  const int64_t blocks = (inner + kBlock - 1) / kBlock;
  const int64_t cost = length * std::min(inner, kBlock);
  visit_dtype(in.dtype, "argmax", [&](auto tag) {
    using T = typename decltype(tag)::type;
    const auto body = [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b) {
        const int64_t o = b / blocks, first = b % blocks * kBlock;
        const T* x = in.as<T>() + o * length * inner + first;
        const int64_t width = std::min(kBlock, inner - first), to = o * inner + first;
        if (out.dtype == in.dtype)
          search_columns<Order>(x, length, inner, width, out.as<T>() + to);
        else
          search_columns<Order>(x, length, inner, width, out.as<int64_t>() + to);
      }
    };
    parallel_for(outer * blocks, std::max<int64_t>(1, 16384 / cost), body);
  });
}

template <typename Order>
void search_axis(const Tensor& in, const Tensor& out, std::optional<int64_t> axis) {
  if (!axis) return search<Order>(in, out, 1, in.size(), 1);
  const int a = normalize_axis(*axis, in.ndim(), "argmax");
  search<Order>(in, out, in.shape.size(0, a), in.shape[a], in.shape.size(a + 1, in.ndim()));
}

template <typename Order>
void arg_kernel(const Params& params, KernelContext&, Inputs in, Outputs out) {
  search_axis<Order>(in[0], out[0], params.as<ArgmaxParam>().axis);
}

void argmax_channel(const Params&, KernelContext&, Inputs in, Outputs out) {
  search_axis<Larger>(in[0], out[0], 1);
}

const KernelBuilder k1 = KernelBuilder("argmax", "native").run(arg_kernel<Larger>);
const KernelBuilder k2 = KernelBuilder("argmin", "native").run(arg_kernel<Smaller>);
const KernelBuilder k3 = KernelBuilder("argmax_channel", "native").run(argmax_channel);

}  // namespace
}  // namespace mx::cpu
