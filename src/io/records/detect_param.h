#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/param.h"

namespace mx::records {

/// What becomes of an object that lies partly outside of a crop.
enum class EmitMode : int32_t { kCenter, kOverlap };
/// How a picture is brought to the shape of the batch.
enum class ResizeMode : int32_t { kForce, kShrink, kFit };

/// How pictures for detection and the boxes of their objects are augmented.
///
/// The lists hold one value for each crop sampler, or one for all of them.
struct DetectParam {
  std::string aug_seq = "det_aug_default";
  int32_t label_width = -1, label_pad_width = 0;
  float label_pad_value = -1;
  int32_t resize = -1;
  float rand_crop_prob = 0;
  int32_t num_crop_sampler = 1;
  std::vector<double> min_crop_scales{0}, max_crop_scales{1};
  std::vector<double> min_crop_aspect_ratios{1}, max_crop_aspect_ratios{1};
  std::vector<double> min_crop_overlaps{0}, max_crop_overlaps{1};
  std::vector<double> min_crop_sample_coverages{0}, max_crop_sample_coverages{1};
  std::vector<double> min_crop_object_coverages{0}, max_crop_object_coverages{1};
  Shape max_crop_trials{25};
  EmitMode crop_emit_mode = EmitMode::kCenter;
  float emit_overlap_thresh = 0.3f;
  float rand_pad_prob = 0, max_pad_scale = 1;
  float rand_mirror_prob = 0;
  int32_t max_random_hue = 0, max_random_saturation = 0, max_random_illumination = 0;
  float random_hue_prob = 0, random_saturation_prob = 0, random_illumination_prob = 0;
  float max_random_contrast = 0, random_contrast_prob = 0;
  int32_t fill_value = 127, inter_method = 1;
  ResizeMode resize_mode = ResizeMode::kForce;

  bool changes_colors() const {
    return random_hue_prob > 0 || random_saturation_prob > 0 || random_illumination_prob > 0 ||
           random_contrast_prob > 0;
  }

  static void describe(ParamBuilder<DetectParam>& fields);
  void validate(std::string_view op) const;
};

/// The value of sampler `i` in one of the lists.
inline double of_sampler(const std::vector<double>& values, size_t i) {
  return values.size() == 1 ? values[0] : values[i];
}

}  // namespace mx::records
