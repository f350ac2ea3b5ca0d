// lint: no-kernel (the operator is written in terms of others)
#include <optional>

#include "ir/op.h"
#include "ops/nn/spatial/bilinear_sampler.h"
#include "ops/nn/spatial/grid_generator.h"

namespace mx {
namespace {

enum class SamplerType : int32_t { kBilinear };

struct SpatialTransformerParam {
  Shape target_shape = Shape{0, 0};
  TransformType transform_type = TransformType::kAffine;
  SamplerType sampler_type = SamplerType::kBilinear;
  std::optional<bool> cudnn_off;

  static void describe(ParamBuilder<SpatialTransformerParam>& fields) {
    using P = SpatialTransformerParam;
    fields.add("target_shape", &P::target_shape, "Height and width of the result.");
    fields.add("transform_type", &P::transform_type, "What loc are.")
        .required()
        .choice("affine", TransformType::kAffine);
    fields.add("sampler_type", &P::sampler_type, "How data are read between pixels.")
        .required()
        .choice("bilinear", SamplerType::kBilinear);
    fields.add("cudnn_off", &P::cudnn_off, "Not used.");
  }
  void validate(std::string_view op) const { check_target_shape(op, target_shape); }
};

void infer_transformer_shape(ShapeContext& c) {
  const Shape& target = c.params<SpatialTransformerParam>().target_shape;
  c.set_in(0, Shape::unknown_dims(4));
  c.set_in(1, Shape{c.in(0)[0], 6});
  c.set_out(0, Shape{c.in(0)[0], c.in(0)[1], target[0], target[1]});
  c.set_in(0, Shape{c.out(0)[0], c.out(0)[1], -1, -1});
}

void decompose_transformer(DecomposeContext& c) {
  const auto& p = c.params<SpatialTransformerParam>();
  const Value grid =
      c.call("GridGenerator", {c.in(1)}, GridGeneratorParam{p.transform_type, p.target_shape});
  c.set(0, c.call("BilinearSampler", {c.in(0), grid}, BilinearSamplerParam{}));
}

const OpBuilder transformer =
    OpBuilder("SpatialTransformer")
        .doc("Reads each image through an affine map: GridGenerator and BilinearSampler.")
        .params<SpatialTransformerParam>()
        .input("data", "(batch, channels, height, width)")
        .input("loc", "The matrices (batch, 6), row by row.")
        .infer_shape(infer_transformer_shape)
        .infer_dtype(infer::floating_dtype)
        .decomposition(decompose_transformer);

}  // namespace
}  // namespace mx
