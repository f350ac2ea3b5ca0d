#include "base/shape.h"

#include <algorithm>
#include <ostream>
#include <sstream>
#include <utility>

#include "base/error.h"

namespace mx {

Shape Shape::filled(int ndim, int64_t value) {
  Shape shape;
  shape.resize(ndim);
  std::fill(shape.begin(), shape.end(), value);
  return shape;
}

bool Shape::is_known() const {
  return ndim_ >= 0 && std::none_of(begin(), end(), [](int64_t d) { return d < 0; });
}

int64_t Shape::size() const {
  internal_check(ndim_ >= 0, "Shape::size: rank is unknown");
  return size(0, ndim_);
}

int64_t Shape::size(int first, int last) const {
  int64_t product = 1;
  for (int i = first; i < last; ++i) {
    const int64_t dim = data()[i];
    internal_check(dim >= 0, "Shape::size: dimension ", i, " is unknown");
    if (__builtin_mul_overflow(product, dim, &product))
      fail(ErrorKind::kValue, "shape=", *this, " has more elements than an int64 can count");
  }
  return product;
}

void Shape::resize(int ndim) {
  if (ndim > kInline && ndim > ndim_) {
    auto grown = std::make_unique<int64_t[]>(static_cast<size_t>(ndim));
    if (ndim_ > 0) std::copy(begin(), end(), grown.get());
    heap_ = std::move(grown);
  }
  ndim_ = ndim;
}

void Shape::copy_from(const Shape& other) {
  if (other.ndim_ <= kInline) heap_.reset();
  resize(std::max(other.ndim_, 0));
  std::copy(other.begin(), other.end(), data());
  ndim_ = other.ndim_;
}

void Shape::take(Shape& other) noexcept {
  heap_ = std::move(other.heap_);
  if (!heap_) std::copy(other.begin(), other.end(), inline_);
  ndim_ = std::exchange(other.ndim_, -1);
}

void Shape::push_back(int64_t dim) {
  const int old = std::max<int>(ndim_, 0);
  resize(old + 1);
  data()[old] = dim;
}

bool Shape::operator==(const Shape& other) const {
  return ndim_ == other.ndim_ && std::equal(begin(), end(), other.begin());
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) {
  if (!shape.has_rank()) return out << "None";
  out << '(';
  // As text of its own: a program's global locale would put dots into the numbers of a stream.
  for (int i = 0; i < shape.ndim(); ++i) out << (i ? ", " : "") << std::to_string(shape[i]);
  return out << (shape.ndim() == 1 ? ",)" : ")");
}

std::string to_string(const Shape& shape) { return concat(shape); }

bool merge_shape(Shape& target, const Shape& source) {
  if (!source.has_rank()) return true;
  if (!target.has_rank()) {
    target = source;
    return true;
  }
  if (target.ndim() != source.ndim()) return false;
  for (int i = 0; i < target.ndim(); ++i) {
    if (source[i] < 0) continue;
    if (target[i] >= 0 && target[i] != source[i]) return false;
    target[i] = source[i];
  }
  return true;
}

int normalize_axis(int64_t axis, int ndim, std::string_view who, std::string_view what) {
  if (axis < -ndim || axis >= ndim)
    fail(ErrorKind::kIndex, who, ": ", what, "=", axis, " is out of range; expected ", -ndim,
         " to ", ndim - 1, " for an array of ", ndim, " dimensions");
  return static_cast<int>(axis < 0 ? axis + ndim : axis);
}

std::vector<int64_t> contiguous_strides(const Shape& shape) {
  std::vector<int64_t> strides(static_cast<size_t>(shape.ndim()));
  int64_t step = 1;
  for (int i = shape.ndim() - 1; i >= 0; --i) {
    strides[static_cast<size_t>(i)] = step;
    step *= std::max<int64_t>(shape[i], 1);
  }
  return strides;
}

}  // namespace mx
