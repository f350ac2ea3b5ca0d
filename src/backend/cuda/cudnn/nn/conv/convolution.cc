// Convolution and its two gradients by cuDNN. The algorithm is the first of cuDNN's own ranking
// whose workspace is not too large; it is chosen when a device first runs a shape. float is
// computed without TF32.
#include "ops/nn/conv/convolution.h"

#include "backend/cuda/common/channel_bias.h"
#include "backend/cuda/cudnn/cudnn.h"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/per_device.h"
#include "backend/cuda/reduce/sum.h"

namespace mx::cuda {
namespace {

/// Batch, channels and spatial axes; with one spatial axis a height of 1 is put in, since cuDNN
/// wants two at least.
CudnnDims dims_of(int64_t first, int64_t second, const Shape& spatial) {
  CudnnDims dims;
  dims.add(first);
  dims.add(second);
  if (spatial.ndim() == 1) dims.add(1);
  for (int64_t size : spatial) dims.add(size);
  return dims;
}

/// Strides and the like; `fallback` for the height that was put in.
CudnnDims steps_of(const Shape& spatial, int64_t fallback) {
  CudnnDims dims;
  if (spatial.ndim() == 1) dims.add(fallback);
  for (int64_t size : spatial) dims.add(size);
  return dims;
}

/// What cuDNN is told about a convolution.
class Descriptors {
 public:
  Descriptors(const ConvolutionSizes& s, DType dtype) {
    const CudnnApi& api = cudnn_api();
    data.set(dtype, dims_of(s.batch, s.channels, s.in), s.channels_last);
    out.set(dtype, dims_of(s.batch, s.filters, s.out), s.channels_last);
    const CudnnDims filter = dims_of(s.filters, s.group_channels(), s.kernel);
    const auto format = s.channels_last ? CUDNN_TENSOR_NHWC : CUDNN_TENSOR_NCHW;
    check(api.create_filter(&weight), "describing a filter");
    check(api.set_filter(weight, cudnn_type(dtype), format, filter.count, filter.values),
          "describing a filter");
    const CudnnDims pad = steps_of(s.pad, 0), stride = steps_of(s.stride, 1);
    const CudnnDims dilate = steps_of(s.dilate, 1);
    const auto compute = dtype == DType::kFloat64 ? CUDNN_DATA_DOUBLE : CUDNN_DATA_FLOAT;
    check(api.create_convolution(&convolution), "describing a convolution");
    check(api.set_convolution(convolution, pad.count, pad.values, stride.values, dilate.values,
                              CUDNN_CROSS_CORRELATION, compute),
          "describing a convolution");
    check(api.set_groups(convolution, static_cast<int>(s.groups)), "describing a convolution");
    set_math(dtype == DType::kFloat32 || dtype == DType::kFloat64 ? CUDNN_FMA_MATH
                                                                  : CUDNN_TENSOR_OP_MATH);
  }
  ~Descriptors() {
    cudnn_api().destroy_filter(weight);
    cudnn_api().destroy_convolution(convolution);
  }
  Descriptors(const Descriptors&) = delete;
  Descriptors& operator=(const Descriptors&) = delete;
  void set_math(cudnnMathType_t math) {
    check(cudnn_api().set_math(convolution, math), "describing a convolution");
  }

  TensorDescriptor data, out;
  cudnnFilterDescriptor_t weight = nullptr;
  cudnnConvolutionDescriptor_t convolution = nullptr;
};

/// The descriptors and the algorithm of a device. Used under the lock of the device's handle.
template <typename Perf>
struct Choice {
  Choice(const ConvolutionSizes& s, DType dtype) : descriptors(s, dtype) {}
  Descriptors descriptors;
  decltype(Perf::algo) algorithm{};
  size_t workspace = 0;
};

/// One of the three passes, for fixed sizes.
template <typename Perf>
class Pass : public PreparedKernel {
 public:
  Pass(const ConvolutionParam& param, const Shape& data, const Shape& out, DType dtype)
      : sizes_(convolution_sizes(param, data, out)),
        dtype_(dtype),
        workspace_limit_(static_cast<size_t>(param.workspace) << 20) {}

