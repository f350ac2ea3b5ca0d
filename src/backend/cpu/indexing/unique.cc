// Slices are ordered by their elements, the first of which counts most.
#include "ops/indexing/unique.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "dispatch/kernel.h"

namespace mx {
namespace {

/// data as `count` slices along an axis; elements of a slice lie in `outer` runs of `inner`.
struct Slices {
  int64_t outer = 1, count, inner = 1;
  Slices(const UniqueParam& p, const Shape& shape) {
    count = shape.size();
    if (!p.axis) return;
    const int axis = normalize_axis(*p.axis, shape.ndim(), "_npi_unique");
    outer = shape.size(0, axis);
    count = shape[axis];
    inner = shape.size(axis + 1, shape.ndim());
  }
};

/// Whether a comes before b; NaN comes last.
template <typename T>
bool precedes(T a, T b) {
  if (a != a) return false;
  return b != b || a < b;
}

template <typename T>
class SliceOrder {
 public:
  SliceOrder(const T* data, const Slices& slices) : data_(data), slices_(slices) {}

  /// -1, 0, 1: slice a comes before slice b, equals it, comes behind it.
  int compare(int64_t a, int64_t b) const {
    for (int64_t o = 0; o < slices_.outer; ++o) {
      const T* run = data_ + o * slices_.count * slices_.inner;
      for (int64_t i = 0; i < slices_.inner; ++i) {
        const T x = run[a * slices_.inner + i], y = run[b * slices_.inner + i];
        if (precedes(x, y)) return -1;
        if (precedes(y, x)) return 1;
      }
    }
    return 0;
  }

 private:
  const T* data_;
  const Slices& slices_;
};

/// Slices in rising order, equal ones in the order of their places, and where each group of equal
/// ones begins in that.
struct Groups {
  std::vector<int64_t> order, begins;
  int64_t size() const { return static_cast<int64_t>(begins.size()); }
  int64_t end(size_t group) const {
    return group + 1 < begins.size() ? begins[group + 1] : static_cast<int64_t>(order.size());
  }
};

Groups group(const Tensor& data, const Slices& slices) {
  Groups groups;
  groups.order.resize(static_cast<size_t>(slices.count));
  std::iota(groups.order.begin(), groups.order.end(), 0);
  visit_dtype(data.dtype, "_npi_unique", [&]<typename T>(TypeTag<T>) {
    const SliceOrder<T> slice_order(data.as<T>(), slices);
    std::stable_sort(groups.order.begin(), groups.order.end(),
                     [&](int64_t a, int64_t b) { return slice_order.compare(a, b) < 0; });
    for (size_t i = 0; i < groups.order.size(); ++i)
      if (i == 0 || slice_order.compare(groups.order[i - 1], groups.order[i]) != 0)
        groups.begins.push_back(static_cast<int64_t>(i));
  });
  return groups;
}

std::vector<Shape> measure(const Params& params, KernelContext&, Inputs in) {
  const auto& p = params.as<UniqueParam>();
  const Slices slices(p, in[0].shape);
  const int64_t found = group(in[0], slices).size();
  Shape values{found};
  if (p.axis) {
    values = in[0].shape;
    values[normalize_axis(*p.axis, values.ndim(), "_npi_unique")] = found;
  }
  std::vector<Shape> shapes{values};
  if (p.return_index) shapes.push_back({found});
  if (p.return_inverse) shapes.push_back({slices.count});
  if (p.return_counts) shapes.push_back({found});
  return shapes;
}

void copy_slices(const Tensor& from, const Tensor& to, const Slices& slices, const Groups& groups) {
  const int64_t bytes = slices.inner * dtype_size(from.dtype), found = groups.size();
  for (int64_t o = 0; o < slices.outer; ++o)
    for (int64_t g = 0; g < found; ++g) {
      const int64_t first =
          groups.order[static_cast<size_t>(groups.begins[static_cast<size_t>(g)])];
      std::copy_n(from.as<char>() + (o * slices.count + first) * bytes, bytes,
                  to.as<char>() + (o * found + g) * bytes);
    }
}

void unique(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<UniqueParam>();
  const Slices slices(p, in[0].shape);
  const Groups groups = group(in[0], slices);
  copy_slices(in[0], out[0], slices, groups);
  size_t next = 1;
  int64_t* index = p.return_index ? out[next++].as<int64_t>() : nullptr;
  int64_t* inverse = p.return_inverse ? out[next++].as<int64_t>() : nullptr;
  int64_t* counts = p.return_counts ? out[next++].as<int64_t>() : nullptr;
  for (size_t g = 0; g < groups.begins.size(); ++g) {
    const int64_t begin = groups.begins[g], end = groups.end(g);
    if (index) index[g] = groups.order[static_cast<size_t>(begin)];
    if (counts) counts[g] = end - begin;
    for (int64_t i = begin; inverse && i < end; ++i)
      inverse[groups.order[static_cast<size_t>(i)]] = static_cast<int64_t>(g);
  }
}

const KernelBuilder k1 = KernelBuilder("_npi_unique", "native").measure(measure).run(unique);

}  // namespace
}  // namespace mx
