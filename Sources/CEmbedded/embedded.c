#include "CEmbedded.h"

size_t longwell_embedded_count(void) { return 0; }
LongwellEmbeddedFile longwell_embedded_file(size_t index) {
  LongwellEmbeddedFile file = {"", (const unsigned char *)"", 0};
  return file;
}
