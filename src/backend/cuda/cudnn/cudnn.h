#pragma once
#include <cudnn.h>

#include <mutex>

#include "dispatch/kernel.h"

namespace mx::cuda {

/// The functions of cuDNN that are used.
struct CudnnApi {
  decltype(cudnnCreate)* create;
  decltype(cudnnSetStream)* set_stream;
  decltype(cudnnGetErrorString)* error_string;
  decltype(cudnnCreateTensorDescriptor)* create_tensor;
  decltype(cudnnDestroyTensorDescriptor)* destroy_tensor;
  decltype(cudnnSetTensorNdDescriptorEx)* set_tensor;
  decltype(cudnnCreateFilterDescriptor)* create_filter;
  decltype(cudnnDestroyFilterDescriptor)* destroy_filter;
  decltype(cudnnSetFilterNdDescriptor)* set_filter;
  decltype(cudnnCreateConvolutionDescriptor)* create_convolution;
  decltype(cudnnDestroyConvolutionDescriptor)* destroy_convolution;
  decltype(cudnnSetConvolutionNdDescriptor)* set_convolution;
  decltype(cudnnSetConvolutionGroupCount)* set_groups;
  decltype(cudnnSetConvolutionMathType)* set_math;
  decltype(cudnnGetConvolutionForwardAlgorithm_v7)* find_forward;
  decltype(cudnnGetConvolutionBackwardDataAlgorithm_v7)* find_backward_data;
  decltype(cudnnGetConvolutionBackwardFilterAlgorithm_v7)* find_backward_filter;
  decltype(cudnnConvolutionForward)* forward;
  decltype(cudnnConvolutionBackwardData)* backward_data;
  decltype(cudnnConvolutionBackwardFilter)* backward_filter;
  decltype(cudnnBatchNormalizationForwardTraining)* batch_norm;
  decltype(cudnnBatchNormalizationBackward)* batch_norm_backward;
  CudnnApi();
};

/// Opens cuDNN at the first call. Throws: DeviceError that lists what was tried.
const CudnnApi& cudnn_api();
/// Throws: DeviceError that names what was done, unless `status` is success.
void check(cudnnStatus_t status, const char* what);

/// The handle of a device; used by one thread at a time.
struct CudnnHandle {
  std::mutex mutex;
  cudnnHandle_t handle = nullptr;
};
CudnnHandle& cudnn_handle(const KernelContext& context);

cudnnDataType_t cudnn_type(DType dtype);
/// Whether cuDNN computes in that dtype and its sizes fit into its 32 bits.
bool fits_cudnn(const TensorDesc& tensor);

/// The factors 1 and 0 in the type in which cuDNN wants them for a dtype.
struct CudnnFactors {
  explicit CudnnFactors(DType dtype) : is_double_(dtype == DType::kFloat64) {}
  const void* one() const { return is_double_ ? static_cast<const void*>(&wide_one_) : &one_; }
  const void* zero() const { return is_double_ ? static_cast<const void*>(&wide_zero_) : &zero_; }

 private:
  bool is_double_;
  double wide_one_ = 1, wide_zero_ = 0;
  float one_ = 1, zero_ = 0;
};

/// The tensor itself, or a copy in scratch memory when it does not start where cuDNN's kernels may
/// expect it, as a slice of an array may.
const void* aligned_input(KernelContext& context, const Tensor& tensor);
/// Memory for a result: the tensor itself or, when it does not start there, scratch memory from
/// which finish_output() copies it.
void* aligned_output(KernelContext& context, const Tensor& tensor);
void finish_output(KernelContext& context, const Tensor& tensor, const void* result);

/// Dimensions as cuDNN takes them: at most five numbers.
struct CudnnDims {
  int count = 0;
  int values[8] = {};
  void add(int64_t value) { values[count++] = static_cast<int>(value); }
};

class TensorDescriptor {
 public:
  TensorDescriptor();
  ~TensorDescriptor();
  TensorDescriptor(const TensorDescriptor&) = delete;
  TensorDescriptor& operator=(const TensorDescriptor&) = delete;
  /// `dims` are batch, channels, spatial..., whatever the layout.
  void set(DType dtype, const CudnnDims& dims, bool channels_last = false);
  cudnnTensorDescriptor_t get() const { return descriptor_; }

 private:
  cudnnTensorDescriptor_t descriptor_ = nullptr;
};

}  // namespace mx::cuda
