#include "plot/cairo_canvas.hpp"

#include <algorithm>
#include <cmath>

#include "plot/clip.hpp"
#include "plot/marks.hpp"
#include "plot/png.hpp"
#include "ranvier/error.hpp"

namespace ranvier::plot::detail {
namespace {

// Fonts by file, because asking fontconfig for one costs 8 ms, and much more where its cache is missing. In this order:
// what Debian's Cairo brings along, then what other systems have.
constexpr const char* font_files[][2] = {
    {"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"},
    {"/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf", "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans-Bold.ttf"},
    {"/usr/share/fonts/TTF/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans-Bold.ttf"},
    {"/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
     "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf"},
    {"/System/Library/Fonts/Supplemental/Arial.ttf", "/System/Library/Fonts/Supplemental/Arial Bold.ttf"},
};

// A FreeType face with the library that it needs, for as long as Cairo keeps the font.
struct FaceOwner {
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  decltype(&::FT_Done_Face) done_face = nullptr;
  decltype(&::FT_Done_FreeType) done_library = nullptr;
};
void destroy_face(void* data) {
  auto* owner = static_cast<FaceOwner*>(data);
  if (owner->face) owner->done_face(owner->face);
  if (owner->library) owner->done_library(owner->library);
  delete owner;
}
const cairo_user_data_key_t face_key{};

// Null if none of the files is there: then Cairo is asked for "sans-serif".
cairo_font_face_t* open_font(const CairoApi& api, bool bold) {
  auto* owner = new FaceOwner;
  owner->done_face = api.FT_Done_Face;
  owner->done_library = api.FT_Done_FreeType;
  if (api.FT_Init_FreeType(&owner->library) == 0) {
    for (const auto& files : font_files) {
      if (api.FT_New_Face(owner->library, files[bold ? 1 : 0], 0, &owner->face) != 0) {
        owner->face = nullptr;
        continue;
      }
      cairo_font_face_t* font = api.cairo_ft_font_face_create_for_ft_face(owner->face, FT_LOAD_NO_HINTING);
      if (api.cairo_font_face_set_user_data(font, &face_key, owner, destroy_face) == CAIRO_STATUS_SUCCESS) return font;
      api.cairo_font_face_destroy(font);
      break;
    }
  }
  destroy_face(owner);
  return nullptr;
}

cairo_status_t append_to_string(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

CairoCanvas::CairoCanvas(const CairoApi& api, Format format, const Size& size, std::string title)
    : api_(api), size_(size), title_(std::move(title)) {
  const double points_wide = size.width_inches * 72, points_high = size.height_inches * 72;
  if (format == Format::png) {
    width_ = static_cast<int>(std::lround(size.width_inches * size.dpi));
    height_ = static_cast<int>(std::lround(size.height_inches * size.dpi));
    pixel_ = 72 / size.dpi;
    pixels_.assign(static_cast<std::size_t>(width_) * height_, 0xffffffff);
    surface_ = api_.cairo_image_surface_create_for_data(reinterpret_cast<unsigned char*>(pixels_.data()),
                                                        CAIRO_FORMAT_RGB24, width_, height_, width_ * 4);
  } else {
    surface_ = api_.cairo_pdf_surface_create_for_stream(append_to_string, &stream_, points_wide, points_high);
    if (!title_.empty()) api_.cairo_pdf_surface_set_metadata(surface_, CAIRO_PDF_METADATA_TITLE, title_.c_str());
    api_.cairo_pdf_surface_set_metadata(surface_, CAIRO_PDF_METADATA_CREATOR, "Ranvier");
  }
  context_ = api_.cairo_create(surface_);
  if (pixel_ > 0) api_.cairo_scale(context_, 1 / pixel_, 1 / pixel_);
  api_.cairo_set_line_join(context_, CAIRO_LINE_JOIN_ROUND);
  cairo_font_options_t* options = api_.cairo_font_options_create();
  api_.cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  api_.cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  api_.cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  api_.cairo_set_font_options(context_, options);
  api_.cairo_font_options_destroy(options);
}

CairoCanvas::~CairoCanvas() {
  if (context_) api_.cairo_destroy(context_);
  if (surface_) {
    api_.cairo_surface_finish(surface_);
    api_.cairo_surface_destroy(surface_);
  }
  for (cairo_font_face_t* font : fonts_)
    if (font) api_.cairo_font_face_destroy(font);
}

void CairoCanvas::set_color(Color color) {
  api_.cairo_set_source_rgb(context_, color.red / 255.0, color.green / 255.0, color.blue / 255.0);
}

void CairoCanvas::set_font(double size, bool bold) {
  const int wanted = bold ? 1 : 0;
  if (font_ == wanted && font_size_ == size) return;
  if (font_ != wanted) {
    if (!fonts_[wanted]) fonts_[wanted] = open_font(api_, bold);
    if (fonts_[wanted]) api_.cairo_set_font_face(context_, fonts_[wanted]);
    else
      api_.cairo_select_font_face(context_, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                                  bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  }
  api_.cairo_set_font_size(context_, size);
  font_ = wanted;
  font_size_ = size;
}

double CairoCanvas::text_width(std::string_view text, double size, bool bold) {
  set_font(size, bold);
  cairo_text_extents_t extents{};
  api_.cairo_text_extents(context_, std::string(text).c_str(), &extents);
  return extents.x_advance;
}

void CairoCanvas::text(Point at, std::string_view text, const TextStyle& style) {
  const double width = style.align == Align::left ? 0 : text_width(text, style.size, style.bold);
  const double back = style.align == Align::right ? width : style.align == Align::centre ? width / 2 : 0;
  set_font(style.size, style.bold);
  set_color(style.color);
  const std::string terminated(text);
  if (style.vertical) {
    api_.cairo_save(context_);
    api_.cairo_translate(context_, at.x, at.y + back);
    api_.cairo_rotate(context_, -M_PI / 2);
    api_.cairo_move_to(context_, 0, 0);
    api_.cairo_show_text(context_, terminated.c_str());
    api_.cairo_restore(context_);
  } else {
    api_.cairo_move_to(context_, at.x - back, at.y);
    api_.cairo_show_text(context_, terminated.c_str());
  }
  api_.cairo_new_path(context_);
}

void CairoCanvas::lines(std::span<const Point> points, const Stroke& stroke, std::optional<Box> clip) {
  api_.cairo_save(context_);
  if (clip) {
    api_.cairo_rectangle(context_, clip->left, clip->top, clip->width(), clip->height());
    api_.cairo_clip(context_);
  }
  std::vector<Point> near;
  if (clip) near = cut(points, grown(*clip, clip_margin));
  bool down = false;
  for (const Point p : clip ? std::span<const Point>(near) : points) {
    if (is_gap(p)) {
      down = false;
      continue;
    }
    if (down) api_.cairo_line_to(context_, p.x, p.y);
    else api_.cairo_move_to(context_, p.x, p.y);
    down = true;
  }
  set_color(stroke.color);
  api_.cairo_set_line_width(context_, stroke.width);
  api_.cairo_set_line_cap(context_, stroke.square_ends ? CAIRO_LINE_CAP_SQUARE : CAIRO_LINE_CAP_BUTT);
  const double dashes[2] = {3.5 * stroke.width, 2.5 * stroke.width};
  if (stroke.dashed) api_.cairo_set_dash(context_, dashes, 2, 0);
  api_.cairo_stroke(context_);
  api_.cairo_restore(context_);
}

void CairoCanvas::fill(const Box& box, Color color) {
  set_color(color);
  api_.cairo_rectangle(context_, box.left, box.top, box.width(), box.height());
  api_.cairo_fill(context_);
}

void CairoCanvas::dots(std::span<const Point> centres, double radius, Color color) {
  set_color(color);
  for (const Point c : centres) {
    if (is_gap(c)) continue;
    api_.cairo_new_sub_path(context_);
    api_.cairo_arc(context_, c.x, c.y, radius, 0, 2 * M_PI);
    api_.cairo_close_path(context_);
    api_.cairo_fill(context_);
  }
}

void CairoCanvas::paint_marks_into_pixels(std::span<const Point> centres, const Marks& marks, const Box& box) {
  api_.cairo_surface_flush(surface_);
  std::vector<Point> places(centres.begin(), centres.end());
  for (Point& p : places) p = {p.x / pixel_, p.y / pixel_};
  const Marks scaled{marks.width / pixel_, marks.height / pixel_, marks.color, marks.opacity};
  paint_marks({pixels_.data(), width_, height_, width_},
              {box.left / pixel_, box.top / pixel_, box.right / pixel_, box.bottom / pixel_}, places, scaled);
  api_.cairo_surface_mark_dirty(surface_);
}

void CairoCanvas::marks(std::span<const Point> centres, const Marks& marks, const Box& box) {
  if (pixel_ > 0) return paint_marks_into_pixels(centres, marks, box);
  // Upright strokes: three numbers a spike in the file, where a rectangle takes four.
  api_.cairo_save(context_);
  api_.cairo_rectangle(context_, box.left, box.top, box.width(), box.height());
  api_.cairo_clip(context_);
  for (const Point c : centres) {
    api_.cairo_move_to(context_, c.x, c.y - marks.height / 2);
    api_.cairo_line_to(context_, c.x, c.y + marks.height / 2);
  }
  api_.cairo_set_source_rgba(context_, marks.color.red / 255.0, marks.color.green / 255.0, marks.color.blue / 255.0,
                             marks.opacity);
  api_.cairo_set_line_width(context_, marks.width);
  api_.cairo_set_line_cap(context_, CAIRO_LINE_CAP_BUTT);
  api_.cairo_stroke(context_);
  api_.cairo_restore(context_);
}

void CairoCanvas::image(const Box& box, std::span<const std::uint32_t> pixels, int columns, int rows) {
  cairo_surface_t* picture = api_.cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows);
  unsigned char* data = api_.cairo_image_surface_get_data(picture);
  const int stride = api_.cairo_image_surface_get_stride(picture);
  if (data) {
    for (int y = 0; y < rows; ++y)
      std::copy_n(pixels.data() + static_cast<std::size_t>(y) * columns, columns,
                  reinterpret_cast<std::uint32_t*>(data + static_cast<std::size_t>(y) * stride));
    api_.cairo_surface_mark_dirty(picture);
    api_.cairo_save(context_);
    api_.cairo_translate(context_, box.left, box.top);
    api_.cairo_scale(context_, box.width() / columns, box.height() / rows);
    api_.cairo_set_source_surface(context_, picture, 0, 0);
    api_.cairo_pattern_set_filter(api_.cairo_get_source(context_), CAIRO_FILTER_NEAREST);
    api_.cairo_paint(context_);
    api_.cairo_restore(context_);
  }
  api_.cairo_surface_destroy(picture);
}

void CairoCanvas::check() const {
  cairo_status_t status = api_.cairo_status(context_);
  if (status == CAIRO_STATUS_SUCCESS) status = api_.cairo_surface_status(surface_);
  if (status == CAIRO_STATUS_NO_MEMORY) throw std::bad_alloc();
  if (status != CAIRO_STATUS_SUCCESS)
    throw InternalError(std::string("Cairo reports '") + api_.cairo_status_to_string(status) + "' while drawing a figure");
}

std::string CairoCanvas::finish() {
  check();
  if (pixel_ > 0) {
    api_.cairo_surface_flush(surface_);
    return encode_png({pixels_.data(), width_, height_, width_}, size_.dpi, title_);
  }
  api_.cairo_surface_finish(surface_);
  const cairo_status_t status = api_.cairo_surface_status(surface_);
  if (status != CAIRO_STATUS_SUCCESS)
    throw InternalError(std::string("Cairo reports '") + api_.cairo_status_to_string(status) + "' while writing a PDF");
  return std::move(stream_);
}

}  // namespace ranvier::plot::detail
