// LRN by oneDNN, in whatever layout data has.
#include "ops/nn/norm/lrn.h"

#include <algorithm>

#include "backend/cpu/onednn/primitive_kernel.h"

namespace mx::onednn {
namespace {

const char* refuse(const KernelQuery& query) {
  const TensorDesc& data = query.in[0];
  if (data.layout != query.out[0].layout) return "works on tensors of one layout";
  if (data.dtype != DType::kFloat32) return "works on float32";
  if (data.shape.ndim() != 4) return "works on 4 axes";
  for (int64_t dim : data.shape)
    if (dim == 0) return "works on tensors with elements only";
  return nullptr;
}

/// The divisors, which no oneDNN primitive gives, for those who ask for the hidden output.
void write_norms(const LrnParam& p, const Tensor& data, const Tensor& norms) {
  const int64_t channels = data.shape[1], inner = data.shape.size(2, data.shape.ndim());
  const auto* x = data.as<float>();
  parallel_for(data.shape[0] * channels, grain_for(2.0 * static_cast<double>(inner * p.nsize)),
               [&](int64_t begin, int64_t end) {
                 for (int64_t row = begin; row < end; ++row) {
                   const int64_t c = row % channels, first = std::max<int64_t>(0, c - p.reach());
                   const int64_t last = std::min(channels, c + p.reach() + 1);
                   float* n = norms.as<float>() + row * inner;
                   std::fill_n(n, inner, p.knorm);
                   for (int64_t k = first; k < last; ++k)
                     for (int64_t i = 0; i < inner; ++i) {
                       const float v = x[(row - c + k) * inner + i];
                       n[i] += static_cast<float>(p.scale()) * v * v;
                     }
                 }
               });
}

class Lrn final : public PreparedKernel {
 public:
  explicit Lrn(const KernelQuery& query) : primitive_(make(query)) {}
  void run(const Params& params, KernelContext& context, Inputs in, Outputs out) override {
    primitive_->run(params, context, in, out);
    if (context.wants(1) && in[0].layout == Layout::kPlain)
      write_norms(params.as<LrnParam>(), in[0], out[1]);
  }

 private:
  static PreparedPtr make(const KernelQuery& query) {
    const auto& p = query.params.as<LrnParam>();
    const dnnl::memory::desc data = desc_of(query.in[0]);
    const int64_t window = 2 * p.reach() + 1;
    // oneDNN divides alpha by the window that it gets, which is one less than an even nsize.
    const float alpha = static_cast<float>(p.scale() * static_cast<double>(window));
    const dnnl::lrn_forward::primitive_desc desc(
        engine(), dnnl::prop_kind::forward_inference, dnnl::algorithm::lrn_across_channels, data,
        data, window, alpha, p.beta, p.knorm, thread_safe_attr());
    auto kernel = PrimitiveKernel::of(dnnl::lrn_forward(desc), desc);
    kernel->input(DNNL_ARG_SRC, 0, data, data);
    kernel->output(DNNL_ARG_DST, 0, data, data);
    return kernel;
  }
  PreparedPtr primitive_;
};

PreparedPtr prepare(const KernelQuery& query) { return std::make_shared<Lrn>(query); }

LayoutChoice keep_layout(const KernelQuery& query) {
  return {{query.in[0].layout}, {query.in[0].layout, query.in[0].layout}};
}

const KernelBuilder k1 = KernelBuilder("LRN", "onednn")
                             .refuse(refuse)
                             .prepare(prepare)
                             .choose_layouts(keep_layout)
                             .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::onednn