  void run(const Params&, KernelContext& context, Inputs in, Outputs out) override {
    if (context.wants(0)) {
      const Arrays arrays{aligned_input(context, in[0]), aligned_input(context, in[1]),
                          aligned_output(context, out[0])};
      compute_main(context, arrays);
      finish_output(context, out[0], arrays.result);
    }
    finish(context, in, out);
  }

 protected:
  /// The two inputs that cuDNN reads and the result that it writes.
  struct Arrays {
    const void *first, *second;
    void* result;
  };
  static constexpr int kPerfs = 10;
  virtual cudnnStatus_t rank(cudnnHandle_t handle, const Descriptors& d, int* count,
                             Perf* perfs) const = 0;
  virtual void compute(cudnnHandle_t handle, const Choice<Perf>& choice, void* workspace,
                       const Arrays& arrays) const = 0;
  virtual void finish(KernelContext&, Inputs, Outputs) const {}

  ConvolutionSizes sizes_;
  DType dtype_;

 private:
  void compute_main(KernelContext& context, const Arrays& arrays) {
    CudnnHandle& handle = cudnn_handle(context);
    std::lock_guard lock(handle.mutex);
    Choice<Perf>& choice = choices_.get(context.device.id, [&](int) {
      auto made = std::make_unique<Choice<Perf>>(sizes_, dtype_);
      choose(handle.handle, *made);
      return made;
    });
    void* workspace = choice.workspace ? context.scratch->get(choice.workspace) : nullptr;
    compute(handle.handle, choice, workspace, arrays);
  }

  void choose(cudnnHandle_t handle, Choice<Perf>& choice) const {
    Perf perfs[kPerfs];
    int count = 0;
    check(rank(handle, choice.descriptors, &count, perfs), "choosing an algorithm");
    for (int i = 0; i < count; ++i) {
      if (perfs[i].status != CUDNN_STATUS_SUCCESS || perfs[i].memory > workspace_limit_) continue;
      choice.algorithm = perfs[i].algo;
      choice.workspace = perfs[i].memory;
      return choice.descriptors.set_math(perfs[i].mathType);
    }
    fail(ErrorKind::kNotImplemented, "cudnn: no algorithm for a convolution of ",
         dtype_name(dtype_), " with a workspace of ", workspace_limit_ >> 20,
         " MB; expected a larger workspace or other sizes");
  }

  size_t workspace_limit_;
  PerDevice<Choice<Perf>> choices_;
};

class Forward : public Pass<cudnnConvolutionFwdAlgoPerf_t> {
 public:
  using Pass::Pass;

 protected:
  cudnnStatus_t rank(cudnnHandle_t handle, const Descriptors& d, int* count,
                     cudnnConvolutionFwdAlgoPerf_t* perfs) const override {
    return cudnn_api().find_forward(handle, d.data.get(), d.weight, d.convolution, d.out.get(),
                                    kPerfs, count, perfs);
  }
  void compute(cudnnHandle_t handle, const Choice<cudnnConvolutionFwdAlgoPerf_t>& choice,
               void* workspace, const Arrays& a) const override {
    const Descriptors& d = choice.descriptors;
    const CudnnFactors factors(dtype_);
    check(cudnn_api().forward(handle, factors.one(), d.data.get(), a.first, d.weight, a.second,
                              d.convolution, choice.algorithm, workspace, choice.workspace,
                              factors.zero(), d.out.get(), a.result),
          "a convolution");
  }
  void finish(KernelContext& context, Inputs in, Outputs out) const override {
    if (in.size() > 2)
      add_channel_bias(context, out[0], in[2], sizes_.channels_last ? 1 : sizes_.out.size());
  }
};

class DataGradient : public Pass<cudnnConvolutionBwdDataAlgoPerf_t> {
 public:
  using Pass::Pass;

