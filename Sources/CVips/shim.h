// What the image program uses of libvips 8, whose binary interface is stable. Its functions take
// their options as variable arguments, which Swift cannot call. They are declared here rather than
// included: vips.h brings GLib's headers, whose places only pkg-config knows, and Debian's
// libvips-dev brings more than a hundred other packages. Names and values are those of
// vips/foreign.h and vips/resample.h.
#include <stddef.h>

typedef struct _VipsImage VipsImage;

int vips_init(const char *argv0);
void vips_concurrency_set(int threads);
void vips_cache_set_max(int operations);
void vips_operation_block_set(const char *name, int state);
const char *vips_error_buffer(void);
void g_object_unref(void *object);

int vips_image_get_width(const VipsImage *image);
int vips_image_get_height(const VipsImage *image);
int vips_image_get_page_height(VipsImage *image);
int vips_image_get_n_pages(VipsImage *image);
int vips_image_get_orientation(VipsImage *image);
VipsImage *vips_image_copy_memory(VipsImage *image);

VipsImage *vips_image_new_from_buffer(
    const void *bytes, size_t count, const char *options, ...);
int vips_autorot(VipsImage *in, VipsImage **out, ...);
int vips_thumbnail_buffer(void *bytes, size_t count, VipsImage **out, int width, ...);
int vips_thumbnail_image(VipsImage *in, VipsImage **out, int width, ...);
int vips_jpegsave_buffer(VipsImage *in, void **bytes, size_t *count, ...);
int vips_pngsave_buffer(VipsImage *in, void **bytes, size_t *count, ...);
int vips_webpsave_buffer(VipsImage *in, void **bytes, size_t *count, ...);

enum { COINVENT_FAIL_ON_ERROR = 2, COINVENT_SIZE_DOWN = 2 };

// The first frame; pixels are read when they are asked for.
static inline VipsImage *coinvent_open(const void *bytes, size_t count) {
  return vips_image_new_from_buffer(bytes, count, "", "fail_on", COINVENT_FAIL_ON_ERROR, NULL);
}

static inline int coinvent_turn(VipsImage *in, VipsImage **out) {
  return vips_autorot(in, out, NULL);
}

// Fits the turned image into a square, in sRGB; never larger than it is.
static inline int coinvent_thumbnail(const void *bytes, size_t count, VipsImage **out, int side) {
  return vips_thumbnail_buffer(
      (void *)bytes, count, out, side, "height", side, "size", COINVENT_SIZE_DOWN,
      "export_profile", "srgb", "option_string", "[fail_on=error]", NULL);
}

static inline int coinvent_shrink(VipsImage *in, VipsImage **out, int side) {
  return vips_thumbnail_image(in, out, side, "height", side, "size", COINVENT_SIZE_DOWN, NULL);
}

static inline int coinvent_save_jpeg(VipsImage *in, void **bytes, size_t *count) {
  return vips_jpegsave_buffer(in, bytes, count, "Q", 92, "optimize_coding", 1, NULL);
}

static inline int coinvent_save_png(VipsImage *in, void **bytes, size_t *count) {
  return vips_pngsave_buffer(in, bytes, count, NULL);
}

static inline int coinvent_save_webp(VipsImage *in, void **bytes, size_t *count) {
  return vips_webpsave_buffer(in, bytes, count, "Q", 92, NULL);
}

static inline int coinvent_save_thumbnail(VipsImage *in, void **bytes, size_t *count) {
  return vips_webpsave_buffer(in, bytes, count, "Q", 80, NULL);
}
