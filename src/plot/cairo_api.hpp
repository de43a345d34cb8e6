// The functions of Cairo and FreeType that we use, looked up when the first figure is drawn: a program that draws
// nothing does not load their twenty libraries (2 ms warm, 20 ms cold), and the library does not need them to be there.
//
//   const CairoApi api = CairoApi::load();
//   cairo_t* context = api.cairo_create(surface);
#pragma once

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <cairo.h>

// Each name is a member: a pointer to the function of that name.
#define RANVIER_CAIRO_FUNCTIONS(X)       \
  X(cairo_arc)                           \
  X(cairo_clip)                          \
  X(cairo_close_path)                    \
  X(cairo_create)                        \
  X(cairo_destroy)                       \
  X(cairo_fill)                          \
  X(cairo_font_face_destroy)             \
  X(cairo_font_face_set_user_data)       \
  X(cairo_font_options_create)           \
  X(cairo_font_options_destroy)          \
  X(cairo_font_options_set_antialias)    \
  X(cairo_font_options_set_hint_metrics) \
  X(cairo_font_options_set_hint_style)   \
  X(cairo_ft_font_face_create_for_ft_face) \
  X(cairo_get_target)                    \
  X(cairo_image_surface_create)          \
  X(cairo_image_surface_create_for_data) \
  X(cairo_image_surface_get_data)        \
  X(cairo_image_surface_get_stride)      \
  X(cairo_line_to)                       \
  X(cairo_move_to)                       \
  X(cairo_new_path)                      \
  X(cairo_new_sub_path)                  \
  X(cairo_paint)                         \
  X(cairo_pattern_set_filter)            \
  X(cairo_get_source)                    \
  X(cairo_pdf_surface_create_for_stream) \
  X(cairo_pdf_surface_set_metadata)      \
  X(cairo_rectangle)                     \
  X(cairo_restore)                       \
  X(cairo_rotate)                        \
  X(cairo_save)                          \
  X(cairo_scale)                         \
  X(cairo_select_font_face)              \
  X(cairo_set_dash)                      \
  X(cairo_set_font_face)                 \
  X(cairo_set_font_options)              \
  X(cairo_set_font_size)                 \
  X(cairo_set_line_cap)                  \
  X(cairo_set_line_join)                 \
  X(cairo_set_line_width)                \
  X(cairo_set_source_rgb)                \
  X(cairo_set_source_rgba)               \
  X(cairo_set_source_surface)            \
  X(cairo_show_text)                     \
  X(cairo_status)                        \
  X(cairo_status_to_string)              \
  X(cairo_stroke)                        \
  X(cairo_surface_destroy)               \
  X(cairo_surface_finish)                \
  X(cairo_surface_flush)                 \
  X(cairo_surface_mark_dirty)            \
  X(cairo_surface_status)                \
  X(cairo_text_extents)                  \
  X(cairo_translate)
#define RANVIER_FREETYPE_FUNCTIONS(X) \
  X(FT_Init_FreeType)                 \
  X(FT_Done_FreeType)                 \
  X(FT_New_Face)                      \
  X(FT_Done_Face)

namespace ranvier::plot::detail {

struct CairoApi {
#define RANVIER_MEMBER(name) decltype(&::name) name = nullptr;
  RANVIER_CAIRO_FUNCTIONS(RANVIER_MEMBER)
  RANVIER_FREETYPE_FUNCTIONS(RANVIER_MEMBER)
#undef RANVIER_MEMBER

  /// UnsupportedError if the libraries or a function of theirs cannot be found.
  [[nodiscard]] static CairoApi load();
};

}  // namespace ranvier::plot::detail