 protected:
  cudnnStatus_t rank(cudnnHandle_t handle, const Descriptors& d, int* count,
                     cudnnConvolutionBwdDataAlgoPerf_t* perfs) const override {
    return cudnn_api().find_backward_data(handle, d.weight, d.out.get(), d.convolution,
                                          d.data.get(), kPerfs, count, perfs);
  }
  void compute(cudnnHandle_t handle, const Choice<cudnnConvolutionBwdDataAlgoPerf_t>& choice,
               void* workspace, const Arrays& a) const override {
    const Descriptors& d = choice.descriptors;
    const CudnnFactors factors(dtype_);
    check(cudnn_api().backward_data(handle, factors.one(), d.weight, a.second, d.out.get(), a.first,
                                    d.convolution, choice.algorithm, workspace, choice.workspace,
                                    factors.zero(), d.data.get(), a.result),
          "the data gradient of a convolution");
  }
};

class WeightGradient : public Pass<cudnnConvolutionBwdFilterAlgoPerf_t> {
 public:
  using Pass::Pass;

 protected:
  cudnnStatus_t rank(cudnnHandle_t handle, const Descriptors& d, int* count,
                     cudnnConvolutionBwdFilterAlgoPerf_t* perfs) const override {
    return cudnn_api().find_backward_filter(handle, d.data.get(), d.out.get(), d.convolution,
                                            d.weight, kPerfs, count, perfs);
  }
  void compute(cudnnHandle_t handle, const Choice<cudnnConvolutionBwdFilterAlgoPerf_t>& choice,
               void* workspace, const Arrays& a) const override {
    const Descriptors& d = choice.descriptors;
    const CudnnFactors factors(dtype_);
    check(cudnn_api().backward_filter(handle, factors.one(), d.data.get(), a.first, d.out.get(),
                                      a.second, d.convolution, choice.algorithm, workspace,
                                      choice.workspace, factors.zero(), d.weight, a.result),
          "the weight gradient of a convolution");
  }
  /// The bias' gradient is the sum of d_out over all axes but the channels.
  void finish(KernelContext& context, Inputs in, Outputs out) const override {
    if (out.size() < 2 || !context.wants(1)) return;
    std::vector<bool> reduced(static_cast<size_t>(in[1].ndim()), true);
    reduced[sizes_.channels_last ? reduced.size() - 1 : 1] = false;
    sum_axes(context, in[1], reduced, out[1]);
  }
};

PreparedPtr prepare_forward(const KernelQuery& query) {
  return std::make_shared<Forward>(query.params.as<ConvolutionParam>(), query.in[0].shape,
                                   query.out[0].shape, query.in[0].dtype);
}
PreparedPtr prepare_data_gradient(const KernelQuery& query) {
  return std::make_shared<DataGradient>(query.params.as<ConvolutionBackwardParam>(),
                                        query.out[0].shape, query.in[0].shape, query.in[0].dtype);
}
PreparedPtr prepare_weight_gradient(const KernelQuery& query) {
  return std::make_shared<WeightGradient>(query.params.as<ConvolutionBackwardParam>(),
                                          query.in[0].shape, query.in[1].shape, query.in[0].dtype);
}

template <typename P>
const char* refuse(const KernelQuery& query) {
  const ConvolutionParam& p = query.params.as<P>();
  if (p.cudnn_off) return "cudnn_off is set";
  if (is_channels_last(p.layout) && p.kernel.ndim() > 2)
    return "takes channels last with one or two spatial axes only";
  for (auto list : {query.in, query.out})
    for (const TensorDesc& tensor : list)
      if (!fits_cudnn(tensor)) return "takes floating dtypes and 1 to 2^31 - 1 elements only";
  return nullptr;
}

GpuKernel kernel(const char* op, PreparedPtr (*prepare)(const KernelQuery&),
                 const char* (*refuse)(const KernelQuery&)) {
  return GpuKernel(op, "cudnn").prepare(prepare).refuse(refuse).priority(kLibraryPriority);
}

const GpuKernel k1 = kernel("Convolution", prepare_forward, refuse<ConvolutionParam>);
const GpuKernel k2 =
    kernel("_backward_Convolution_data", prepare_data_gradient, refuse<ConvolutionBackwardParam>);
const GpuKernel k3 = kernel("_backward_Convolution_weight", prepare_weight_gradient,
                            refuse<ConvolutionBackwardParam>);

}  // namespace
}  // namespace mx::cuda
