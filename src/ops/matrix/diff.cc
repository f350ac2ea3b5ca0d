// Differences between neighbours.
// lint: no-kernel (a composition of slices, subtractions and joins)
#include "ops/matrix/diff.h"

#include <algorithm>

#include "ops/init/fill.h"
#include "ops/matrix/concat.h"
#include "ops/matrix/slice.h"
#include "ops/matrix/tile.h"
#include "ops/reduce/numpy.h"

namespace mx {
namespace {

Value range(GraphBuilder& g, const Value& data, int64_t axis, int64_t begin, int64_t end) {
  return g.call("slice_axis", {data}, SliceAxisParam{axis, begin, end});
}

/// No element along an axis.
Value empty(GraphBuilder& g, const Value& data, int64_t axis) {
  RepeatParam none;
  none.repeats = 0;
  none.axis = axis;
  return g.call("repeat", {data}, none);
}

/// Differences along an axis of `size` elements.
Value differences(GraphBuilder& g, const Value& data, int64_t axis, int64_t size) {
  return g.sub(range(g, data, axis, 1, size), range(g, data, axis, 0, size - 1));
}

void infer_diff_shape(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  const auto& p = c.params<DiffParam>();
  const int axis = normalize_axis(p.axis, c.in(0).ndim(), c.op_name());
  Shape out = c.in(0);
  if (out[axis] >= 0) out[axis] = std::max<int64_t>(out[axis] - p.n, 0);
  c.set_out(0, out);
}

void decompose_diff(DecomposeContext& c) {
  const auto& p = c.params<DiffParam>();
  const Shape& in = c.in_shape(0);
  const int axis = normalize_axis(p.axis, in.ndim(), "_npi_diff");
  int64_t size = in[axis];
  if (p.n >= size && size > 0) return c.set(0, empty(c, c.in(0), axis));
  Value data = c.in(0);
  if (p.n == 0 || size == 0) return c.set(0, c.call("_copy", {data}));
  for (int i = 0; i < p.n; ++i, --size) data = differences(c, data, axis, size);
  c.set(0, data);
}

const OpBuilder diff = OpBuilder("_npi_diff")
                           .doc("Differences between neighbours along an axis, taken n times.")
                           .params<DiffParam>()
                           .input("a", "Array of any shape.")
                           .infer_shape(infer_diff_shape)
                           .infer_dtype(elemwise::numeric_dtype)
                           .decomposition(decompose_diff);

void infer_ediff1d_shape(ShapeContext& c) {
  const auto& p = c.params<Ediff1dParam>();
  for (size_t i = 0; i < c.num_in(); ++i)
    if (!c.in(i).is_known()) return;
  int64_t size = std::max<int64_t>(c.in(0).size() - 1, 0);
  for (size_t i = 1; i < c.num_in(); ++i) size += c.in(i).size();
  if (p.to_begin_scalar && !p.to_begin_arr_given) ++size;
  if (p.to_end_scalar && !p.to_end_arr_given) ++size;
  c.set_out(0, {size});
}

/// The parts of the result, one behind the other.
class Parts {
 public:
  explicit Parts(DecomposeContext& c) : c_(c) {}

  void add(const Value& part) { parts_.push_back(part); }
  void add_input(size_t i) {
    if (const int64_t size = c_.in_shape(i).size()) add(flat(i, size));
  }
  void add_number(double number) {
    FullParam p;
    p.shape = {1};
    p.dtype = c_.in_dtype(0);
    p.value = number;
    add(c_.call("_full", {}, p));
  }
  Value flat(size_t i, int64_t size) { return reduce::in_shape_of(c_, c_.in(i), {size}); }
  Value joined() {
    if (parts_.size() == 1) return parts_[0];
    ConcatParam p;
    p.num_args = static_cast<decltype(p.num_args)>(parts_.size());
    p.dim = 0;
    return c_.call("Concat", parts_, p);
  }
  bool empty() const { return parts_.empty(); }

 private:
  DecomposeContext& c_;
  std::vector<Value> parts_;
};

void decompose_ediff1d(DecomposeContext& c) {
  const auto& p = c.params<Ediff1dParam>();
  const int64_t size = c.in_shape(0).size();
  Parts parts(c);
  if (p.to_begin_arr_given)
    parts.add_input(1);
  else if (p.to_begin_scalar)
    parts.add_number(*p.to_begin_scalar);
  if (size > 1) parts.add(differences(c, parts.flat(0, size), 0, size));
  if (p.to_end_arr_given)
    parts.add_input(c.num_in() - 1);
  else if (p.to_end_scalar)
    parts.add_number(*p.to_end_scalar);
  c.set(0, parts.empty() ? empty(c, parts.flat(0, size), 0) : parts.joined());
}

const OpBuilder ediff1d =
    OpBuilder("_npi_ediff1d")
        .doc("Differences between neighbours of all elements, with others before and behind them.")
        .params<Ediff1dParam>()
        .input("input1", "Array of any shape.")
        .input("input2", "What to put before the differences, or behind them where that is all.")
        .input("input3", "What to put behind the differences where input2 comes before them.")
        .input_used([](const Params& params, size_t input) {
          const auto& p = params.as<Ediff1dParam>();
          const size_t given = size_t{p.to_begin_arr_given} + size_t{p.to_end_arr_given};
          return input <= given;
        })
        .infer_shape(infer_ediff1d_shape)
        .infer_dtype(elemwise::numeric_dtype)
        .decomposition(decompose_ediff1d);

}  // namespace
}  // namespace mx
