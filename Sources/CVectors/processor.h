// Which vectors the processor at hand has.

#ifndef LONGWELL_PROCESSOR_H
#define LONGWELL_PROCESSOR_H

// The compiler may count on vectors of two doubles alone, as every x86-64 processor has them. Those of
// four or eight take a half or a fifth of the time, so a function is compiled once for each and the
// choice is made where it runs. Swift cannot say that of a function; hence C.

#if defined(__x86_64__)

#define BY_FOUR __attribute__((target("avx2,fma")))
#define BY_EIGHT __attribute__((target("avx512f")))

static inline int has_eight(void) { return __builtin_cpu_supports("avx512f"); }
static inline int has_four(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

#endif

#endif
