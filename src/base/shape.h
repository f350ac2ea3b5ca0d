#pragma once
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mx {

/// A list of int64 numbers: a tensor's dimensions, or a tuple argument such as `kernel`.
///
/// As dimensions: ndim() == -1 means that not even the rank is known; a dimension of -1 is unknown.
/// (The legacy interface writes unknown as 0; it is translated at the edge, so 0 here is size 0.)
/// Up to kInline numbers live inside the object. One that was moved from has unknown rank.
/// Thread safety: as a plain value.
class Shape {
 public:
  static constexpr int kInline = 5;
  static constexpr int64_t kUnknownDim = -1;

  /// Unknown rank.
  Shape() = default;
  Shape(std::initializer_list<int64_t> dims) { assign(dims.begin(), dims.end()); }
  explicit Shape(std::span<const int64_t> dims) { assign(dims.begin(), dims.end()); }
  explicit Shape(const std::vector<int64_t>& dims) { assign(dims.begin(), dims.end()); }
  Shape(const Shape& other) { copy_from(other); }
  Shape(Shape&& other) noexcept { take(other); }
  Shape& operator=(const Shape& other) {
    if (this != &other) copy_from(other);
    return *this;
  }
  Shape& operator=(Shape&& other) noexcept {
    if (this != &other) take(other);
    return *this;
  }

  /// `ndim` dimensions, each `value`.
  static Shape filled(int ndim, int64_t value);
  /// Known rank, unknown dimensions.
  static Shape unknown_dims(int ndim) { return filled(ndim, kUnknownDim); }

  int ndim() const { return ndim_; }
  bool has_rank() const { return ndim_ >= 0; }
  /// Rank and every dimension are known.
  bool is_known() const;
  int64_t operator[](int i) const { return data()[i]; }
  int64_t& operator[](int i) { return data()[i]; }
  int64_t back() const { return data()[ndim_ - 1]; }
  const int64_t* data() const { return heap_ ? heap_.get() : inline_; }
  int64_t* data() { return heap_ ? heap_.get() : inline_; }
  const int64_t* begin() const { return data(); }
  const int64_t* end() const { return data() + (ndim_ > 0 ? ndim_ : 0); }
  int64_t* begin() { return data(); }
  int64_t* end() { return data() + (ndim_ > 0 ? ndim_ : 0); }
  /// Number of elements; 1 for rank 0. Throws: internal error when not known.
  int64_t size() const;
  /// Product of dimensions [first, last).
  int64_t size(int first, int last) const;
  bool empty() const { return ndim_ <= 0; }

  void push_back(int64_t dim);
  std::vector<int64_t> to_vector() const { return {begin(), end()}; }
  bool operator==(const Shape& other) const;

 private:
  template <typename It>
  void assign(It first, It last) {
    resize(static_cast<int>(last - first));
    int64_t* out = data();
    for (; first != last; ++first) *out++ = *first;
  }
  void resize(int ndim);
  void copy_from(const Shape& other);
  void take(Shape& other) noexcept;

  int32_t ndim_ = -1;
  int64_t inline_[kInline] = {};
  std::unique_ptr<int64_t[]> heap_;
};

/// Printed as Python prints a tuple: (2, 3), (4,), (); unknown rank as None.
std::ostream& operator<<(std::ostream& out, const Shape& shape);
std::string to_string(const Shape& shape);

/// Fills what is unknown in `target` from `source`. Returns false where both are known and differ.
bool merge_shape(Shape& target, const Shape& source);

/// Axis in [0, ndim) from one that may count from the end.
/// Throws: IndexError `<who>: <what>=<axis> ...` when out of range.
int normalize_axis(int64_t axis, int ndim, std::string_view who, std::string_view what = "axis");

/// Steps, in elements, from one index to the next in each dimension of a contiguous array.
std::vector<int64_t> contiguous_strides(const Shape& shape);

}  // namespace mx
