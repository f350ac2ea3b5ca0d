#include "io/records/object_label.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/error.h"

namespace mx::records {
namespace {

// Where the box stands in a row.
constexpr size_t kBox = 1;
// The shortest header and the shortest object.
constexpr size_t kHeader = 2, kObject = 5;

size_t count_at(std::span<const float> labels, size_t place, size_t least, const char* what) {
  const float value = labels[place];
  require(value >= static_cast<float>(least) && value <= static_cast<float>(labels.size()),
          "label ", place, "=", value, " is no ", what, "; ", least, " to ", labels.size(),
          " is expected");
  return static_cast<size_t>(value);
}

}  // namespace

Box intersect(const Box& a, const Box& b) {
  return {std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right),
          std::min(a.bottom, b.bottom)};
}

ObjectLabel::ObjectLabel(std::span<const float> labels) {
  require(labels.size() >= kHeader + kObject, "there are ", labels.size(), " labels; at least ",
          kHeader + kObject, " are expected for detection");
  const size_t header = count_at(labels, 0, kHeader, "number of labels of the picture");
  row_width_ = count_at(labels, 1, kObject, "number of labels of an object");
  require((labels.size() - header) % row_width_ == 0, "there are ", labels.size(),
          " labels, which are not ", header, " of the picture and ", row_width_,
          " of each object; whole objects are expected");
  head_.assign(labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(header));
  for (size_t at = header; at < labels.size(); at += row_width_) {
    const std::span<const float> row = labels.subspan(at, row_width_);
    const Box box{row[kBox], row[kBox + 1], row[kBox + 2], row[kBox + 3]};
    if (box.is_empty()) continue;
    boxes_.push_back(box);
    rows_.insert(rows_.end(), row.begin(), row.end());
  }
}

std::span<const float> ObjectLabel::object(size_t i) const {
  return std::span(rows_).subspan(i * row_width_, row_width_);
}

void ObjectLabel::keep(std::span<const size_t> kept) {
  std::vector<float> rows;
  std::vector<Box> boxes;
  for (const size_t i : kept) {
    const std::span<const float> row = object(i);
    rows.insert(rows.end(), row.begin(), row.end());
    boxes.push_back(boxes_[i]);
  }
  rows_ = std::move(rows);
  boxes_ = std::move(boxes);
}

std::vector<float> ObjectLabel::values() const {
  std::vector<float> all = head_;
  for (size_t i = 0; i < boxes_.size(); ++i) {
    const std::span<const float> row = object(i);
    const Box& box = boxes_[i];
    all.push_back(row[0]);
    all.insert(all.end(), {box.left, box.top, box.right, box.bottom});
    all.insert(all.end(), row.begin() + kBox + 4, row.end());
  }
  return all;
}

}  // namespace mx::records
