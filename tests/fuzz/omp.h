#pragma once
// What the core calls of OpenMP, for clang, which may come without this header and cannot read that
// of GCC. GCC's library is linked; without -fopenmp parallel regions run in one thread.
extern "C" {
int omp_get_max_threads();
int omp_get_num_threads();
int omp_get_thread_num();
int omp_in_parallel();
void omp_set_num_threads(int count);
}
