#include "backend/cuda/cudnn/cudnn.h"

#include <limits>

#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/cublas/gemm.h"
#include "backend/cuda/launch.h"
#include "backend/cuda/per_device.h"
#include "base/error.h"
#include "device/vendor_library.h"

namespace mx::cuda {
namespace {

const VendorLibrary& cudnn_library() {
  try {
    open_cublas();  // cuDNN looks for it by name and finds what is open already
  } catch (const Error&) {
    // cuDNN says itself what it lacks.
  }
  static const VendorLibrary library("cudnn", {"libcudnn.so.9"}, {"nvidia/cudnn/lib"});
  return library;
}

}  // namespace

CudnnApi::CudnnApi() {
  const VendorLibrary& library = cudnn_library();
  library.load(create, "cudnnCreate");
  library.load(set_stream, "cudnnSetStream");
  library.load(error_string, "cudnnGetErrorString");
  library.load(create_tensor, "cudnnCreateTensorDescriptor");
  library.load(destroy_tensor, "cudnnDestroyTensorDescriptor");
  library.load(set_tensor, "cudnnSetTensorNdDescriptorEx");
  library.load(create_filter, "cudnnCreateFilterDescriptor");
  library.load(destroy_filter, "cudnnDestroyFilterDescriptor");
  library.load(set_filter, "cudnnSetFilterNdDescriptor");
  library.load(create_convolution, "cudnnCreateConvolutionDescriptor");
  library.load(destroy_convolution, "cudnnDestroyConvolutionDescriptor");
  library.load(set_convolution, "cudnnSetConvolutionNdDescriptor");
  library.load(set_groups, "cudnnSetConvolutionGroupCount");
  library.load(set_math, "cudnnSetConvolutionMathType");
  library.load(find_forward, "cudnnGetConvolutionForwardAlgorithm_v7");
  library.load(find_backward_data, "cudnnGetConvolutionBackwardDataAlgorithm_v7");
  library.load(find_backward_filter, "cudnnGetConvolutionBackwardFilterAlgorithm_v7");
  library.load(forward, "cudnnConvolutionForward");
  library.load(backward_data, "cudnnConvolutionBackwardData");
  library.load(backward_filter, "cudnnConvolutionBackwardFilter");
  library.load(batch_norm, "cudnnBatchNormalizationForwardTraining");
  library.load(batch_norm_backward, "cudnnBatchNormalizationBackward");
}

const CudnnApi& cudnn_api() {
  static const CudnnApi instance;
  return instance;
}

void check(cudnnStatus_t status, const char* what) {
  if (status != CUDNN_STATUS_SUCCESS)
    fail(ErrorKind::kDevice, "cudnn: ", what, " failed: ", cudnn_api().error_string(status));
}

CudnnHandle& cudnn_handle(const KernelContext& context) {
  static auto* handles = new PerDevice<CudnnHandle>;
  return handles->get(context.device.id, [&](int) {
    auto made = std::make_unique<CudnnHandle>();
    check(cudnn_api().create(&made->handle), "starting");
    check(cudnn_api().set_stream(made->handle, stream_of(context)), "choosing the stream");
    return made;
  });
}

cudnnDataType_t cudnn_type(DType dtype) {
  switch (dtype) {
    case DType::kFloat64:
      return CUDNN_DATA_DOUBLE;
    case DType::kFloat16:
      return CUDNN_DATA_HALF;
    case DType::kBfloat16:
      return CUDNN_DATA_BFLOAT16;
    default:
      return CUDNN_DATA_FLOAT;
  }
}

bool fits_cudnn(const TensorDesc& tensor) {
  const int64_t size = tensor.shape.size();
  return is_floating(tensor.dtype) && size > 0 && size <= std::numeric_limits<int>::max();
}

namespace {

bool is_aligned(const Tensor& tensor) { return reinterpret_cast<uintptr_t>(tensor.data) % 16 == 0; }

void* scratch_like(KernelContext& context, const Tensor& tensor) {
  return context.scratch->get(static_cast<size_t>(tensor.size() * dtype_size(tensor.dtype)));
}

Tensor placed_at(const Tensor& tensor, const void* data) {
  return {const_cast<void*>(data), tensor.shape, tensor.dtype};
}

}  // namespace

const void* aligned_input(KernelContext& context, const Tensor& tensor) {
  if (is_aligned(tensor)) return tensor.data;
  const Tensor copy = placed_at(tensor, scratch_like(context, tensor));
  copy_tensor(context, tensor, copy);
  return copy.data;
}

void* aligned_output(KernelContext& context, const Tensor& tensor) {
  return is_aligned(tensor) ? tensor.data : scratch_like(context, tensor);
}

void finish_output(KernelContext& context, const Tensor& tensor, const void* result) {
  copy_tensor(context, placed_at(tensor, result), tensor);
}

TensorDescriptor::TensorDescriptor() {
  check(cudnn_api().create_tensor(&descriptor_), "describing a tensor");
}
TensorDescriptor::~TensorDescriptor() { cudnn_api().destroy_tensor(descriptor_); }

void TensorDescriptor::set(DType dtype, const CudnnDims& dims, bool channels_last) {
  const auto format = channels_last ? CUDNN_TENSOR_NHWC : CUDNN_TENSOR_NCHW;
  check(cudnn_api().set_tensor(descriptor_, format, cudnn_type(dtype), dims.count, dims.values),
        "describing a tensor");
}

}  // namespace mx::cuda
