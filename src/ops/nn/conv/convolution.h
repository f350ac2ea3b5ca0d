#pragma once
#include "ops/nn/conv/window.h"

namespace mx {

enum class CudnnTune : int32_t { kOff, kLimitedWorkspace, kFastest };

/// Parameters of Convolution; the operators derived from it add theirs.
struct ConvolutionParam {
  Shape kernel;
  Shape stride = Shape({});
  Shape dilate = Shape({});
  Shape pad = Shape({});
  uint32_t num_filter = 0;
  uint32_t num_group = 1;
  uint64_t workspace = 1024;
  bool no_bias = false;
  std::optional<CudnnTune> cudnn_tune;
  bool cudnn_off = false;
  std::optional<DataLayout> layout;

  static void describe(ParamBuilder<ConvolutionParam>& fields) { describe_as(fields, true); }
  void validate(std::string_view op) const;

  /// The fields for a struct that derives from this one. `has_ncw`: Convolution_v1 lacks NCW.
  template <typename P>
  static void describe_as(ParamBuilder<P>& fields, bool has_ncw) {
    describe_window(fields);
    describe_filters(fields, has_ncw);
  }
  template <typename P>
  static void describe_window(ParamBuilder<P>& fields) {
    fields.template add<Shape>("kernel", &P::kernel, "Size of the window: (w,), (h, w), (d, h, w).")
        .required();
    fields.template add<Shape>("stride", &P::stride, "Steps of the window; 1 by default.");
    fields.template add<Shape>("dilate", &P::dilate, "Steps inside the window; 1 by default.");
    fields.template add<Shape>("pad", &P::pad, "Zeros put on both sides; 0 by default.");
  }
  template <typename P>
  static void describe_filters(ParamBuilder<P>& fields, bool has_ncw) {
    fields.template add<uint32_t>("num_filter", &P::num_filter, "Number of output channels.")
        .required()
        .at_least(0);
    fields.template add<uint32_t>("num_group", &P::num_group, "Number of separate channel groups.")
        .at_least(0);
    fields.template add<uint64_t>("workspace", &P::workspace, "Not used.").at_least(0);
    fields.template add<bool>("no_bias", &P::no_bias, "Whether there is no bias.");
    fields
        .template add<std::optional<CudnnTune>>("cudnn_tune", &P::cudnn_tune,
                                                "How cuDNN chooses its algorithm.")
        .choice("fastest", CudnnTune::kFastest)
        .choice("limited_workspace", CudnnTune::kLimitedWorkspace)
        .choice("off", CudnnTune::kOff);
    fields.template add<bool>("cudnn_off", &P::cudnn_off, "Whether cuDNN is not used.");
    FieldInfo& layout = fields.template add<std::optional<DataLayout>>(
        "layout", &P::layout, "Order of the axes; channels first when None.");
    layout.choice("NCDHW", DataLayout::kNCDHW).choice("NCHW", DataLayout::kNCHW);
    if (has_ncw) layout.choice("NCW", DataLayout::kNCW);
    layout.choice("NDHWC", DataLayout::kNDHWC).choice("NHWC", DataLayout::kNHWC);
  }
};

/// Parameters of the two backward operators: the forward ones and the shape of its data.
struct ConvolutionBackwardParam : ConvolutionParam {
  Shape data_shape;

  static void describe(ParamBuilder<ConvolutionBackwardParam>& fields) {
    ConvolutionParam::describe_as(fields, true);
    fields.add("data_shape", &ConvolutionBackwardParam::data_shape, "Shape of the forward data.");
  }
};

/// A convolution with every default filled in. Shapes are (batch, channels, spatial...) and
/// (filters, channels of a group, spatial...), whatever the layout.
struct ConvolutionSizes {
  int rank = 0;  ///< number of spatial axes
  int64_t batch = 0, channels = 0, filters = 0, groups = 1;
  Shape in, out, kernel, stride, dilate, pad;  ///< spatial
  bool channels_last = false;

  int64_t group_channels() const { return channels / groups; }
  int64_t group_filters() const { return filters / groups; }
};

/// Of a convolution whose data and output have these shapes (in the order of its layout).
ConvolutionSizes convolution_sizes(const ConvolutionParam& param, const Shape& data,
                                   const Shape& out);

/// Size of the window with its dilation.
inline int64_t dilated(int64_t kernel, int64_t dilate) { return dilate * (kernel - 1) + 1; }

}  // namespace mx
