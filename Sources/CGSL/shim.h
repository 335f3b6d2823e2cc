// The parts of the GNU Scientific Library that the Statistics room uses.

#ifndef LONGWELL_CGSL_H
#define LONGWELL_CGSL_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_erf.h>
#include <gsl/gsl_sf_psi.h>
#include <gsl/gsl_vector.h>
#include <gsl/gsl_matrix.h>

/// A fresh Mersenne Twister, or NULL; Swift does not read GSL's global variables.
static inline gsl_rng *longwell_mersenne_twister(void) { return gsl_rng_alloc(gsl_rng_mt19937); }

/// The rule of Gauss and Hermite, which GSL too declares as a global variable.
static inline const gsl_integration_fixed_type *longwell_hermite_rule(void) {
  return gsl_integration_fixed_hermite;
}

#endif
