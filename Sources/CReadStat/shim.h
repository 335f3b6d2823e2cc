// ReadStat, which writes SPSS and Stata files for the Tables room.

#ifndef LONGWELL_CREADSTAT_H
#define LONGWELL_CREADSTAT_H

#include <readstat.h>

#endif
