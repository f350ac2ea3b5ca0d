#include "io/records/detect_param.h"

#include <string>

#include "base/error.h"
#include "io/records/image_param.h"

namespace mx::records {
namespace {

using P = DetectParam;

void describe_crop(ParamBuilder<P>& fields) {
  fields.add("rand_crop_prob", &P::rand_crop_prob, "Probability of a crop.");
  fields.add("num_crop_sampler", &P::num_crop_sampler, "Samplers that are tried in drawn order.")
      .range(0, 1 << 10);
  fields.add("min_crop_scales", &P::min_crop_scales, "Smallest side, as a share of the picture's.");
  fields.add("max_crop_scales", &P::max_crop_scales, "Largest side.");
  fields.add("min_crop_aspect_ratios", &P::min_crop_aspect_ratios, "Smallest width / height.");
  fields.add("max_crop_aspect_ratios", &P::max_crop_aspect_ratios, "Largest width / height.");
  fields.add("min_crop_overlaps", &P::min_crop_overlaps,
             "Smallest intersection / union of the crop and an object.");
  fields.add("max_crop_overlaps", &P::max_crop_overlaps, "Largest intersection / union.");
  fields.add("min_crop_sample_coverages", &P::min_crop_sample_coverages,
             "Smallest share of the crop that an object covers.");
  fields.add("max_crop_sample_coverages", &P::max_crop_sample_coverages, "Largest such share.");
  fields.add("min_crop_object_coverages", &P::min_crop_object_coverages,
             "Smallest share of an object that the crop covers.");
  fields.add("max_crop_object_coverages", &P::max_crop_object_coverages, "Largest such share.");
  fields.add("max_crop_trials", &P::max_crop_trials, "Draws of each sampler.");
  fields
      .add("crop_emit_mode", &P::crop_emit_mode,
           "Objects are dropped by their centre, or by the share of them that is left.")
      .choice("center", EmitMode::kCenter)
      .choice("overlap", EmitMode::kOverlap);
  fields.add("emit_overlap_thresh", &P::emit_overlap_thresh, "That share.");
}

void describe_colors(ParamBuilder<P>& fields) {
  fields.add("max_random_hue", &P::max_random_hue, "Largest number added to the hue, of 180.")
      .range(-180, 180);
  fields.add("random_hue_prob", &P::random_hue_prob, "Probability of that.");
  fields
      .add("max_random_saturation", &P::max_random_saturation,
           "Largest number added to the saturation.")
      .range(-255, 255);
  fields.add("random_saturation_prob", &P::random_saturation_prob, "Probability of that.");
  fields
      .add("max_random_illumination", &P::max_random_illumination,
           "Largest number added to the lightness.")
      .range(-255, 255);
  fields.add("random_illumination_prob", &P::random_illumination_prob, "Probability of that.");
  fields.add("max_random_contrast", &P::max_random_contrast,
             "Largest change of the factor of all.");
  fields.add("random_contrast_prob", &P::random_contrast_prob, "Probability of that.");
}

/// One bound of the samplers: as many values as there are samplers, or one.
void check_count(const P& p, size_t found, const std::string& name, std::string_view op) {
  const size_t count = static_cast<size_t>(p.num_crop_sampler);
  require(found == 1 || found == count, op, ": ", name, " has ", found,
          " values for num_crop_sampler=", count, "; one, or one for each sampler is expected");
}

struct Bounds {
  const char* what;
  const std::vector<double>&min, &max;
  double most;  ///< of max
  bool may_be_equal;
};

void check_bounds(const P& p, const Bounds& b, std::string_view op) {
  const std::string min_name = std::string("min_crop_") + b.what;
  const std::string max_name = std::string("max_crop_") + b.what;
  check_count(p, b.min.size(), min_name, op);
  check_count(p, b.max.size(), max_name, op);
  for (size_t i = 0; i < static_cast<size_t>(p.num_crop_sampler); ++i) {
    const double low = of_sampler(b.min, i), high = of_sampler(b.max, i);
    require(low >= 0 && high <= b.most, op, ": ", low < 0 ? min_name : max_name, "=",
            low < 0 ? low : high, " is out of range; 0 to ", b.most, " is expected");
    require(b.may_be_equal ? low <= high : low < high, op, ": ", min_name, "=", low,
            " does not fit ", max_name, "=", high, "; less is expected");
  }
}

}  // namespace

void DetectParam::describe(ParamBuilder<DetectParam>& fields) {
  fields.add("aug_seq", &P::aug_seq,
             "`det_aug_default` as often as it is to be done, separated by `,`.");
  fields.add("label_width", &P::label_width, "Labels of every record; -1: they differ.");
  fields.add("label_pad_width", &P::label_pad_width,
             "Labels of a picture in a batch; 0 and -1: the most that a record has.");
  fields.add("label_pad_value", &P::label_pad_value, "Fills labels up.");
  fields.add("resize", &P::resize, "Length to which the shorter side is brought first; -1: none.")
      .range(-1, 1 << 15);
  describe_colors(fields);
  describe_crop(fields);
  fields.add("rand_pad_prob", &P::rand_pad_prob, "Probability of a border.");
  fields.add("max_pad_scale", &P::max_pad_scale, "Largest side with border / side.").range(0, 1024);
  fields.add("rand_mirror_prob", &P::rand_mirror_prob, "Probability of mirroring.");
  fields.add("fill_value", &P::fill_value, "Value of the border.").range(0, 255);
  fields
      .add("inter_method", &P::inter_method,
           "0 nearest, 1 linear, 2 cubic, 3 area, 4 Lanczos, 9 automatic, 10 random.")
      .range(0, 10);
  fields
      .add("resize_mode", &P::resize_mode,
           "Bring to data_shape whatever the aspect, or keep it and only shrink or also enlarge.")
      .choice("fit", ResizeMode::kFit)
      .choice("force", ResizeMode::kForce)
      .choice("shrink", ResizeMode::kShrink);
}

void DetectParam::validate(std::string_view op) const {
  check_augmenters(aug_seq, "det_aug_default", op);
  require(inter_method <= 4 || inter_method >= 9, op, ": inter_method=", inter_method,
          " is unknown; 0 to 4, 9 or 10 is expected");
  if (rand_crop_prob <= 0 || num_crop_sampler == 0) return;
  constexpr double kAnyAspect = 1e6;
  const Bounds all[] = {
      {"scales", min_crop_scales, max_crop_scales, 1, false},
      {"aspect_ratios", min_crop_aspect_ratios, max_crop_aspect_ratios, kAnyAspect, true},
      {"overlaps", min_crop_overlaps, max_crop_overlaps, 1, false},
      {"sample_coverages", min_crop_sample_coverages, max_crop_sample_coverages, 1, false},
      {"object_coverages", min_crop_object_coverages, max_crop_object_coverages, 1, false},
  };
  for (const Bounds& bounds : all) check_bounds(*this, bounds, op);
  check_count(*this, static_cast<size_t>(max_crop_trials.ndim()), "max_crop_trials", op);
}

}  // namespace mx::records
