// The list of embedded files, in order of path: two lines for each.
//
// To add a file, put a pair of lines in its place. The compiler lists embedded files as dependencies
// in its depfile, so an edited file is embedded anew by the next build.

#include "CEmbedded.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const LongwellEmbeddedFile files[] = {
#define PATH "../../analysis/quickstart.yaml"
#include "entry.h"
#define PATH "../../instruments/affect-2.yaml"
#include "entry.h"
#define PATH "../../instruments/after-chat.yaml"
#include "entry.h"
#define PATH "../../instruments/ai-literacy.yaml"
#include "entry.h"
#define PATH "../../instruments/ai-reliance.yaml"
#include "entry.h"
#define PATH "../../instruments/flourishing-12.yaml"
#include "entry.h"
#define PATH "../../instruments/flourishing-8.yaml"
#include "entry.h"
#define PATH "../../instruments/loneliness-3.yaml"
#include "entry.h"
#define PATH "../../instruments/moment.yaml"
#include "entry.h"
#define PATH "../../instruments/motivation-16.yaml"
#include "entry.h"
#define PATH "../../instruments/needs-18.yaml"
#include "entry.h"
#define PATH "../../instruments/needs-24.yaml"
#include "entry.h"
#define PATH "../../instruments/needs-6.yaml"
#include "entry.h"
#define PATH "../../instruments/perma-23.yaml"
#include "entry.h"
#define PATH "../../instruments/satisfaction-5.yaml"
#include "entry.h"
#define PATH "../../instruments/viewpoints.yaml"
#include "entry.h"
#define PATH "../../instruments/wellbeing-5.yaml"
#include "entry.h"
#define PATH "../../instruments/wisdom-7.yaml"
#include "entry.h"
#define PATH "../../studies/quickstart/consent/v1.en.md"
#include "entry.h"
#define PATH "../../studies/quickstart/simulation.yaml"
#include "entry.h"
#define PATH "../../studies/quickstart/study.yaml"
#include "entry.h"
#define PATH "../../studies/quickstart/texts/thanks.en.md"
#include "entry.h"
};

size_t longwell_embedded_count(void) { return sizeof(files) / sizeof(files[0]); }

LongwellEmbeddedFile longwell_embedded_file(size_t index) { return files[index]; }
