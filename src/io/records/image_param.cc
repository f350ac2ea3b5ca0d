#include "io/records/image_param.h"

#include <cmath>
#include <sstream>

#include "base/error.h"

namespace mx::records {
namespace {

constexpr int kMostDegrees = 1 << 20;

}  // namespace

std::vector<std::string> augmenter_names(const std::string& aug_seq) {
  std::vector<std::string> names;
  std::istringstream from(aug_seq);
  for (std::string name; std::getline(from, name, ',');) names.push_back(name);
  return names;
}

void check_augmenters(const std::string& aug_seq, std::string_view known, std::string_view op) {
  for (const std::string& name : augmenter_names(aug_seq)) {
    require(name == known, op, ": aug_seq='", aug_seq, "' names the augmenter '", name, "'; '",
            known, "', as often as it is to be done, is expected");
  }
}

void ReadParam::describe(ParamBuilder<ReadParam>& fields) {
  using P = ReadParam;
  fields.add("path_imgrec", &P::path_imgrec, "Files or folders of records, separated by `;`.")
      .required();
  fields.add("path_imgidx", &P::path_imgidx, "The .idx file of the records.");
  fields.add("path_imglist", &P::path_imglist, "A .lst file whose labels replace those stored.");
  fields.add("label_width", &P::label_width, "Labels of a picture.").at_least(1);
  fields.add("data_shape", &P::data_shape, "(channels, height, width) of a picture.").required();
  fields.add("preprocess_threads", &P::preprocess_threads, "Threads that decode.").at_least(1);
  fields.add("num_parts", &P::num_parts, "In how many parts the records are divided.").at_least(1);
  fields.add("part_index", &P::part_index, "Which part is read.").at_least(0);
  fields
      .add("part_handle", &P::part_handle,
           "`pad` fills short parts up and `discard` leaves records of long ones out, so that all "
           "are equally long; `keep` puts each record into one part.")
      .choice("pad", PartHandle::kPad)
      .choice("discard", PartHandle::kDiscard)
      .choice("keep", PartHandle::kKeep);
  fields
      .add("shuffle_chunk_size", &P::shuffle_chunk_size,
           "Megabytes of the pieces that are shuffled among each other.")
      .range(0, 1 << 20);
  fields.add("shuffle_chunk_seed", &P::shuffle_chunk_seed, "Selects the order of the pieces.");
  fields.add("seed_aug", &P::seed_aug, "With it each picture's draws depend on its place alone.");
  fields.add("shuffle", &P::shuffle, "Shuffle the records, anew in each epoch.");
  fields.add("seed", &P::seed, "Selects the order of the records.");
  fields.add("batch_size", &P::batch_size, "Pictures in a batch.").required().range(1, 1 << 24);
  fields.add("round_batch", &P::round_batch,
             "Fill the last batch up with the first pictures, which the next epoch then skips.");
  fields.add("prefetch_buffer", &P::prefetch_buffer, "Batches that are made ahead.")
      .range(0, 1 << 20);
}

void ReadParam::validate(std::string_view op) const {
  const bool fits = data_shape.ndim() == 3 &&
                    (data_shape[0] == 1 || data_shape[0] == 3 || data_shape[0] == 4) &&
                    data_shape[1] > 0 && data_shape[2] > 0 && data_shape[1] <= 1 << 15 &&
                    data_shape[2] <= 1 << 15;
  require(
      fits, op, ": data_shape=", data_shape,
      " does not fit; (channels, height, width) with 1, 3 or 4 channels and sides of 1 to 32768 "
      "is expected");
}

void AugmentParam::describe(ParamBuilder<AugmentParam>& fields) {
  using P = AugmentParam;
  fields.add("aug_seq", &P::aug_seq,
             "`aug_default` as often as it is to be done, separated by `,`.");
  fields.add("resize", &P::resize, "Length to which the shorter side is brought first; -1: none.")
      .range(-1, 1 << 15);
  fields.add("rand_crop", &P::rand_crop, "Crop at a random place, else in the middle.");
  fields.add("random_resized_crop", &P::random_resized_crop,
             "Crop a random area of a random aspect and resize it.");
  fields.add("max_aspect_ratio", &P::max_aspect_ratio,
             "Largest aspect; without min_aspect_ratio the distance from 1.");
  fields.add("min_aspect_ratio", &P::min_aspect_ratio, "Smallest aspect.");
  fields.add("max_crop_size", &P::max_crop_size, "Largest side of a square crop.").at_least(-1);
  fields.add("min_crop_size", &P::min_crop_size, "Smallest side of a square crop.").at_least(-1);
  fields.add("max_random_area", &P::max_random_area, "Largest share of the area.").range(0, 1);
  fields.add("min_random_area", &P::min_random_area, "Smallest share of the area.").range(0, 1);
  fields.add("rotate", &P::rotate, "Degrees to turn by; -1: as max_rotate_angle says.");
  fields.add("rotate_list", &P::rotate_list, "Degrees of which one is drawn, in place of those.");
  fields.add("max_rotate_angle", &P::max_rotate_angle, "Most degrees to turn by, either way.")
      .range(0, kMostDegrees);
  fields.add("max_shear_ratio", &P::max_shear_ratio, "Largest shear, either way.");
  fields.add("max_random_scale", &P::max_random_scale, "Largest factor of the sides.");
  fields.add("min_random_scale", &P::min_random_scale, "Smallest factor of the sides.");
  fields.add("max_img_size", &P::max_img_size, "Longest side after turning and scaling.");
  fields.add("min_img_size", &P::min_img_size, "Shortest side after turning and scaling.")
      .range(0, 1 << 15);
  fields
      .add("inter_method", &P::inter_method,
           "0 nearest, 1 linear, 2 cubic, 3 area, 4 Lanczos, 9 automatic, 10 random.")
      .range(0, 10);
  fields.add("pad", &P::pad, "Pixels added on each side.").range(0, 1 << 15);
  fields.add("fill_value", &P::fill_value, "Value of the pixels added.").range(0, 255);
  fields.add("brightness", &P::brightness, "Largest change of the factor of all.").at_least(0);
  fields.add("contrast", &P::contrast, "Largest change of the distance from the mean.").at_least(0);
  fields.add("saturation", &P::saturation, "Largest change of the distance from grey.").at_least(0);
  fields.add("pca_noise", &P::pca_noise, "Deviation of noise along the principal colours.")
      .at_least(0);
  fields.add("random_h", &P::random_h, "Largest number added to the hue, of 180.").range(0, 180);
  fields.add("random_s", &P::random_s, "Largest number added to the saturation.").range(0, 255);
  fields.add("random_l", &P::random_l, "Largest number added to the lightness.").range(0, 255);
}

AugmentParam::Range AugmentParam::aspects() const {
  if (min_aspect_ratio) return {*min_aspect_ratio, max_aspect_ratio};
  return {1 - max_aspect_ratio, 1 + max_aspect_ratio};
}

bool AugmentParam::warps() const {
  const auto [low, high] = aspects();
  return rotate > 0 || !rotate_list.empty() || max_rotate_angle > 0 || max_shear_ratio > 0 ||
         max_random_scale != 1 || min_random_scale != 1 || max_img_size != kAnySize ||
         min_img_size != 0 || (!random_resized_crop && (low != 1 || high != 1));
}

void AugmentParam::validate(std::string_view op) const {
  check_augmenters(aug_seq, "aug_default", op);
  require(inter_method <= 4 || inter_method >= 9, op, ": inter_method=", inter_method,
          " is unknown; 0 to 4, 9 or 10 is expected");
  require(min_random_area <= max_random_area, op, ": min_random_area=", min_random_area,
          " is above max_random_area=", max_random_area, "; at most that is expected");
  require((max_crop_size == -1) == (min_crop_size == -1) && min_crop_size <= max_crop_size &&
              min_crop_size != 0,
          op, ": min_crop_size=", min_crop_size, " does not fit max_crop_size=", max_crop_size,
          "; both from 1 on, the smaller first, or both -1 are expected");
  require(!random_resized_crop || aspects().low <= aspects().high, op,
          ": min_aspect_ratio=", aspects().low, " is above max_aspect_ratio=", aspects().high,
          "; at most that is expected");
  const bool scales = max_random_scale != 1 || min_random_scale != 1;
  require(
      !random_resized_crop || (!rand_crop && max_crop_size == -1 && !scales), op,
      ": random_resized_crop=1 goes with neither rand_crop, max_crop_size, min_random_scale nor "
      "max_random_scale; one of them is expected");
  for (const double angle : rotate_list) {
    require(std::abs(angle) <= kMostDegrees, op, ": rotate_list has the angle ", angle,
            "; at most ", kMostDegrees, " is expected");
  }
}

void NormalizeParam::describe(ParamBuilder<NormalizeParam>& fields) {
  using P = NormalizeParam;
  fields.add("mirror", &P::mirror, "Mirror every picture.");
  fields.add("rand_mirror", &P::rand_mirror, "Mirror half of the pictures.");
  fields.add("mean_r", &P::mean_r, "Subtracted from red.");
  fields.add("mean_g", &P::mean_g, "Subtracted from green.");
  fields.add("mean_b", &P::mean_b, "Subtracted from blue.");
  fields.add("mean_a", &P::mean_a, "Subtracted from alpha.");
  fields.add("std_r", &P::std_r, "Divides red.");
  fields.add("std_g", &P::std_g, "Divides green.");
  fields.add("std_b", &P::std_b, "Divides blue.");
  fields.add("std_a", &P::std_a, "Divides alpha.");
  fields.add("scale", &P::scale, "Multiplies every value.");
  fields.add("max_random_contrast", &P::max_random_contrast, "Largest change of the factor.");
  fields.add("max_random_illumination", &P::max_random_illumination, "Largest number added.");
}

}  // namespace mx::records
