// The parts of libcurl that the Messages room uses. Swift does not call variadic functions, so each
// kind of option has a function of its own.

#ifndef LONGWELL_CCURL_H
#define LONGWELL_CCURL_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <string.h>

/// Bytes on their way to a server, and how far they have come.
typedef struct {
  const unsigned char *bytes;
  size_t count;
  size_t position;
  /// 1 once libcurl was told that there is no more: from then on the server may have all of it.
  int ended;
} LongwellPayload;

static inline CURLcode longwell_curl_set_text(CURL *curl, CURLoption option, const char *text) {
  return curl_easy_setopt(curl, option, text);
}

static inline CURLcode longwell_curl_set_number(CURL *curl, CURLoption option, long number) {
  return curl_easy_setopt(curl, option, number);
}

static inline CURLcode longwell_curl_set_list(
    CURL *curl, CURLoption option, struct curl_slist *list) {
  return curl_easy_setopt(curl, option, list);
}

static size_t longwell_curl_read(char *buffer, size_t size, size_t count, void *context) {
  LongwellPayload *payload = (LongwellPayload *)context;
  size_t room = size * count, left = payload->count - payload->position;
  size_t taken = left < room ? left : room;
  if (taken > 0) memcpy(buffer, payload->bytes + payload->position, taken);
  payload->position += taken;
  if (taken == 0) payload->ended = 1;
  return taken;
}

static size_t longwell_curl_discard(char *bytes, size_t size, size_t count, void *context) {
  (void)bytes;
  (void)context;
  return size * count;
}

/// Sends the payload, and throws away what the server answers beside its code.
static inline CURLcode longwell_curl_set_payload(CURL *curl, LongwellPayload *payload) {
  CURLcode code = curl_easy_setopt(curl, CURLOPT_READFUNCTION, longwell_curl_read);
  if (code == CURLE_OK) code = curl_easy_setopt(curl, CURLOPT_READDATA, payload);
  if (code == CURLE_OK) code = curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, longwell_curl_discard);
  return code;
}

/// The last answer's code, or 0 when there was none.
static inline long longwell_curl_response_code(CURL *curl) {
  long code = 0;
  return curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK ? code : 0;
}

/// How many bytes of requests went out.
static inline long longwell_curl_request_size(CURL *curl) {
  long size = 0;
  return curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &size) == CURLE_OK ? size : 0;
}

#endif
