#pragma once
#include "ops/nn/conv/window.h"

namespace mx {

enum class PoolKind : int32_t { kMax, kAvg, kSum, kLp };
/// How many windows fit: rounded down, rounded up, or one for each stride.
enum class PoolConvention : int32_t { kValid, kFull, kSame };

struct PoolingParam {
  Shape kernel = Shape({});
  PoolKind pool_type = PoolKind::kMax;
  bool global_pool = false;
  bool cudnn_off = false;
  PoolConvention pooling_convention = PoolConvention::kValid;
  Shape stride = Shape({});
  Shape pad = Shape({});
  std::optional<int32_t> p_value;
  std::optional<bool> count_include_pad;
  std::optional<DataLayout> layout;

  static void describe(ParamBuilder<PoolingParam>& fields) { describe_as(fields); }
  void validate(std::string_view op) const;

  template <typename P>
  static void describe_as(ParamBuilder<P>& fields) {
    fields.template add<Shape>("kernel", &P::kernel,
                               "Size of the window; not needed with global_pool.");
    fields.template add<PoolKind>("pool_type", &P::pool_type, "What is made of a window.")
        .choice("avg", PoolKind::kAvg)
        .choice("lp", PoolKind::kLp)
        .choice("max", PoolKind::kMax)
        .choice("sum", PoolKind::kSum);
    fields.template add<bool>("global_pool", &P::global_pool, "One window over everything.");
    fields.template add<bool>("cudnn_off", &P::cudnn_off, "Whether cuDNN is not used.");
    fields
        .template add<PoolConvention>(
            "pooling_convention", &P::pooling_convention,
            "Round the number of windows down (valid) or up (full); same: one per stride.")
        .choice("full", PoolConvention::kFull)
        .choice("same", PoolConvention::kSame)
        .choice("valid", PoolConvention::kValid);
    fields.template add<Shape>("stride", &P::stride, "Steps of the window; 1 by default.");
    fields.template add<Shape>("pad", &P::pad, "Padding on both sides; 0 by default.");
    fields.template add<std::optional<int32_t>>("p_value", &P::p_value,
                                                "Exponent for pool_type lp: 1, 2 or 3.");
    fields.template add<std::optional<bool>>(
        "count_include_pad", &P::count_include_pad,
        "Whether averages count padded positions; True by default.");
    fields
        .template add<std::optional<DataLayout>>("layout", &P::layout,
                                                 "Order of the axes; channels first when None.")
        .choice("NCDHW", DataLayout::kNCDHW)
        .choice("NCHW", DataLayout::kNCHW)
        .choice("NCW", DataLayout::kNCW)
        .choice("NDHWC", DataLayout::kNDHWC)
        .choice("NHWC", DataLayout::kNHWC)
        .choice("NWC", DataLayout::kNWC);
  }
};

/// Parameters of the gradient operators: the forward ones and the shape of its data.
struct PoolingBackwardParam : PoolingParam {
  Shape data_shape;
  static void describe(ParamBuilder<PoolingBackwardParam>& fields) {
    PoolingParam::describe_as(fields);
    fields.add("data_shape", &PoolingBackwardParam::data_shape, "Shape of the forward data.");
  }
};

/// A pooling with every default filled in.
struct PoolingSizes {
  int rank = 0;
  int64_t batch = 0, channels = 0;
  Shape in, out, kernel, stride;  ///< spatial
  Shape pad;                      ///< in front
  Shape pad_end;  ///< behind, as averages count it (a full window may reach further)
  bool channels_last = false;
};
PoolingSizes pooling_sizes(const PoolingParam& param, const Shape& data);

}  // namespace mx
