#include "dispatch/kernel_cost.h"

#include <cmath>

namespace mx {
namespace {

double size_of(const Tensor& tensor) { return static_cast<double>(tensor.shape.size()); }

/// Each element of the result takes a row of the weight, whose rows are its first axis.
double rows_of_weight(const Tensor& result, const Tensor& weight) {
  return 2 * size_of(result) * size_of(weight) / static_cast<double>(weight.shape[0]);
}

/// (m, k) with (k, n) to (m, n), whichever is transposed; `batch` products in each.
double products(const Tensor& a, const Tensor& b, const Tensor& c, double batch) {
  return 2 * std::sqrt(size_of(a) * size_of(b) * size_of(c) / batch);
}

}  // namespace

double kernel_flops(std::string_view op, Inputs in, Outputs out) {
  if (op == "RNN" && in.size() > 1 && in[0].shape.ndim() == 3)  // all weights for each row and step
    return 2 * size_of(in[1]) * static_cast<double>(in[0].shape[0] * in[0].shape[1]);
  if (in.size() < 2 || out.empty() || in[1].shape.ndim() < 2 || in[1].shape[0] == 0) return 0;
  if (op == "FullyConnected" || op == "Convolution" || op == "_fused_fully_connected" ||
      op == "_fused_convolution")
    return rows_of_weight(out[0], in[1]);
  if (op == "Deconvolution") return rows_of_weight(in[0], in[1]);
  if (op == "dot" && in[0].shape.ndim() == 2 && in[1].shape.ndim() == 2)
    return products(in[0], in[1], out[0], 1);
  if (op == "batch_dot") return products(in[0], in[1], out[0], static_cast<double>(in[1].shape[0]));
  return 0;
}

double kernel_bytes(Inputs in, Outputs out) {
  double bytes = 0;
  for (const auto tensors : {Inputs(in), Inputs(out.data(), out.size())})
    for (const Tensor& tensor : tensors)
      bytes += static_cast<double>(layout_bytes(tensor.shape, tensor.dtype, tensor.layout));
  return bytes;
}

}  // namespace mx
