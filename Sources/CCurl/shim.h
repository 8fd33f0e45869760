// libcurl. Its option setters are variadic, which Swift cannot call.
#include <curl/curl.h>

static inline CURLcode coinvent_curl_set_long(CURL *curl, CURLoption option, long value) {
  return curl_easy_setopt(curl, option, value);
}
static inline CURLcode coinvent_curl_set_string(CURL *curl, CURLoption option, const char *value) {
  return curl_easy_setopt(curl, option, value);
}
static inline CURLcode coinvent_curl_set_pointer(CURL *curl, CURLoption option, void *value) {
  return curl_easy_setopt(curl, option, value);
}
static inline CURLcode coinvent_curl_set_write(CURL *curl, curl_write_callback value) {
  return curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, value);
}
static inline CURLcode coinvent_curl_get_long(CURL *curl, CURLINFO info, long *value) {
  return curl_easy_getinfo(curl, info, value);
}
static inline CURLcode coinvent_curl_set_read(CURL *curl, curl_read_callback value) {
  return curl_easy_setopt(curl, CURLOPT_READFUNCTION, value);
}
static inline CURLcode coinvent_curl_set_header(CURL *curl, curl_write_callback value) {
  return curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, value);
}
