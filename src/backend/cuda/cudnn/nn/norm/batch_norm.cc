// The training step of BatchNorm and its gradient by cuDNN. Data are seen as (outer, channels,
// inner) round the axis of the channels. The moving averages are ours: cuDNN would move them by the
// unbiased variance.
#include "ops/nn/norm/batch_norm.h"

#include "backend/cuda/common/fill.h"
#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/cudnn/cudnn.h"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/nn/norm/batch_norm.h"

namespace mx::cuda {
namespace {

/// What cuDNN is told about data and about the values of each channel.
struct Descriptors {
  TensorDescriptor data, channels;
  Descriptors(const Shape& shape, int64_t wanted_axis, DType dtype) {
    const int axis = normalize_axis(wanted_axis, shape.ndim(), "BatchNorm");
    CudnnDims dims, per_channel;
    for (int64_t size :
         {shape.size(0, axis), shape[axis], shape.size(axis + 1, shape.ndim()), int64_t{1}})
      dims.add(size);
    for (int64_t size : {int64_t{1}, shape[axis], int64_t{1}, int64_t{1}}) per_channel.add(size);
    data.set(dtype, dims);
    channels.set(dtype == DType::kFloat64 ? dtype : DType::kFloat32, per_channel);
  }
};

/// An output, or scratch memory in its place when nobody wants it.
void* wanted_or_scratch(KernelContext& context, Outputs out, size_t i) {
  if (context.wants(i)) return out[i].data;
  return context.scratch->get(static_cast<size_t>(out[i].size() * dtype_size(out[i].dtype)));
}

/// gamma, or ones in its place when it is fixed.
const void* factors_of(const BatchNormParam& p, KernelContext& context, const Tensor& gamma) {
  if (!p.fix_gamma) return gamma.data;
  Tensor ones = gamma;
  ones.data = context.scratch->get(static_cast<size_t>(gamma.size() * dtype_size(gamma.dtype)));
  fill_value(context, ones, 1);
  return ones.data;
}

/// The input, or a copy of it when the output is written over it, which cuDNN does not promise to
/// bear.
const void* apart_from(KernelContext& context, const Tensor& in, const Tensor& out) {
  if (in.data != out.data) return aligned_input(context, in);
  Tensor copy = in;
  copy.data = context.scratch->get(static_cast<size_t>(in.size() * dtype_size(in.dtype)));
  copy_tensor(context, in, copy);
  return copy.data;
}

void batch_norm(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<BatchNormParam>();
  const Descriptors d(in[0].shape, p.axis, in[0].dtype);
  const CudnnFactors f(in[0].dtype);
  void* mean = wanted_or_scratch(context, out, 1);
  void* inverse = wanted_or_scratch(context, out, 2);
  const void* gamma = factors_of(p, context, in[1]);
  const void* data = apart_from(context, in[0], out[0]);
  void* result = aligned_output(context, out[0]);
  CudnnHandle& handle = cudnn_handle(context);
  {
    std::lock_guard lock(handle.mutex);
    check(cudnn_api().batch_norm(handle.handle, CUDNN_BATCHNORM_SPATIAL, f.one(), f.zero(),
                                 d.data.get(), data, d.data.get(), result, d.channels.get(), gamma,
                                 in[2].data, 0.0, nullptr, nullptr, p.eps, mean, inverse),
          "batch normalization");
  }
  finish_output(context, out[0], result);
  move_averages(context, {in[3].data, in[4].data, mean, inverse, in[3].size(), p.eps, p.momentum,
                          in[3].dtype == DType::kFloat64});
}

void batch_norm_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<BatchNormParam>();
  const Descriptors d(in[1].shape, p.axis, in[1].dtype);
  const CudnnFactors f(in[1].dtype);
  void* d_gamma = wanted_or_scratch(context, out, 1);
  void* d_beta = wanted_or_scratch(context, out, 2);
  const void* gamma = factors_of(p, context, in[2]);
  const void* d_out = apart_from(context, in[0], out[0]);
  const void* data = apart_from(context, in[1], out[0]);
  void* result = aligned_output(context, out[0]);
  CudnnHandle& handle = cudnn_handle(context);
  {
    std::lock_guard lock(handle.mutex);
    check(cudnn_api().batch_norm_backward(handle.handle, CUDNN_BATCHNORM_SPATIAL, f.one(), f.zero(),
                                          f.one(), f.zero(), d.data.get(), data, d.data.get(),
                                          d_out, d.data.get(), result, d.channels.get(), gamma,
                                          d_gamma, d_beta, p.eps, in[3].data, in[4].data),
          "the gradient of batch normalization");
  }
  finish_output(context, out[0], result);
  if (p.fix_gamma && context.wants(1)) fill_value(context, out[1], 0);
}

const char* refuse_data(const BatchNormParam& p, const TensorDesc& data) {
  if (p.cudnn_off) return "cudnn_off is set";
  if (p.eps < CUDNN_BN_MIN_EPSILON) return "eps is too small";
  if (data.dtype == DType::kBfloat16) return "does not take bfloat16";
  return fits_cudnn(data) ? nullptr : "takes floating dtypes and 1 to 2^31 - 1 elements only";
}

const char* refuse(const KernelQuery& query) {
  const auto& p = query.params.as<BatchNormParam>();
  if (!query.is_train || p.use_global_stats) return "is for the statistics of a batch";
  return refuse_data(p, query.in[0]);
}

const char* refuse_backward(const KernelQuery& query) {
  return refuse_data(query.params.as<BatchNormParam>(), query.in[1]);
}

const GpuKernel k1 =
    GpuKernel("BatchNorm", "cudnn").run(batch_norm).refuse(refuse).priority(kLibraryPriority);
const GpuKernel k2 = GpuKernel("_backward_BatchNorm", "cudnn")
                         .run(batch_norm_backward)
                         .refuse(refuse_backward)
                         .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::cuda
