#include "ops/image/random_color.h"

#include "ir/op.h"
#include "ops/image/picture.h"

namespace mx {
namespace {

OpBuilder change_color(const char* name, const char* alias, const char* doc) {
  return OpBuilder(name)
      .alias(alias)
      .doc(doc)
      .input("data",
             "Picture (height, width, channels), or a batch of such, with factors for each.")
      .infer_shape(picture::infer_same)
      .random()
      .not_differentiable("the factor is random")
      .inplace(0, 0);
}

const OpBuilder brightness =
    change_color("_image_random_brightness", "_npx__image_random_brightness",
                 "Makes pictures lighter or darker by a random factor.")
        .params<ImageFactorParam>();
const OpBuilder contrast =
    change_color("_image_random_contrast", "_npx__image_random_contrast",
                 "Moves colors away from the mean brightness of the picture by a random factor.")
        .params<ImageFactorParam>();
const OpBuilder saturation =
    change_color("_image_random_saturation", "_npx__image_random_saturation",
                 "Moves colors away from gray by a random factor.")
        .params<ImageFactorParam>();
const OpBuilder hue = change_color("_image_random_hue", "_npx__image_random_hue",
                                   "Turns the circle of colors by a random part of it.")
                          .params<ImageFactorParam>();
const OpBuilder jitter =
    change_color(
        "_image_random_color_jitter", "_npx__image_random_color_jitter",
        "Changes brightness, contrast, saturation and hue, those that are not 0, in random "
        "order.")
        .params<ColorJitterParam>();

}  // namespace
}  // namespace mx
