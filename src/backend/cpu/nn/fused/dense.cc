// _fused_fully_connected in float32 for processors with AVX2: products with weights that were
// packed once, and what follows while results are in the first-level cache. With AVX-512 oneDNN's
// products are used.
#include <algorithm>

#include "backend/cpu/nn/detail/activate.h"
#include "backend/cpu/packed_layouts.h"
#include "backend/cpu/panel_product.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

constexpr int64_t kColumns = Vector<float>::kColumns;
// A group of panels of that depth stays in the second-level cache while rows go past it.
constexpr int64_t kGroup = 4, kDepth = 1024;
constexpr int64_t kRowsPerTask = 40 * kPanelRows;
/// Below, reading the weight once counts for more than how fast products are.
constexpr int64_t kFewRows = 4;

const FusedFullyConnectedParam& params_of(const KernelQuery& query) {
  return query.params.as<FusedFullyConnectedParam>();
}

Layout weight_layout(const Shape& weight) {
  static auto* layouts = new PackedLayouts;
  const int64_t floats = PanelMatrix<float>::size(weight[1], weight[0]);
  return layouts->of({weight[0], weight[1], 1}, static_cast<size_t>(floats) * sizeof(float));
}

const char* refuse_sizes(const KernelQuery& query) {
  if (kVectorBytes != 32) return "is for AVX2";
  if (query.in[0].dtype != DType::kFloat32) return "computes in float32 only";
  if (query.is_train) return "is for inference";
  if (query.out[0].shape.size() == 0 || query.in[0].shape.size() == 0)
    return "does not take empty arrays";
  const int64_t rows = query.out[0].shape.size() / params_of(query).num_hidden;
  return rows > kFewRows ? nullptr : "is for more rows";
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_sizes(query)) return reason;
  if (query.in[1].layout != weight_layout(query.in[1].shape)) return "needs packed weights";
  for (size_t i = 0; i < query.in.size(); ++i)
    if (i != 1 && query.in[i].layout != Layout::kPlain) return "works on plain data";
  return query.out[0].layout == Layout::kPlain ? nullptr : "works on plain data";
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (!refuse_sizes(query)) choice.in[1] = weight_layout(query.in[1].shape);
  return choice;
}

/// A dense layer on rows of data.
class Dense {
 public:
  Dense(const FusedFullyConnectedParam& p, Inputs in, Outputs out)
      : p_(p),
        hidden_(p.num_hidden),
        features_(in[1].shape[1]),
        rows_(out[0].size() / hidden_),
        data_(in[0].as<float>()),
        weight_(PanelMatrix<float>::whole(in[1].as<float>(), features_)),
        bias_(p.no_bias ? nullptr : in[2].as<float>()),
        residual_(p.with_residual ? in.back().as<float>() : nullptr),
        out_(out[0].as<float>()) {}

  void run() const {
    const int64_t panels = (hidden_ + kColumns - 1) / kColumns;
    const int64_t groups = (panels + kGroup - 1) / kGroup;
    const int64_t parts = (rows_ + kRowsPerTask - 1) / kRowsPerTask;
    const double cost =
        0.015 * static_cast<double>(std::min(rows_, kRowsPerTask) * kGroup * kColumns * features_);
    parallel_for(groups * parts, grain_for(cost), [&](int64_t begin, int64_t end) {
      for (int64_t t = begin; t < end; ++t) {
        const int64_t first = t % parts * kRowsPerTask, group = t / parts;
        multiply(first, std::min(first + kRowsPerTask, rows_), group * kGroup,
                 std::min((group + 1) * kGroup, panels));
      }
    });
  }

 private:
  /// Rows [first, last) of the result, columns of the panels [panel, panel_end).
  void multiply(int64_t first, int64_t last, int64_t panel, int64_t panel_end) const {
    const int64_t column = panel * kColumns;
    const int64_t columns = std::min(panel_end * kColumns, hidden_) - column;
    for (int64_t depth = 0; depth < features_; depth += kDepth) {
      const int64_t count = std::min(kDepth, features_ - depth);
      const auto weight = weight_.from_panel(panel).from_row(depth);
      for (int64_t i = first; i < last; i += kPanelRows) {
        const int64_t rows = std::min(kPanelRows, last - i);
        const MatrixView<float> out{out_ + i * hidden_ + column, hidden_, 1};
        multiply_panels<float>(rows, columns, count, {data_ + i * features_ + depth, features_, 1},
                               weight, out, depth > 0);
        if (depth + count == features_)
          for (int64_t r = 0; r < rows; ++r) finish((i + r) * hidden_ + column, column, columns);
      }
    }
  }

  /// What follows the product, on neighbouring results.
  void finish(int64_t at, int64_t column, int64_t n) const {
    float* y = out_ + at;
    if (bias_)
      for (int64_t j = 0; j < n; ++j) y[j] += bias_[column + j];
    if (residual_)
      for (int64_t j = 0; j < n; ++j) y[j] += residual_[at + j];
    activate(p_, y, n);
  }

  const FusedFullyConnectedParam& p_;
  int64_t hidden_, features_, rows_;
  const float* data_;
  PanelMatrix<float> weight_;
  const float *bias_, *residual_;
  float* out_;
};

void dense(const Params& params, KernelContext&, Inputs in, Outputs out) {
  Dense(params.as<FusedFullyConnectedParam>(), in, out).run();
}

const KernelBuilder layer = KernelBuilder("_fused_fully_connected", "panels")
                                .refuse(refuse)
                                .run(dense)
                                .choose_layouts(choose_layouts)
                                .priority(kTunedPriority);

const char* refuse_reorder(const KernelQuery& query) {
  const Shape& weight = query.in[0].shape;
  if (weight.ndim() != 2 || weight.size() == 0 || query.out[0].layout < Layout::kFirstLibrary ||
      query.out[0].layout != weight_layout(weight))
    return "writes weights of dense layers only";
  return query.in[0].layout == Layout::kPlain ? nullptr : "reads plain weights only";
}

void pack_weight(const Params&, KernelContext&, Inputs in, Outputs out) {
  const int64_t hidden = in[0].shape[0], features = in[0].shape[1];
  const int64_t panels = (hidden + kColumns - 1) / kColumns;
  const double cost = 0.5 * static_cast<double>(kColumns * features);
  parallel_for(panels, grain_for(cost), [&](int64_t begin, int64_t end) {
    const int64_t first = begin * kColumns;
    pack<kColumns>(matrix_view<const float>(in[0].as<float>() + first * features, features),
                   std::min(end * kColumns, hidden) - first, features,
                   out[0].as<float>() + first * features);
  });
}

LayoutChoice keep_layouts(const KernelQuery& query) {
  return {{query.in[0].layout}, {query.out[0].layout}};
}

const KernelBuilder reorder = KernelBuilder("_reorder", "dense panels")
                                  .refuse(refuse_reorder)
                                  .run(pack_weight)
                                  .choose_layouts(keep_layouts)
                                  .priority(kTunedPriority);

}  // namespace
}  // namespace mx::cpu
