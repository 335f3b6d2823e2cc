// The files that travel inside the binary: instruments, study templates, analysis plans, page styles.

#ifndef LONGWELL_CEMBEDDED_H
#define LONGWELL_CEMBEDDED_H

#include <stddef.h>

/// One embedded file: its path from the top of the repository, and its bytes.
typedef struct {
  const char *_Nonnull path;
  const unsigned char *_Nonnull bytes;
  size_t count;
} LongwellEmbeddedFile;

/// How many files are embedded.
size_t longwell_embedded_count(void);

/// The file at an index below the count, in order of path.
LongwellEmbeddedFile longwell_embedded_file(size_t index);

#endif
