// GNU libmicrohttpd. Its start function is variadic, which Swift cannot call; the options travel
// as the array that MHD_OPTION_ARRAY takes.
#include <microhttpd.h>

static inline struct MHD_Daemon *coinvent_mhd_start(
    unsigned int flags, uint16_t port, MHD_AccessHandlerCallback handler, void *context,
    struct MHD_OptionItem *options) {
  return MHD_start_daemon(flags, port, NULL, NULL, handler, context,
                          MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}
