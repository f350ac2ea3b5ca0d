#include "backend/cpu/elemwise/loops.h"

#include <cmath>
#include <cstddef>

#include "backend/common/broadcast_plan.h"
#include "backend/cpu/convert.h"

namespace mx::cpu {
namespace {

/// Elements converted at a time: three blocks of doubles stay in the first-level cache.
constexpr int64_t kBlock = 1024;

/// A run of an operand in the dtype of the computation, converted block by block where needed.
class Operand {
 public:
  Operand(const Tensor& tensor, DType compute)
      : data_(static_cast<const char*>(tensor.data)),
        dtype_(tensor.dtype),
        compute_(compute),
        width_(dtype_size(tensor.dtype)) {}

  bool is_direct() const { return dtype_ == compute_; }
  /// Elements [offset, offset + n), or the one at offset when step is 0.
  const void* block(int64_t offset, int64_t step, int64_t n) {
    const void* at = data_ + offset * width_;
    if (is_direct()) return at;
    convert_elements(dtype_, at, compute_, buffer_, step ? n : 1);
    return buffer_;
  }

 private:
  const char* data_;
  DType dtype_, compute_;
  int64_t width_;
  alignas(32) std::byte buffer_[kBlock * sizeof(double)];
};

/// Where a block of results goes: straight into the tensor, or through a buffer.
class Result {
 public:
  Result(const Tensor& tensor, DType compute)
      : data_(static_cast<char*>(tensor.data)),
        dtype_(tensor.dtype),
        compute_(compute),
        width_(dtype_size(tensor.dtype)) {}

  bool is_direct() const { return dtype_ == compute_; }
  void* block(int64_t offset) {
    return is_direct() ? static_cast<void*>(data_ + offset * width_) : buffer_;
  }
  void store(int64_t offset, int64_t n) {
    if (!is_direct()) convert_elements(compute_, buffer_, dtype_, data_ + offset * width_, n);
  }

 private:
  char* data_;
  DType dtype_, compute_;
  int64_t width_;
  alignas(32) std::byte buffer_[kBlock * sizeof(double)];
};

/// Elements in the buffer, padding of blocked layouts included.
int64_t flat_size(const Tensor& tensor) {
  if (tensor.layout == Layout::kPlain) return tensor.size();
  return static_cast<int64_t>(layout_bytes(tensor.shape, tensor.dtype, tensor.layout)) /
         dtype_size(tensor.dtype);
}

/// The dtype that a function of numbers of the dtype `in` works in; truth values (`out` is bool)
/// are about the inputs, other results may be of a wider dtype than those.
template <typename Loop>
DType compute_dtype(const LoopTable<Loop>& loops, DType in, DType out) {
  return loops.computed_in(out == DType::kBool ? in : out);
}

/// The same with a number, which integers are compared with as it is.
DType scalar_compute_dtype(const LoopTable<BinaryLoop>& loops, DType in, double scalar, DType out) {
  const bool fraction = out == DType::kBool && !is_floating(in) && scalar != std::trunc(scalar);
  return fraction ? DType::kFloat64 : compute_dtype(loops, in, out);
}

int64_t element_grain(double cost) { return std::max<int64_t>(grain_for(cost), 4096); }

struct BinaryCall {
  BinaryLoop loop;
  const void* functor;
  DType compute;
  const Tensor &a, &b, &y;

