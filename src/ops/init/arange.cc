#include "ops/init/arange.h"

#include <algorithm>
#include <cmath>

#include "base/checked.h"
#include "ir/op.h"

namespace mx {
namespace {

void check_step(double step, int64_t repeat, std::string_view op) {
  require(step != 0, op, ": step=0 never reaches an end; expected another number");
  require(repeat > 0, op, ": repeat=", repeat, " is not positive; expected at least 1");
}

void infer_arange(ShapeContext& c) {
  const auto& p = c.params<ArangeParam>();
  check_step(p.step, p.repeat, c.op_name());
  if (p.infer_range && !p.stop) return;  // the users of the result know
  const double stop = p.stop.value_or(p.start), span = stop - p.first();
  require(span / p.step > 0, c.op_name(), ": stop=", stop, " is not reached from start=", p.first(),
          " in steps of ", p.step, "; expected at least one number");
  const double count = std::ceil(span / p.step);
  require(count < 9e15, c.op_name(), ": step=", p.step,
          " gives too many numbers; expected fewer than 9e15");
  const Checked all = Checked(static_cast<int64_t>(count)) * p.repeat;
  c.set_out(0, {all.get(c.op_name(), "repeat", p.repeat)});
}

/// mx.np's may be empty.
void infer_np_arange(ShapeContext& c) {
  const auto& p = c.params<ArangeParam>();
  check_step(p.step, p.repeat, c.op_name());
  require(p.repeat == 1, c.op_name(), ": repeat=", p.repeat, " is not supported; expected 1");
  require(p.stop || !p.infer_range, c.op_name(),
          ": infer_range=1 leaves the number of elements open; expected stop");
  const double count = std::ceil((p.stop.value_or(p.start) - p.first()) / p.step);
  require(count < 9e15, c.op_name(), ": step=", p.step,
          " gives too many numbers; expected fewer than 9e15");
  c.set_out(0, {std::max<int64_t>(static_cast<int64_t>(count), 0)});
}

void infer_logspace(ShapeContext& c) { c.set_out(0, {c.params<LogspaceParam>().num}); }
void infer_linspace(ShapeContext& c) { c.set_out(0, {c.params<LinspaceParam>().num}); }

void infer_arange_like(ShapeContext& c) {
  const auto& p = c.params<ArangeLikeParam>();
  check_step(p.step, p.repeat, c.op_name());
  if (!c.in(0).has_rank()) return;
  if (p.axis)
    c.set_out(0, {c.in(0)[normalize_axis(*p.axis, c.in(0).ndim(), c.op_name())]});
  else
    c.set_out(0, c.in(0));
}

template <typename P>
void infer_own_dtype(DTypeContext& c) {
  c.set_out(0, c.params<P>().dtype);
}

const OpBuilder arange = OpBuilder("_arange")
                             .doc("Numbers from start in equal steps, stop left out.")
                             .params<ArangeParam>()
                             .infer_shape(infer_arange)
                             .infer_dtype(infer_own_dtype<ArangeParam>)
                             .not_differentiable("the result is a constant");

const OpBuilder np_arange = OpBuilder("_npi_arange")
                                .doc("Numbers from start in equal steps, stop left out.")
                                .params<ArangeParam>()
                                .infer_shape(infer_np_arange)
                                .infer_dtype(infer_own_dtype<ArangeParam>)
                                .not_differentiable("the result is a constant");

const OpBuilder logspace = OpBuilder("_npi_logspace")
                               .doc("Powers of a base whose exponents go in equal steps.")
                               .params<LogspaceParam>()
                               .infer_shape(infer_logspace)
                               .infer_dtype(infer_own_dtype<LogspaceParam>)
                               .not_differentiable("the result is a constant");

const OpBuilder linspace = OpBuilder("_linspace")
                               .alias("_npi_linspace")
                               .doc("`num` numbers in equal steps from start to stop.")
                               .params<LinspaceParam>()
                               .infer_shape(infer_linspace)
                               .infer_dtype(infer_own_dtype<LinspaceParam>)
                               .not_differentiable("the result is a constant");

const OpBuilder arange_like = OpBuilder("_contrib_arange_like")
                                  .alias("_npx_arange_like")
                                  .doc("Numbers in equal steps, as many as data has along an axis.")
                                  .params<ArangeLikeParam>()
                                  .input("data", "Array whose shape and type count.")
                                  .infer_shape(infer_arange_like)
                                  .zero_gradient("the result does not depend on data");

}  // namespace
}  // namespace mx
