#include "CLanguage.h"

#include <cstdio>  // The next header names FILE without it.

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

LongwellLanguage longwell_detect_language(const char *bytes, size_t count) {
  CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::Language languages[3];
  int percents[3];
  double scores[3];
  int text_bytes = 0;
  int valid_bytes = 0;
  bool is_reliable = false;
  CLD2::ExtDetectLanguageSummaryCheckUTF8(bytes, static_cast<int>(count), true, &hints, 0, languages,
                                          percents, scores, nullptr, &text_bytes, &is_reliable,
                                          &valid_bytes);
  bool is_known = languages[0] != CLD2::UNKNOWN_LANGUAGE && languages[0] != CLD2::TG_UNKNOWN_LANGUAGE;
  return {CLD2::LanguageCode(languages[0]), percents[0], is_reliable && is_known};
}
