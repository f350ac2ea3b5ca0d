#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace mx::records {

/// Left, top, right and bottom as shares of the picture's sides.
struct Box {
  float left = 0, top = 0, right = 0, bottom = 0;

  float area() const { return (right - left) * (bottom - top); }
  bool is_empty() const { return right <= left || bottom <= top; }
};

/// What both boxes cover; may be empty.
Box intersect(const Box& a, const Box& b);

/// The labels of a picture for detection: numbers of the whole picture, of which the first two are
/// how many they are and how many each object has; then the objects, each a class, a box and more.
class ObjectLabel {
 public:
  /// Takes labels apart and drops objects whose box is empty.
  /// Throws: ValueError for labels of another form.
  explicit ObjectLabel(std::span<const float> labels);

  size_t num_objects() const { return boxes_.size(); }
  const Box& box(size_t i) const { return boxes_[i]; }
  Box& box(size_t i) { return boxes_[i]; }
  /// Keeps the objects `kept`, ascending places.
  void keep(std::span<const size_t> kept);
  /// The labels, with the boxes as they are now.
  std::vector<float> values() const;

 private:
  std::span<const float> object(size_t i) const;
  std::vector<float> head_;
  std::vector<float> rows_;  ///< of objects, row after row; boxes_ takes the place of theirs
  size_t row_width_ = 0;
  std::vector<Box> boxes_;
};

}  // namespace mx::records