  /// One run of n results that start at y_at; steps are 0 or 1.
  void run(Operand& left, Operand& right, Result& result, int64_t y_at, int64_t a_at,
           int64_t a_step, int64_t b_at, int64_t b_step, int64_t n) const {
    const bool direct = left.is_direct() && right.is_direct() && result.is_direct();
    const int64_t block = direct ? n : kBlock;
    for (int64_t i = 0; i < n; i += block) {
      const int64_t count = std::min(block, n - i);
      const void* p = left.block(a_at + i * a_step, a_step, count);
      const void* q = right.block(b_at + i * b_step, b_step, count);
      loop(functor, p, a_step, q, b_step, result.block(y_at + i), count);
      result.store(y_at + i, count);
    }
  }
};

void run_flat(const BinaryCall& call, int64_t a_step, int64_t b_step, int64_t n, double cost) {
  parallel_for(n, element_grain(cost), [&](int64_t begin, int64_t end) {
    Operand left(call.a, call.compute), right(call.b, call.compute);
    Result result(call.y, call.compute);
    call.run(left, right, result, begin, begin * a_step, a_step, begin * b_step, b_step,
             end - begin);
  });
}

void run_broadcast(const BinaryCall& call, double cost) {
  const BroadcastPlan<2> plan(call.y.shape, {&call.a.shape, &call.b.shape});
  if (plan.is_flat())
    return run_flat(call, plan.inner_step(0), plan.inner_step(1), plan.size(), cost);
  parallel_for(plan.size(), element_grain(cost), [&](int64_t begin, int64_t end) {
    Operand left(call.a, call.compute), right(call.b, call.compute);
    Result result(call.y, call.compute);
    plan.for_each_row(begin, end, [&](int64_t at, const std::array<int64_t, 2>& in, int64_t n) {
      call.run(left, right, result, at, in[0], plan.inner_step(0), in[1], plan.inner_step(1), n);
    });
  });
}

}  // namespace

void map_unary(const LoopTable<UnaryLoop>& loops, const void* functor, const Tensor& x,
               const Tensor& y, double cost) {
  const DType compute = compute_dtype(loops, x.dtype, y.dtype);
  const UnaryLoop loop = loops.of(compute);
  parallel_for(flat_size(x), element_grain(cost), [&](int64_t begin, int64_t end) {
    Operand in(x, compute);
    Result out(y, compute);
    const int64_t block = in.is_direct() && out.is_direct() ? end - begin : kBlock;
    for (int64_t i = begin; i < end; i += block) {
      const int64_t n = std::min(block, end - i);
      loop(functor, in.block(i, 1, n), out.block(i), n);
      out.store(i, n);
    }
  });
}

void map_binary(const LoopTable<BinaryLoop>& loops, const void* functor, const Tensor& a,
                const Tensor& b, const Tensor& y, double cost) {
  if (y.size() == 0) return;
  const DType compute = compute_dtype(loops, a.dtype, y.dtype);
  const BinaryCall call{loops.of(compute), functor, compute, a, b, y};
  if (a.shape == b.shape) return run_flat(call, 1, 1, flat_size(y), cost);
  run_broadcast(call, cost);
}

void map_scalar(const LoopTable<BinaryLoop>& loops, const void* functor, const Tensor& x,
                double scalar, bool reversed, const Tensor& y, double cost) {
  const DType compute = scalar_compute_dtype(loops, x.dtype, scalar, y.dtype);
  alignas(8) char number[8];
  convert_elements(DType::kFloat64, &scalar, compute, number, 1);
  const Tensor constant{number, Shape{1}, compute};
  if (reversed)
    run_flat({loops.of(compute), functor, compute, constant, x, y}, 0, 1, flat_size(x), cost);
  else
    run_flat({loops.of(compute), functor, compute, x, constant, y}, 1, 0, flat_size(x), cost);
}

/// The layout of the first input that is not plain, for inputs of one shape.
LayoutChoice common_layout(const KernelQuery& query) {
  Layout chosen = Layout::kPlain;
  bool same_shape = true;
  for (const TensorDesc& in : query.in) {
    if (chosen == Layout::kPlain) chosen = in.layout;
    same_shape &= in.shape == query.in[0].shape;
  }
  if (!same_shape) chosen = Layout::kPlain;
  return {std::vector(query.in.size(), chosen), std::vector(query.out.size(), chosen)};
}

const char* refuse_mixed_layouts(const KernelQuery& query) {
  for (const TensorDesc& in : query.in)
    if (in.layout != query.out[0].layout) return "works on tensors of one layout";
  return nullptr;
}

LayoutChoice plain_layout(const KernelQuery& query) {
  return {std::vector(query.in.size(), Layout::kPlain),
          std::vector(query.out.size(), Layout::kPlain)};
}

KernelBuilder plain_kernel(const char* op, KernelFn kernel) {
  return KernelBuilder(op, "native").run(kernel);
}

KernelBuilder flat_kernel(const char* op, KernelFn kernel) {
  return plain_kernel(op, kernel).refuse(refuse_mixed_layouts).choose_layouts(common_layout);
}

}  // namespace mx::cpu
