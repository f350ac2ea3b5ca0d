#pragma once
// The functions of libm, for float and double, under names that the compiler can vectorise: on
// x86-64 glibc's libmvec has each of them for whole vectors, with errors below 4 ulp and the
// special values of the scalar ones. GCC calls those from ordinary loops once the declarations say
// that they exist. Elsewhere, and on GPUs, these are the ordinary functions.
#include <cmath>

#include "base/float16.h"

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__CUDACC__)
#if __GLIBC_PREREQ(2, 35)
#define MX_VECTOR_VERSIONS(name)                                                 \
  extern "C" __attribute__((simd("notinbranch"))) float name##f(float) noexcept; \
  extern "C" __attribute__((simd("notinbranch"))) double name(double) noexcept;
#define MX_VECTOR_VERSIONS_2(name)                                                      \
  extern "C" __attribute__((simd("notinbranch"))) float name##f(float, float) noexcept; \
  extern "C" __attribute__((simd("notinbranch"))) double name(double, double) noexcept;
#endif
#endif
#ifndef MX_VECTOR_VERSIONS
#define MX_VECTOR_VERSIONS(name)
#define MX_VECTOR_VERSIONS_2(name)
#endif

// The C functions: std:: has builtins, which do not carry the attribute.
#define MX_LIBM(name)                                                \
  MX_VECTOR_VERSIONS(name)                                           \
  namespace mx::math {                                               \
  MX_HOST_DEVICE inline float name(float x) { return ::name##f(x); } \
  MX_HOST_DEVICE inline double name(double x) { return ::name(x); }  \
  }
#define MX_LIBM_2(name)                                                          \
  MX_VECTOR_VERSIONS_2(name)                                                     \
  namespace mx::math {                                                           \
  MX_HOST_DEVICE inline float name(float x, float y) { return ::name##f(x, y); } \
  MX_HOST_DEVICE inline double name(double x, double y) { return ::name(x, y); } \
  }

MX_LIBM(sin)
MX_LIBM(cos)
MX_LIBM(tan)
MX_LIBM(asin)
MX_LIBM(acos)
MX_LIBM(atan)
MX_LIBM(sinh)
MX_LIBM(cosh)
MX_LIBM(tanh)
MX_LIBM(asinh)
MX_LIBM(acosh)
MX_LIBM(atanh)
MX_LIBM(exp2)
MX_LIBM(expm1)
MX_LIBM(log2)
MX_LIBM(log10)
MX_LIBM(log1p)
MX_LIBM(cbrt)
MX_LIBM(erf)
MX_LIBM_2(pow)
MX_LIBM_2(atan2)
MX_LIBM_2(hypot)
// exp and log of floats are in fast_math.h, with smaller errors.
MX_VECTOR_VERSIONS(exp)
MX_VECTOR_VERSIONS(log)

#undef MX_LIBM
#undef MX_LIBM_2
#undef MX_VECTOR_VERSIONS
#undef MX_VECTOR_VERSIONS_2
