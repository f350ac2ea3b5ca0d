// _int8_convolution and _int8_fully_connected on oneDNN's 8-bit primitives, which use VNNI where
// the processor has it: sums, scale, bias, residual, activation and rounding in one primitive. As
// with the fused layers, layouts are oneDNN's choice.
#include "ops/nn/int8_layers.h"

#include "backend/cpu/onednn/fused_convolution.h"
#include "backend/cpu/onednn/last_descs.h"
#include "backend/cpu/onednn/post_ops.h"

namespace mx::onednn {
namespace {

using Desc = dnnl::memory::desc;
enum class Form { kFree, kGiven };

/// `mask`: the axes of the weight along which there are factors.
template <typename P>
dnnl::primitive_attr int8_attr(const P& p, int mask, const KernelQuery& query) {
  dnnl::primitive_attr attr = thread_safe_attr();
  attr.set_scales_mask(DNNL_ARG_WEIGHTS, mask);
  dnnl::post_ops ops;
  if (p.with_residual) ops.append_sum(p.residual_scale, 0, data_type(query.in.back().dtype));
  append_activation(ops, p);
  attr.set_post_ops(ops);
  return attr;
}

/// Runs a layer whose inputs are data, weight, scale, bias if any, and residual if any.
template <typename Primitive, typename Param>
class Int8Primitive final : public PreparedKernel {
 public:
  using PrimitiveDesc = typename Primitive::primitive_desc;
  explicit Int8Primitive(PrimitiveDesc desc) : desc_(std::move(desc)), primitive_(desc_) {}

  void run(const Params& params, KernelContext& context, Inputs in, Outputs out) override {
    const auto& p = params.as<Param>();
    place_residual(p, in, out, desc_.dst_desc().get_size());
    std::unordered_map<int, dnnl::memory> args{
        {DNNL_ARG_SRC, memory_of(desc_.src_desc(), in[0].data)},
        {DNNL_ARG_WEIGHTS, memory_of(desc_.weights_desc(), in[1].data)},
        {DNNL_ARG_ATTR_SCALES | DNNL_ARG_WEIGHTS,
         memory_of(plain_desc(in[2].shape, DType::kFloat32), in[2].data)},
        {DNNL_ARG_DST, memory_of(desc_.dst_desc(), out[0].data)}};
    if (!p.no_bias) args.emplace(DNNL_ARG_BIAS, memory_of(desc_.bias_desc(), in[3].data));
    execute(primitive_, desc_.scratchpad_desc(), context, std::move(args));
  }

