// _fused_convolution and _fused_fully_connected: bias, residual and activation in one oneDNN
// primitive, for inference graphs. Layouts of data, weight and output are oneDNN's choice, and the
// layout pass provides them, so nothing is reordered here.
#include "backend/cpu/onednn/fused_convolution.h"
#include "backend/cpu/onednn/fused_primitive.h"

namespace mx::onednn {
namespace {

using Desc = dnnl::memory::desc;

namespace convolution {

using Primitive = dnnl::convolution_forward;

const FusedConvolutionParam& params_of(const KernelQuery& query) {
  return query.params.as<FusedConvolutionParam>();
}

Primitive::primitive_desc ask(const KernelQuery& query, Form form) {
  const bool free = form == Form::kFree;
  const auto& p = params_of(query);
  const int rank = p.kernel.ndim();
  const auto desc = [&](const TensorDesc& t) {
    return free ? any_desc(t.shape, t.dtype) : desc_of(t);
  };
  const Desc weight = free ? any_desc(grouped_shape(p, query.in[1].shape), query.in[1].dtype)
                           : grouped_desc(p, query.in[1]);
  const Desc bias = p.no_bias ? Desc() : plain_desc(query.in[2].shape, query.in[2].dtype);
  const auto pad = window(p.pad, rank, 0, 0);
  return Primitive::primitive_desc(
      engine(), dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_auto,
      desc(query.in[0]), weight, bias, desc(query.out[0]), window(p.stride, rank, 1, 0),
      window(p.dilate, rank, 1, -1), pad, pad, attr_of(p, form == Form::kKeepsNan), true);
}

/// oneDNN's implementation.
Primitive::primitive_desc describe(const KernelQuery& query, Form form) {
  thread_local LastDescs<Primitive::primitive_desc, Form> last;
  return last.get(query, form, [&] { return ask(query, form); });
}

const char* refuse(const KernelQuery& query) {
  const auto& p = params_of(query);
  const DType dtype = query.in[0].dtype;
  if (dtype != DType::kFloat32 && dtype != DType::kBfloat16)
    return "computes in float32 and bfloat16 only";
  if (is_channels_last(p.layout)) return "takes channels-first graphs only";
  if (!keeps_padding(p)) return "padded channels must stay 0";
  if (query.is_train) return "is for inference";
  if (query.out[0].shape.size() == 0 || query.in[0].shape.size() == 0)
    return "does not take empty arrays";
  if (!describe_given<Form>(query, params_of(query), describe))
    return "oneDNN has no implementation for these layouts";
  return !loses_nan(params_of(query)) || describe(query, Form::kKeepsNan) ? nullptr
                                                                          : "oneDNN would lose NaN";
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  if (const auto found = describe(query, Form::kFree)) {
    LayoutChoice choice = layouts_of(query, params_of(query), found);
    if (can_keep_nan(query, params_of(query), choice, describe)) return choice;
  }
  return {std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
}

PreparedPtr prepare(const KernelQuery& query) {
  Primitive::primitive_desc keeps_nan;
  if (loses_nan(params_of(query))) keeps_nan = describe(query, Form::kKeepsNan);
  return std::make_shared<FusedPrimitive<Primitive, FusedConvolutionParam>>(
      describe_given<Form>(query, params_of(query), describe), keeps_nan);
}

const KernelBuilder kernel = KernelBuilder("_fused_convolution", "onednn")
                                 .refuse(refuse)
                                 .prepare(prepare)
                                 .choose_layouts(choose_layouts)
                                 .priority(kLibraryPriority);

}  // namespace convolution

namespace dense {

using Primitive = dnnl::inner_product_forward;

const FusedFullyConnectedParam& params_of(const KernelQuery& query) {
  return query.params.as<FusedFullyConnectedParam>();
}

/// Data and output as matrices (rows, features).
Shape matrix(const Shape& shape, bool flatten) {
  const int split = flatten ? 1 : shape.ndim() - 1;
  return Shape{shape.size(0, split), shape.size(split, shape.ndim())};
}

Primitive::primitive_desc ask(const KernelQuery& query, Form form) {
  const bool free = form == Form::kFree;
  const auto& p = params_of(query);
  const TensorDesc &data = query.in[0], &weight = query.in[1], &out = query.out[0];
  const Desc weight_desc = free ? any_desc(weight.shape, weight.dtype) : desc_of(weight);
  const Desc bias = p.no_bias ? Desc() : plain_desc(query.in[2].shape, query.in[2].dtype);
  return Primitive::primitive_desc(engine(), dnnl::prop_kind::forward_inference,
                                   plain_desc(matrix(data.shape, p.flatten), data.dtype),
                                   weight_desc, bias,
                                   plain_desc(matrix(out.shape, p.flatten), out.dtype),
                                   attr_of(p, form == Form::kKeepsNan), true);
}

/// oneDNN's implementation; Form::kFree leaves the format of the weight to it.
Primitive::primitive_desc describe(const KernelQuery& query, Form form) {
  thread_local LastDescs<Primitive::primitive_desc, Form> last;
  return last.get(query, form, [&] { return ask(query, form); });
}

const char* refuse(const KernelQuery& query) {
  const DType dtype = query.in[0].dtype;
  if (dtype != DType::kFloat32 && dtype != DType::kBfloat16)
    return "computes in float32 and bfloat16 only";
  if (query.is_train) return "is for inference";
  if (query.out[0].shape.size() == 0 || query.in[0].shape.size() == 0)
    return "does not take empty arrays";
  if (query.in[0].layout != Layout::kPlain || query.out[0].layout != Layout::kPlain)
    return "works on plain data";
  if (!describe(query, Form::kGiven)) return "oneDNN has no implementation";
  return !loses_nan(params_of(query)) || describe(query, Form::kKeepsNan) ? nullptr
                                                                          : "oneDNN would lose NaN";
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  const LayoutChoice plain{std::vector<Layout>(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  const auto found = describe(query, Form::kFree);
  if (!found) return plain;
  LayoutChoice choice = plain;
  choice.in[1] = layout_of(found.weights_desc(), query.in[1].shape, query.in[1].dtype);
  return can_keep_nan(query, params_of(query), choice, describe) ? choice : plain;
}

PreparedPtr prepare(const KernelQuery& query) {
  Primitive::primitive_desc keeps_nan;
  if (loses_nan(params_of(query))) keeps_nan = describe(query, Form::kKeepsNan);
  return std::make_shared<FusedPrimitive<Primitive, FusedFullyConnectedParam>>(
      describe(query, Form::kGiven), keeps_nan);
}

const KernelBuilder kernel = KernelBuilder("_fused_fully_connected", "onednn")
                                 .refuse(refuse)
                                 .prepare(prepare)
                                 .choose_layouts(choose_layouts)
                                 .priority(kLibraryPriority);

}  // namespace dense

}  // namespace
}  // namespace mx::onednn
