// libarchive, which the Archives room uses to read zips.

#ifndef LONGWELL_CARCHIVE_H
#define LONGWELL_CARCHIVE_H

#include <malloc.h>
#include <archive.h>
#include <archive_entry.h>

#endif
