#pragma once
// Convolution and its gradients on any CPU: windows are gathered into a matrix (im2col) that is
// multiplied with the filters. Arrays are channels first, in the type of the sums (float, double or
// int64_t); ChannelsFirst brings others into that form.
#include <vector>

#include "dispatch/kernel.h"
#include "ops/nn/conv/convolution.h"

namespace mx::cpu {

/// out = data * weight + bias; bias may be nullptr.
template <typename S>
void convolve(const ConvolutionSizes& sizes, const S* data, const S* weight, const S* bias, S* out);
template <typename S>
void convolve_data_gradient(const ConvolutionSizes& sizes, const S* d_out, const S* weight,
                            S* d_data);
/// d_bias may be nullptr.
template <typename S>
void convolve_weight_gradient(const ConvolutionSizes& sizes, const S* data, const S* d_out,
                              S* d_weight, S* d_bias);

/// The type in which sums over elements of that type are kept.
DType sum_dtype(DType dtype);

/// Calls f(TypeTag<S>{}) with the C++ type of sum_dtype(dtype).
template <typename F>
void visit_sum_type(DType dtype, F&& f) {
  switch (sum_dtype(dtype)) {
    case DType::kFloat64:
      return f(TypeTag<double>{});
    case DType::kInt64:
      return f(TypeTag<int64_t>{});
    default:
      return f(TypeTag<float>{});
  }
}

/// Tensors of one kernel call as arrays of the sums' type with the channels on axis 1; the tensors
/// themselves where they are that already.
class ChannelsFirst {
 public:
  ChannelsFirst(bool channels_last, Workspace& scratch)
      : channels_last_(channels_last), scratch_(scratch) {}

  template <typename S>
  const S* input(const Tensor& tensor) {
    return static_cast<const S*>(prepare_input(tensor));
  }
  /// store() brings what is written there into the tensor.
  template <typename S>
  S* output(const Tensor& tensor) {
    return static_cast<S*>(prepare_output(tensor));
  }
  void store();

 private:
  struct Pending {
    Tensor target;
    void* data;
  };
  bool is_direct(const Tensor& tensor) const;
  const void* prepare_input(const Tensor& tensor);
  void* prepare_output(const Tensor& tensor);

  bool channels_last_;
  Workspace& scratch_;
  std::vector<Pending> pending_;
};

}  // namespace mx::cpu
