// _fused_fully_connected of few rows: a product of matrices with weights packed in panels, which
// are read from beginning to end (pointwise.cc packs them). oneDNN reads the weights of one row at
// half the speed.
#include "backend/cpu/tuned/pixels.h"

namespace mx::tuned {
namespace {

/// For more, other kernels are as fast; so is dense.cc with AVX2.
constexpr int64_t kFewRows = kLanes == 16 ? 64 : 4;

const FusedFullyConnectedParam& params_of(const KernelQuery& query) {
  return query.params.as<FusedFullyConnectedParam>();
}

const char* refuse_sizes(const KernelQuery& query) {
  const auto& p = params_of(query);
  const int64_t filters = p.num_hidden;
  if (query.in[0].dtype != DType::kFloat32) return "computes in float32 only";
  if (query.is_train) return "is for inference";
  if (query.out[0].shape.size() == 0 || query.in[0].shape.size() == 0)
    return "does not take empty arrays";
  if (query.out[0].shape.size() > kFewRows * filters) return "is for few rows";
  if (!fills_vectors(filters)) return "needs filters that fill their vectors";
  return refuse_activation(p);
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_sizes(query)) return reason;
  if (query.in[1].layout != pixel_weight_layout(query.in[1].shape)) return "needs packed weights";
  for (size_t i = 0; i < query.in.size(); ++i)
    if (i != 1 && query.in[i].layout != Layout::kPlain) return "works on plain data";
  return query.out[0].layout == Layout::kPlain ? nullptr : "works on plain data";
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (!refuse_sizes(query)) choice.in[1] = pixel_weight_layout(query.in[1].shape);
  return choice;
}

void multiply(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const int64_t filters = in[1].shape[0], features = in[1].shape[1];
  Tensor result = out[0];
  result.shape = Shape{out[0].size() / filters, filters};
  multiply_pixels(in[0].as<float>(), in[1].as<float>(), features, result,
                  finish_of(params.as<FusedFullyConnectedParam>(), in));
}

const KernelBuilder kernel = KernelBuilder("_fused_fully_connected", "few_rows")
                                 .refuse(refuse)
                                 .run(multiply)
                                 .choose_layouts(choose_layouts)
                                 .priority(kTunedPriority);

}  // namespace
}  // namespace mx::tuned