 private:
  PrimitiveDesc desc_;
  Primitive primitive_;
};

/// Why a layer cannot be taken, whatever the implementation.
template <typename P>
const char* refuse_layer(const P& p, const KernelQuery& query) {
  if (const char* reason = refuse_8_bits()) return reason;
  const DType data = query.in[0].dtype, out = query.out[0].dtype;
  if (data != DType::kInt8 && data != DType::kUint8) return "reads int8 and uint8";
  if (query.out[0].shape.size() == 0 || query.in[0].shape.size() == 0)
    return "does not take empty arrays";
  if (!keeps_padding(p)) return "padded channels must stay 0";
  if (p.with_residual && dtype_size(query.in.back().dtype) != dtype_size(out))
    return "adds a residual as wide as the output";
  return nullptr;
}

namespace convolution {

using Primitive = dnnl::convolution_forward;

const Int8ConvolutionParam& params_of(const KernelQuery& query) {
  return query.params.as<Int8ConvolutionParam>();
}

Primitive::primitive_desc ask(const KernelQuery& query, Form form) {
  const bool free = form == Form::kFree;
  const auto& p = params_of(query);
  const int rank = p.kernel.ndim();
  const auto desc = [&](const TensorDesc& t) {
    return free ? any_desc(t.shape, t.dtype) : desc_of(t);
  };
  const Desc weight = free ? any_desc(grouped_shape(p, query.in[1].shape), DType::kInt8)
                           : grouped_desc(p, query.in[1]);
  const Desc bias = p.no_bias ? Desc() : plain_desc(query.in[3].shape, DType::kFloat32);
  const auto pad = window(p.pad, rank, 0, 0);
  return Primitive::primitive_desc(
      engine(), dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
      desc(query.in[0]), weight, bias, desc(query.out[0]), window(p.stride, rank, 1, 0),
      window(p.dilate, rank, 1, -1), pad, pad, int8_attr(p, p.num_group == 1 ? 1 : 3, query), true);
}

Primitive::primitive_desc describe(const KernelQuery& query, Form form) {
  thread_local LastDescs<Primitive::primitive_desc, Form> last;
  return last.get(query, form, [&] { return ask(query, form); });
}

const char* refuse(const KernelQuery& query) {
  const auto& p = params_of(query);
  if (const char* reason = refuse_layer(p, query)) return reason;
  if (is_channels_last(p.layout)) return "takes channels-first graphs only";
  return describe_given<Form>(query, params_of(query), describe)
             ? nullptr
             : "oneDNN has no implementation for these layouts";
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  if (const auto found = describe(query, Form::kFree))
    return layouts_of(query, params_of(query), found);
  return {std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
}

PreparedPtr prepare(const KernelQuery& query) {
  return std::make_shared<Int8Primitive<Primitive, Int8ConvolutionParam>>(
      describe_given<Form>(query, params_of(query), describe));
}

const KernelBuilder kernel = KernelBuilder("_int8_convolution", "onednn")
                                 .refuse(refuse)
                                 .prepare(prepare)
                                 .choose_layouts(choose_layouts)
                                 .priority(kLibraryPriority);

}  // namespace convolution

namespace dense {

using Primitive = dnnl::inner_product_forward;

const Int8FullyConnectedParam& params_of(const KernelQuery& query) {
  return query.params.as<Int8FullyConnectedParam>();
}

Desc rows(const TensorDesc& tensor, bool flatten) {
  const int split = flatten ? 1 : tensor.shape.ndim() - 1;
  const Shape& s = tensor.shape;
  return plain_desc(Shape{s.size(0, split), s.size(split, s.ndim())}, tensor.dtype);
}

Primitive::primitive_desc ask(const KernelQuery& query, Form form) {
  const auto& p = params_of(query);
  const Desc weight =
      form == Form::kFree ? any_desc(query.in[1].shape, DType::kInt8) : desc_of(query.in[1]);
  const Desc bias = p.no_bias ? Desc() : plain_desc(query.in[3].shape, DType::kFloat32);
  return Primitive::primitive_desc(engine(), dnnl::prop_kind::forward_inference,
                                   rows(query.in[0], p.flatten), weight, bias,
                                   rows(query.out[0], p.flatten), int8_attr(p, 1, query), true);
}

Primitive::primitive_desc describe(const KernelQuery& query, Form form) {
  thread_local LastDescs<Primitive::primitive_desc, Form> last;
  return last.get(query, form, [&] { return ask(query, form); });
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_layer(params_of(query), query)) return reason;
  for (const TensorDesc& tensor : {query.in[0], query.out[0]})
    if (tensor.layout != Layout::kPlain) return "takes plain data";
  return describe(query, Form::kGiven) ? nullptr : "oneDNN has no implementation";
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector<Layout>(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (const auto found = describe(query, Form::kFree))
    choice.in[1] = layout_of(found.weights_desc(), query.in[1].shape, DType::kInt8);
  return choice;
}

PreparedPtr prepare(const KernelQuery& query) {
  return std::make_shared<Int8Primitive<Primitive, Int8FullyConnectedParam>>(
      describe(query, Form::kGiven));
}

const KernelBuilder kernel = KernelBuilder("_int8_fully_connected", "onednn")
                                 .refuse(refuse)
                                 .prepare(prepare)
                                 .choose_layouts(choose_layouts)
                                 .priority(kLibraryPriority);

}  // namespace dense

}  // namespace
}  // namespace mx::onednn
