#pragma once
/// For shared objects that bring operators, partitioners and graph passes: the names of lib_api.h
/// of MXNet 1.9.1, in headers alone. Include it in one source file of a library:
///
///     g++ -std=c++17 -shared -fPIC -I<include> my_library.cc -o libmy_library.so
///
/// and load that with `mx.library.load`. The functions that it exports are those of MXNet 1.9.1, so
/// that libraries compiled with either header load in both. docs/custom_libraries.md tells more.
#include "lib_api/exports.h"
