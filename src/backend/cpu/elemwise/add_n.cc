// Sum of any number of arrays: a block at a time, so that the sum stays in cache; each array is
// read once and the result written once.
#include <cstddef>

#include "backend/common/elemwise/arithmetic.h"
#include "backend/cpu/convert.h"
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {
namespace {

constexpr int64_t kBlock = 1024;

void add_block(Inputs in, const Tensor& out, BinaryLoop add, DType compute, int64_t at, int64_t n) {
  alignas(32) std::byte total[kBlock * sizeof(double)], addend[kBlock * sizeof(double)];
  const math::Add f;
  const int64_t offset = at * dtype_size(out.dtype);
  convert_elements(out.dtype, in[0].as<char>() + offset, compute, total, n);
  for (const Tensor& input : in.subspan(1)) {
    const void* next = input.as<char>() + offset;
    if (compute != out.dtype) {
      convert_elements(out.dtype, next, compute, addend, n);
      next = addend;
    }
    add(&f, total, 1, next, 1, total, n);
  }
  convert_elements(compute, total, out.dtype, out.as<char>() + offset, n);
}

void add_n(const Params&, KernelContext&, Inputs in, Outputs out) {
  static constexpr LoopTable<BinaryLoop> loops = binary_loops<math::Add>();
  const DType compute = loops.computed_in(out[0].dtype);
  const auto bytes = static_cast<int64_t>(layout_bytes(out[0].shape, out[0].dtype, out[0].layout));
  const double cost = 0.2 * static_cast<double>(in.size());
  parallel_for(bytes / dtype_size(out[0].dtype), grain_for(cost), [&](int64_t begin, int64_t end) {
    for (int64_t at = begin; at < end; at += kBlock)
      add_block(in, out[0], loops.of(compute), compute, at, std::min(kBlock, end - at));
  });
}

const KernelBuilder k1 = flat_kernel("add_n", add_n);

}  // namespace
}  // namespace mx::cpu
