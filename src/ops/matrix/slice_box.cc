// The arithmetic of slices, shared by operators, gradients and kernels.
#include <algorithm>

#include "ops/matrix/slice.h"

namespace mx {

bool codec::Codec<OptionalInts>::parse(std::string_view text, OptionalInts& v) {
  v.values.clear();
  const auto first = text.find_first_not_of(" ([\t"), last = text.find_last_not_of(" )]\t");
  if (first == std::string_view::npos || last == std::string_view::npos || last < first)
    return text.find_first_of("([") != std::string_view::npos;
  text = text.substr(first, last - first + 1);
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    int64_t number = 0;
    if (is_none(item))
      v.values.emplace_back();
    else if (parse_int(item, number))
      v.values.emplace_back(number);
    else
      return false;
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    if (text.find_first_not_of(' ') == std::string_view::npos) break;
  }
  return true;
}

bool codec::Codec<OptionalInts>::assign(const AttrValue& from, OptionalInts& v) {
  if (const auto* text = std::get_if<std::string>(&from)) return parse(*text, v);
  v.values.clear();
  if (std::holds_alternative<std::monostate>(from)) return v.values.emplace_back(), true;
  Shape numbers;
  if (!Codec<Shape>::assign(from, numbers)) return false;
  v.values.assign(numbers.begin(), numbers.end());
  return true;
}

std::string codec::Codec<OptionalInts>::print(const OptionalInts& v) {
  std::string text = "(";
  for (size_t i = 0; i < v.size(); ++i)
    text += (i ? ", " : "") + (v[i] ? std::to_string(*v[i]) : "None");
  return text + (v.size() == 1 ? ",)" : ")");
}

size_t codec::Codec<OptionalInts>::hash(const OptionalInts& v) {
  size_t seed = v.size();
  for (const auto& value : v.values)
    seed = hash_combine(seed, value ? static_cast<size_t>(*value) + 1 : 0);
  return seed;
}

void SliceParam::validate(std::string_view op) const {
  require(begin.size() == end.size(), op, ": end=", codec::Codec<OptionalInts>::print(end), " has ",
          end.size(), " numbers; expected ", begin.size(), " as in begin");
  require(step.size() == 0 || step.size() == begin.size(), op,
          ": step=", codec::Codec<OptionalInts>::print(step), " has ", step.size(),
          " numbers; expected ", begin.size(), " as in begin");
  for (const auto& s : step.values)
    require(!s || *s != 0, op, ": step=", codec::Codec<OptionalInts>::print(step),
            " holds 0; expected numbers other than 0");
}

namespace {

BoxParam whole_box(const Shape& shape) {
  return {shape, Shape::filled(shape.ndim(), 0), Shape::filled(shape.ndim(), 1), shape};
}

/// Python's rule: ends beyond the axis are cut off, and a range may be empty.
void set_range(BoxParam& box, int axis, const std::optional<int64_t>& begin,
               const std::optional<int64_t>& end, int64_t step) {
  const int64_t size = box.shape[axis];
  box.step[axis] = step;
  if (size < 0) {
    if (begin || end || step != 1) box.count[axis] = -1;
    return;
  }
  const int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
  const auto clipped = [&](int64_t at) { return std::clamp(at < 0 ? at + size : at, low, high); };
  const int64_t first = begin ? clipped(*begin) : (step > 0 ? low : high);
  const int64_t last = end ? clipped(*end) : (step > 0 ? high : low);
  const int64_t span = step > 0 ? last - first : first - last;
  // A step of more than the whole axis takes one element; -2^63 has no positive counterpart.
  const int64_t stride = std::min(step > 0 ? step : -std::max(step, -INT64_MAX), size + 1);
  box.count[axis] = span > 0 ? (span - 1) / stride + 1 : 0;
  box.start[axis] = box.count[axis] > 0 ? first : 0;
}

}  // namespace

BoxParam slice_box(const SliceParam& p, const Shape& shape, std::string_view op) {
  require(static_cast<int>(p.begin.size()) <= shape.ndim(), op,
          ": begin=", codec::Codec<OptionalInts>::print(p.begin), " has ", p.begin.size(),
          " numbers; expected at most one for each dimension of data=", shape);
  BoxParam box = whole_box(shape);
  for (size_t i = 0; i < p.begin.size(); ++i)
    set_range(box, static_cast<int>(i), p.begin[i], p.end[i],
              p.step.size() > 0 ? p.step[i].value_or(1) : 1);
  return box;
}

BoxParam slice_axis_box(const SliceAxisParam& p, const Shape& shape, std::string_view op) {
  const int axis = normalize_axis(p.axis, shape.ndim(), op);
  BoxParam box = whole_box(shape);
  if (const int64_t size = shape[axis]; size >= 0) {
    const int64_t begin = p.begin < 0 ? p.begin + size : p.begin;
    const int64_t end = !p.end ? size : *p.end < 0 ? *p.end + size : *p.end;
    require(begin >= 0 && begin <= size, op, ": begin=", p.begin, " is out of range; expected ",
            -size, " to ", size, " along axis ", axis, " of data=", shape);
    require(end <= size, op, ": end=", end, " is out of range; expected at most ", size,
            " along axis ", axis, " of data=", shape);
    require(begin < end, op, ": end=", end, " leaves nothing behind begin=", begin,
            "; expected a larger end");
    box.start[axis] = begin;
    box.count[axis] = end - begin;
  } else if (p.begin >= 0 && p.end && *p.end > p.begin) {
    box.count[axis] = *p.end - p.begin;
  }
  return box;
}

BoxParam slice_like_box(const SliceLikeParam& p, const Shape& shape, const Shape& like,
                        std::string_view op) {
  Shape axes = p.axes;
  if (axes.empty()) {
    require(shape.ndim() == like.ndim(), op, ": shape_like=", like, " has ", like.ndim(),
            " dimensions; expected ", shape.ndim(), " as in data, or axes");
    axes = Shape::filled(shape.ndim(), 0);
    for (int i = 0; i < axes.ndim(); ++i) axes[i] = i;
  }
  BoxParam box = whole_box(shape);
  for (int64_t given : axes) {
    const int axis = normalize_axis(given, shape.ndim(), op, "axes");
    require(axis < like.ndim(), op, ": axes=", p.axes, " names axis ", axis,
            ", which shape_like=", like, " does not have");
    require(shape[axis] < 0 || like[axis] <= shape[axis], op, ": shape_like=", like,
            " is larger than data=", shape, " along axis ", axis, "; expected at most its size");
    box.count[axis] = like[axis];
  }
  return box;
}

SliceParam box_slice(const BoxParam& box) {
  SliceParam p;
  for (int i = 0; i < box.shape.ndim(); ++i) {
    const int64_t end = box.start[i] + box.step[i] * box.count[i];
    p.begin.values.emplace_back(box.start[i]);
    p.step.values.emplace_back(box.step[i]);
    if (end < 0)  // a backward range that reaches the first element
      p.end.values.emplace_back();
    else
      p.end.values.emplace_back(end);
  }
  return p;
}

}  // namespace mx
