// Error and gamma functions.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

const OpBuilder erf =
    unary("erf", "Error function.").alias("_npx_erf").gradient([](GradContext& g) {
      g.set(0,
            g.mul(g.d_out(), g.mul_scalar(g.call("exp", {g.negative(g.call("square", {g.in(0)}))}),
                                          1.1283791670955126)));
    });
const OpBuilder erfinv =
    unary("erfinv", "Inverse of the error function.")
        .alias("_npx_erfinv")
        .gradient([](GradContext& g) {
          g.set(0, g.mul(g.d_out(), g.mul_scalar(g.call("exp", {g.call("square", {g.out(0)})}),
                                                 0.88622692545275801)));
        });
const OpBuilder gamma =
    unary("gamma", "Gamma function.")
        .alias("_npx_gamma")
        .alias("_sparse_gamma")
        .gradient([](GradContext& g) {
          g.set(0, g.mul(g.mul(g.d_out(), g.out(0)), g.call("_digamma", {g.in(0)})));
        });
const OpBuilder gammaln = unary("gammaln", "Logarithm of the absolute value of the gamma function.")
                              .alias("_npx_gammaln")
                              .alias("_sparse_gammaln")
                              .gradient([](GradContext& g) {
                                g.set(0, g.mul(g.d_out(), g.call("_digamma", {g.in(0)})));
                              });
const OpBuilder digamma = unary("_digamma", "Derivative of gammaln.").gradient([](GradContext& g) {
  g.set(0, g.mul(g.d_out(), g.call("_trigamma", {g.in(0)})));
});
const OpBuilder trigamma = unary("_trigamma", "Second derivative of gammaln.")
                               .not_differentiable("third derivatives of gammaln are not offered");

}  // namespace
}  // namespace mx::elemwise
