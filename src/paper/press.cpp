#include "paper/press.h"

#include <cairo-pdf.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <tuple>

namespace mineward::paper {
namespace {

using Kind = pack::PaperBlock::Kind;
using Style = pack::Paper::Style;

constexpr double kMm = 72.0 / 25.4;  ///< points of a millimetre
constexpr double kA4Short = 210 * kMm, kA4Long = 297 * kMm;

struct Unref {
  void operator()(PangoLayout* l) const { g_object_unref(l); }
  void operator()(PangoContext* c) const { g_object_unref(c); }
  void operator()(PangoFontDescription* d) const { pango_font_description_free(d); }
  void operator()(PangoLayoutIter* i) const { pango_layout_iter_free(i); }
  void operator()(PangoAttrList* a) const { pango_attr_list_unref(a); }
  void operator()(cairo_t* c) const { cairo_destroy(c); }
  void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
  void operator()(QRcode* q) const { QRcode_free(q); }
};
using Layout = std::unique_ptr<PangoLayout, Unref>;

struct Colour {
  double red = 0, green = 0, blue = 0;
};
constexpr Colour kBlack{};
constexpr Colour kRed{0.80, 0.05, 0.05};
constexpr Colour kGrey{0.45, 0.45, 0.45};
constexpr Colour kPale{0.90, 0.90, 0.90};

/// Sizes of a style, in points.
struct Measures {
  double left, right, top, bottom;
  double body, line;       ///< of running text
  double cell, cell_line;  ///< of tables and frames
  double title, title_line;
};
Measures measures_of(Style style) {
  switch (style) {
    case Style::red_head: return {28 * kMm, 26 * kMm, 30 * kMm, 30 * kMm, 16, 28, 11, 17, 22, 34};
    case Style::plain: return {26 * kMm, 24 * kMm, 22 * kMm, 29 * kMm, 13, 23, 10.5, 16, 20, 30};
    case Style::form: return {20 * kMm, 20 * kMm, 18 * kMm, 28 * kMm, 12, 20, 11, 18, 18, 28};
    case Style::certificate: return {36 * kMm, 36 * kMm, 24 * kMm, 30 * kMm, 15, 28, 12, 20, 26, 44};
    case Style::ledger: return {12 * kMm, 12 * kMm, 14 * kMm, 22 * kMm, 10.5, 17, 8.5, 13, 16, 26};
  }
  return {};
}

enum class Align { left, center, right, justify };

struct Look {
  const std::string* family = nullptr;
  double size = 14, line = 25;
  bool bold = false;
  Align align = Align::left;
  double indent = 0;
  double spread = 0;  ///< between letters, points
};

/// Without control characters, which would end a line or a layout where nobody sees why.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\t') {
      out += ' ';
    } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n') {
      out += c;
    }
  }
  return out;
}

int full_width_length(std::string_view text) {
  int halves = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80) continue;
    halves += byte < 0x80 ? 1 : 2;
  }
  return (halves + 1) / 2;
}

/// Nothing to be seen, and nothing to be filled in by hand.
bool is_blank(const Words& words) {
  return std::all_of(words.begin(), words.end(), [](const Run& r) { return r.text.empty() && r.width == 0; });
}

class Press {
 public:
  /// `total`: pages there are; 0 while they are being counted.
  /// `tight`: share of the usual distance between lines.
  Press(const Sheet& sheet, const Fonts& fonts, cairo_t* cairo, int total, double tight)
      : sheet_(sheet), fonts_(fonts), cairo_(cairo), total_(total), m_(measures_of(sheet.style)) {
    m_.line *= tight;
    width_ = sheet.landscape ? kA4Long : kA4Short;
    height_ = sheet.landscape ? kA4Short : kA4Long;
    context_.reset(pango_cairo_create_context(cairo));
    pango_context_set_language(context_.get(), pango_language_from_string("zh-cn"));
    pango_context_set_base_dir(context_.get(), PANGO_DIRECTION_LTR);
  }

  /// Pages, and how much of the last one is filled.
  std::pair<int, double> run() {
    begin_page();
    top();
    for (const auto& part : sheet_.parts) this->part(part);
    if (!sheet_.copies.empty()) {
      y_ += 4;
      rule(m_.left, width_ - m_.right, y_, 0.5, kBlack);
      y_ += 3;
      flow(*layout({{sheet_.copies, 0}}, small(), inner()), m_.left);
    }
    end_page();
    return {page_, (y_ - m_.top) / (bottom() - m_.top)};
  }

 private:
  // ---- pages

  double inner() const { return width_ - m_.left - m_.right; }
  double bottom() const { return height_ - m_.bottom; }

  void begin_page() {
    ++page_;
    y_ = m_.top;
    if (sheet_.draft) watermark();
    if (sheet_.style == Style::certificate) frame();
  }
  void end_page() {
    footer();
    cairo_show_page(cairo_);
  }
  void new_page() {
    end_page();
    begin_page();
  }
  /// Room for so much, on this page or the next.
  void need(double height) {
    if (y_ + height > bottom() && y_ > m_.top + 1) new_page();
  }

  void colour(const Colour& c) { cairo_set_source_rgb(cairo_, c.red, c.green, c.blue); }

  void rule(double from, double to, double y, double thick, const Colour& c) {
    colour(c);
    cairo_set_line_width(cairo_, thick);
    cairo_move_to(cairo_, from, y);
    cairo_line_to(cairo_, to, y);
    cairo_stroke(cairo_);
    colour(kBlack);
  }
  void upright(double x, double from, double to, double thick) {
    colour(kBlack);
    cairo_set_line_width(cairo_, thick);
    cairo_move_to(cairo_, x, from);
    cairo_line_to(cairo_, x, to);
    cairo_stroke(cairo_);
  }

  void watermark() {
    cairo_save(cairo_);
    cairo_translate(cairo_, width_ / 2, height_ / 2);
    cairo_rotate(cairo_, -std::atan2(height_, width_) * 0.7);
    const Layout mark = layout({{"草　稿", 0}}, {&fonts_.title, 120, 0, true, Align::left, 0, 0}, -1);
    int w = 0, h = 0;
    pango_layout_get_pixel_size(mark.get(), &w, &h);
    colour(kPale);
    cairo_move_to(cairo_, -w / 2.0, -h / 2.0);
    pango_cairo_show_layout(cairo_, mark.get());
    cairo_restore(cairo_);
    colour(kBlack);
  }

  void frame() {
    for (const auto& [margin, thick] : {std::pair(9 * kMm, 3.0), std::pair(11.5 * kMm, 0.8)}) {
      colour(kRed);
      cairo_set_line_width(cairo_, thick);
      cairo_rectangle(cairo_, margin, margin, width_ - 2 * margin, height_ - 2 * margin);
      cairo_stroke(cairo_);
    }
    colour(kBlack);
  }

  void footer() {
    const bool framed = sheet_.style == Style::certificate;
    const double y = framed ? height_ - 19 * kMm : height_ - 13 * kMm;
    if (!framed || total_ > 1) {
      const auto words = fmt::format("第 {} 页　共 {} 页", page_, total_);
      put(*layout({{words, 0}}, {&fonts_.table, 9, 0, false, Align::center, 0, 0}, inner()), m_.left, y);
    }
    if (sheet_.code.empty()) return;
    const double side = 16 * kMm;
    const double right = width_ - m_.right, above = (framed ? height_ - 14 * kMm : height_ - 8 * kMm) - side;
    qr(right - side, above, side);
    put(*layout({{"防伪码 " + sheet_.code, 0}}, {&fonts_.table, 8, 0, false, Align::left, 0, 0},
                inner() - side),
        m_.left, y - 1.5 * kMm);
    put(*layout({{"扫码或输入防伪码查验真伪", 0}}, {&fonts_.table, 7, 0, false, Align::left, 0, 0},
                inner() - side),
        m_.left, y + 2.2 * kMm);
  }

  void qr(double x, double y, double side) {
    const std::unique_ptr<QRcode, Unref> code(QRcode_encodeString8bit(
        sheet_.link.empty() ? sheet_.code.c_str() : sheet_.link.c_str(), 0, QR_ECLEVEL_M));
    if (!code) return;
    const double module = side / code->width;
    colour(kBlack);
    for (int row = 0; row < code->width; ++row) {
      for (int column = 0; column < code->width; ++column) {
        if (code->data[row * code->width + column] & 1)
          cairo_rectangle(cairo_, x + column * module, y + row * module, module, module);
      }
    }
    cairo_fill(cairo_);
  }

  // ---- words

  Look body() const { return {&fonts_.body, m_.body, m_.line, false, Align::justify, 0, 0}; }
  Look small() const { return {&fonts_.body, m_.body * 0.72, m_.line * 0.72, false, Align::left, 0, 0}; }
  Look cell(bool bold, Align align) const {
    return {&fonts_.table, m_.cell, m_.cell_line, bold, align, 0, 0};
  }

  /// `width` < 0: as long as the words are.
  Layout layout(const Words& words, const Look& look, double width) const {
    Layout out(pango_layout_new(context_.get()));
    const std::unique_ptr<PangoFontDescription, Unref> font(pango_font_description_new());
    pango_font_description_set_family(font.get(), look.family->c_str());
    pango_font_description_set_absolute_size(font.get(), look.size * PANGO_SCALE);
    pango_font_description_set_weight(font.get(), look.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(out.get(), font.get());
    set_words(out.get(), words, look);
    pango_layout_set_wrap(out.get(), PANGO_WRAP_WORD_CHAR);
    if (width >= 0) pango_layout_set_width(out.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_alignment(out.get(), look.align == Align::center  ? PANGO_ALIGN_CENTER
                                          : look.align == Align::right ? PANGO_ALIGN_RIGHT
                                                                       : PANGO_ALIGN_LEFT);
    pango_layout_set_justify(out.get(), look.align == Align::justify);
    pango_layout_set_indent(out.get(), static_cast<int>(look.indent * PANGO_SCALE));
    return out;
  }

  static void set_words(PangoLayout* layout, const Words& words, const Look& look) {
    std::string text;
    const std::unique_ptr<PangoAttrList, Unref> attributes(pango_attr_list_new());
    for (const auto& run : words) {
      const auto from = static_cast<guint>(text.size());
      text += printable(run.text);
      if (run.width == 0) continue;
      for (int i = full_width_length(run.text); i < run.width; ++i) text += "　";
      PangoAttribute* underline = pango_attr_underline_new(PANGO_UNDERLINE_SINGLE);
      underline->start_index = from;
      underline->end_index = static_cast<guint>(text.size());
      pango_attr_list_insert(attributes.get(), underline);
    }
    if (look.line > 0)
      pango_attr_list_insert(attributes.get(),
                             pango_attr_line_height_new_absolute(static_cast<int>(look.line * PANGO_SCALE)));
    if (look.spread > 0)
      pango_attr_list_insert(attributes.get(),
                             pango_attr_letter_spacing_new(static_cast<int>(look.spread * PANGO_SCALE)));
    pango_layout_set_text(layout, text.c_str(), static_cast<int>(text.size()));
    pango_layout_set_attributes(layout, attributes.get());
  }

  static double height_of(PangoLayout& l) {
    PangoRectangle logical;
    pango_layout_get_extents(&l, nullptr, &logical);
    return static_cast<double>(logical.height) / PANGO_SCALE;
  }
  static double width_of(PangoLayout& l) {
    PangoRectangle logical;
    pango_layout_get_extents(&l, nullptr, &logical);
    return static_cast<double>(logical.width) / PANGO_SCALE;
  }

  void put(PangoLayout& l, double x, double y) {
    cairo_move_to(cairo_, x, y);
    pango_cairo_show_layout(cairo_, &l);
  }

  /// Calls `each(line, x, baseline from the line's top, height)` for every line.
  template <class Each>
  static void lines_of(PangoLayout& l, Each each) {
    const std::unique_ptr<PangoLayoutIter, Unref> iter(pango_layout_get_iter(&l));
    do {
      PangoRectangle logical;
      pango_layout_iter_get_line_extents(iter.get(), nullptr, &logical);
      const double baseline = static_cast<double>(pango_layout_iter_get_baseline(iter.get()) - logical.y);
      each(pango_layout_iter_get_line_readonly(iter.get()), static_cast<double>(logical.x) / PANGO_SCALE,
           baseline / PANGO_SCALE, static_cast<double>(logical.height) / PANGO_SCALE);
    } while (pango_layout_iter_next_line(iter.get()));
  }

  void show(PangoLayoutLine* line, double x, double y) {
    cairo_move_to(cairo_, x, y);
    pango_cairo_show_layout_line(cairo_, line);
  }

  /// Line by line, over pages.
  void flow(PangoLayout& l, double x) {
    lines_of(l, [&](PangoLayoutLine* line, double dx, double baseline, double height) {
      if (y_ + height > bottom()) new_page();
      show(line, x + dx, y_ + baseline);
      y_ += height;
    });
  }

  void centred(const Words& words, Look look, const Colour& c = kBlack) {
    if (is_blank(words)) return;
    look.align = Align::center;
    const Layout l = layout(words, look, inner());
    need(height_of(*l));
    colour(c);
    put(*l, m_.left, y_);
    colour(kBlack);
    y_ += height_of(*l);
  }

  // ---- the head of the first page

  void top() {
    switch (sheet_.style) {
      case Style::red_head: return red_head();
      case Style::ledger: return ledger_head();
      case Style::certificate: y_ += 4 * kMm; break;
      default:
        centred(sheet_.head, {&fonts_.body, m_.body * 0.86, m_.line * 0.86, false, Align::center, 0, 1});
    }
    centred(sheet_.title, {&fonts_.title, m_.title, m_.title_line, true, Align::center, 0,
                           sheet_.style == Style::certificate ? 4.0 : 1.5});
    centred(sheet_.subtitle, body());
    if (!sheet_.number.empty()) {
      Look look = body();
      look.size *= 0.86;
      centred(sheet_.number, look);
    }
    y_ += sheet_.style == Style::certificate ? 6 * kMm : 3 * kMm;
  }

  void red_head() {
    const Look look{&fonts_.title, 26, 42, true, Align::center, 0, 2};
    centred(sheet_.head, look, kRed);
    y_ += 5 * kMm;
    centred(sheet_.number, body());
    y_ += 2 * kMm;
    rule(m_.left, width_ - m_.right, y_, 1.8, kRed);
    y_ += 9 * kMm;
    centred(sheet_.title, {&fonts_.title, m_.title, m_.title_line, true, Align::center, 0, 1});
    centred(sheet_.subtitle, body());
    y_ += 4 * kMm;
  }

  void ledger_head() {
    centred(sheet_.title, {&fonts_.title, m_.title, m_.title_line, true, Align::center, 0, 1});
    const Look look{&fonts_.body, m_.body, m_.line, false, Align::left, 0, 0};
    const Layout head = layout({{"单位：" + plain(sheet_.head), 0}}, look, inner() / 2);
    const Layout number = layout(sheet_.number, look, -1);
    put(*head, m_.left, y_);
    put(*number, width_ - m_.right - width_of(*number), y_);
    y_ += std::max(height_of(*head), height_of(*number)) + 2;
  }

  // ---- parts

  void part(const Part& part) {
    switch (part.kind) {
      case Kind::paragraph: return paragraphs(part.words, 2 * m_.body);
      case Kind::line: return paragraphs(part.words, 0);
      case Kind::center: return centred(part.words, body());
      case Kind::large: {
        y_ += 2 * kMm;
        centred(part.words, {&fonts_.title, m_.body * 1.6, m_.line * 1.7, true, Align::center, 0, 4});
        y_ += 2 * kMm;
        return;
      }
      case Kind::heading: {
        Look look = body();
        look.bold = true;
        look.align = Align::left;
        const Layout l = layout(part.words, look, inner());
        need(height_of(*l) + m_.line);  // not alone at the foot of a page
        return flow(*l, m_.left);
      }
      case Kind::note: return flow(*layout(part.words, small(), inner()), m_.left);
      case Kind::grid: return grid(part);
      case Kind::table: return table(part);
      case Kind::signatures: return signatures(part);
      case Kind::seal: return seal(part);
      case Kind::page: return new_page();
    }
  }

  /// Words may hold several paragraphs: those of a long text of a record.
  void paragraphs(const Words& words, double indent) {
    std::vector<Words> all(1);
    for (const auto& run : words) {
      std::string_view rest = run.text;
      while (true) {
        const auto end = rest.find('\n');
        all.back().push_back({std::string(rest.substr(0, end)), run.width});
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
        all.emplace_back();
      }
    }
    Look look = body();
    look.indent = indent;
    if (indent == 0) look.align = Align::left;
    for (const auto& one : all) {
      const bool blank =
          std::all_of(one.begin(), one.end(), [](const Run& r) { return r.text.empty() && !r.width; });
      if (!blank) flow(*layout(one, look, inner()), m_.left);
    }
  }

  void signatures(const Part& part) {
    y_ += m_.line * 0.3;
    for (const auto& line : part.lines) {
      Look look = body();
      look.align = Align::left;
      const Layout l = layout(line, look, inner());
      need(height_of(*l));
      flow(*l, m_.left);
      y_ += m_.line * 0.15;
    }
  }

  /// Office and date to the right, the place of the seal over both.
  void seal(const Part& part) {
    const double radius = 20 * kMm;
    Look look = body();
    look.align = Align::center;
    const double wide = std::min(inner() * 0.62, 105 * kMm);
    const Layout office = layout(part.words, look, wide);
    const Layout date = layout(part.date, look, wide);
    const double words = height_of(*office) + height_of(*date);
    // The seal covers office and date, and may reach over the last lines and the margin: kept so low, it does
    // not stand alone on a page.
    const double block = words + 11 * kMm;
    y_ += m_.line * 0.4;
    need(block);
    const double x = width_ - m_.right - wide, middle = x + wide / 2, centre = y_ + block / 2;
    cairo_save(cairo_);
    const double dash[] = {3, 3};
    cairo_set_dash(cairo_, dash, 2, 0);
    cairo_set_source_rgb(cairo_, 0.93, 0.62, 0.62);
    cairo_set_line_width(cairo_, 0.8);
    cairo_new_path(cairo_);
    cairo_arc(cairo_, middle, centre, radius, 0, 2 * M_PI);
    cairo_stroke(cairo_);
    cairo_restore(cairo_);
    const Layout mark = layout({{"（印章）", 0}}, {&fonts_.table, 8, 0, false, Align::left, 0, 0}, -1);
    cairo_set_source_rgb(cairo_, 0.85, 0.5, 0.5);
    put(*mark, middle - width_of(*mark) / 2, centre - radius + 3 * kMm);
    colour(kBlack);
    put(*office, x, centre - words / 2);
    put(*date, x, centre - words / 2 + height_of(*office));
    y_ += block + 5 * kMm;
  }

  // ---- frames and tables

  struct Cell {
    Words words;
    double width;
    Look look;
  };
  static constexpr double kPad = 3.5;

  /// One row of cells; a row that is higher than what is left of a page moves to the next one, unless it is
  /// so high that it is better cut between its lines.
  void row(const std::vector<Cell>& cells, double least, const std::vector<Cell>* head) {
    struct Open {
      Layout layout;
      int done = 0, lines = 0;
    };
    std::vector<Open> open;
    double high = least;
    for (const auto& cell : cells) {
      Open o{layout(cell.words, cell.look, cell.width - 2 * kPad)};
      o.lines = pango_layout_get_line_count(o.layout.get());
      high = std::max(high, height_of(*o.layout) + 2 * kPad);
      open.push_back(std::move(o));
    }
    const double page = bottom() - m_.top;
    const bool cut = high > page * 0.45;
    if (y_ + high > bottom() && (!cut || bottom() - y_ < m_.cell_line * 3)) {
      turn(head);
    }
    while (true) {
      const double room = bottom() - y_;
      const double taken = chunk(cells, open, room, least);
      const bool done =
          std::all_of(open.begin(), open.end(), [](const Open& o) { return o.done >= o.lines; });
      y_ += taken;
      if (done) return;
      turn(head);
    }
  }

  void turn(const std::vector<Cell>* head) {
    new_page();
    if (head) row(*head, m_.cell_line + 2 * kPad, nullptr);
  }

  /// Draws of each cell the lines that fit into `room`, with their frame; gives the height of it.
  template <class Opens>
  double chunk(const std::vector<Cell>& cells, Opens& open, double room, double least) {
    std::vector<int> until(cells.size());
    std::vector<double> high(cells.size(), 0);
    double taken = least;
    bool fresh = true;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      fresh = fresh && open[i].done == 0;
      int index = 0;
      until[i] = open[i].done;
      lines_of(*open[i].layout, [&](PangoLayoutLine*, double, double, double height) {
        // At least one line: a page that holds none would never end.
        const bool fits = high[i] + height + 2 * kPad <= room || until[i] == open[i].done;
        if (index++ != until[i] || !fits) return;
        high[i] += height;
        ++until[i];
      });
      taken = std::max(taken, high[i] + 2 * kPad);
    }
    taken = std::min(taken, std::max(room, least));
    double x = m_.left;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool middle = fresh && until[i] >= open[i].lines;
      double y = y_ + (middle ? (taken - high[i]) / 2 : kPad);
      int index = 0;
      lines_of(*open[i].layout, [&](PangoLayoutLine* line, double dx, double baseline, double height) {
        const bool mine = index >= open[i].done && index < until[i];
        ++index;
        if (!mine) return;
        show(line, x + kPad + dx, y + baseline);
        y += height;
      });
      open[i].done = until[i];
      upright(x, y_, y_ + taken, 0.6);
      x += cells[i].width;
    }
    upright(x, y_, y_ + taken, 0.6);
    rule(m_.left, x, y_, 0.6, kBlack);
    rule(m_.left, x, y_ + taken, 0.6, kBlack);
    return taken;
  }

  void grid(const Part& part) {
    const double label = std::min(27 * kMm, inner() / 5);
    y_ += 1 * kMm;
    for (const auto& cells : part.grid) {
      std::vector<Cell> out;
      const auto pairs = static_cast<double>((cells.size() + 1) / 2);
      const double value = (inner() - pairs * label) / pairs;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells.size() == 1) {
          out.push_back({cells[i], inner(), cell(false, Align::left)});
        } else if (i % 2 == 0) {
          out.push_back({cells[i], label, cell(false, Align::center)});
        } else {
          out.push_back({cells[i], value, cell(false, Align::left)});
        }
      }
      row(out, m_.cell_line + 3 * kPad, nullptr);
    }
    y_ += 2 * kMm;
  }

  void table(const Part& part) {
    double shares = 0;
    for (const auto& column : part.columns) shares += column.width;
    std::vector<Cell> head;
    for (const auto& column : part.columns)
      head.push_back({{{column.head, 0}}, inner() * column.width / shares, cell(true, Align::center)});
    y_ += 1 * kMm;
    need(3 * m_.cell_line);
    row(head, m_.cell_line + 2 * kPad, nullptr);
    if (part.rows.empty())
      row({{{{part.empty, 0}}, inner(), cell(false, Align::center)}}, m_.cell_line + 2 * kPad, nullptr);
    for (const auto& texts : part.rows) {
      std::vector<Cell> cells;
      for (std::size_t i = 0; i < texts.size(); ++i) {
        const Column& column = part.columns[i];
        const Align align = column.align == "center"  ? Align::center
                            : column.align == "right" ? Align::right
                                                      : Align::left;
        cells.push_back({{{texts[i], 0}}, head[i].width, cell(false, align)});
      }
      row(cells, m_.cell_line + 2 * kPad, &head);
    }
    y_ += 2 * kMm;
  }

  const Sheet& sheet_;
  const Fonts& fonts_;
  cairo_t* cairo_;
  const int total_;
  Measures m_;
  double width_ = 0, height_ = 0, y_ = 0;
  int page_ = 0;
  std::unique_ptr<PangoContext, Unref> context_;
};

cairo_status_t take_bytes(void* to, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

struct Pass {
  Printed printed;
  double last = 0;  ///< how much of the last page is filled
};

Result<Pass> run_once(const Sheet& sheet, const Fonts& fonts, int total, double tight) {
  Pass run;
  Printed& out = run.printed;
  const double w = sheet.landscape ? kA4Long : kA4Short, h = sheet.landscape ? kA4Short : kA4Long;
  const std::unique_ptr<cairo_surface_t, Unref> surface(
      cairo_pdf_surface_create_for_stream(take_bytes, &out.pdf, w, h));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, plain(sheet.title).c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_AUTHOR,
                                 (sheet.office.empty() ? plain(sheet.head) : sheet.office).c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE,
                                 sheet.made.empty() ? "1970-01-01T00:00:00Z" : sheet.made.c_str());
  {
    const std::unique_ptr<cairo_t, Unref> cairo(cairo_create(surface.get()));
    std::tie(out.pages, run.last) = Press(sheet, fonts, cairo.get(), total, tight).run();
    if (const auto status = cairo_status(cairo.get()); status != CAIRO_STATUS_SUCCESS)
      return unavailable(fmt::format("the paper could not be drawn: {}", cairo_status_to_string(status)));
  }
  cairo_surface_finish(surface.get());
  if (const auto status = cairo_surface_status(surface.get()); status != CAIRO_STATUS_SUCCESS)
    return unavailable(fmt::format("the PDF could not be written: {}", cairo_status_to_string(status)));
  return run;
}

/// Whether some font has Chinese characters: without one every paper would be a page of boxes.
bool has_chinese(const Fonts& fonts) {
  const std::unique_ptr<PangoContext, Unref> context(
      pango_font_map_create_context(pango_cairo_font_map_get_default()));
  const Layout probe(pango_layout_new(context.get()));
  const std::unique_ptr<PangoFontDescription, Unref> font(pango_font_description_new());
  pango_font_description_set_family(font.get(), fonts.body.c_str());
  pango_layout_set_font_description(probe.get(), font.get());
  pango_layout_set_text(probe.get(), "矿山安全", -1);
  return pango_layout_get_unknown_glyphs_count(probe.get()) == 0;
}

}  // namespace

Result<Printed> print(const Sheet& sheet, const Fonts& fonts) {
  if (!has_chinese(fonts))
    return unavailable(
        "no installed font has Chinese characters: install fonts-noto-cjk, or name one under papers.fonts");
  MW_ASSIGN(const Pass loose, run_once(sheet, fonts, 0, 1));
  int pages = loose.printed.pages;
  double tight = 1;
  // A seal or a few lines alone on a last page: with lines a little closer they come back; if not, with lines
  // a little wider some of the text goes with them.
  constexpr double kThin = 0.3, kCompany = 0.06;
  const bool lonely = loose.printed.pages > 1 && loose.last < kThin && sheet.style != Style::ledger;
  for (const double other : {0.95, 0.9, 0.86, 0.82, 1.05, 1.1, 1.15}) {
    if (!lonely) break;
    MW_ASSIGN(const Pass trial, run_once(sheet, fonts, 0, other));
    const bool back = trial.printed.pages < loose.printed.pages;
    const bool company = trial.printed.pages == loose.printed.pages && trial.last > loose.last + kCompany;
    if (other < 1 ? !back : !company) continue;
    pages = trial.printed.pages;
    tight = other;
    break;
  }
  MW_ASSIGN(Pass done, run_once(sheet, fonts, pages, tight));
  return std::move(done.printed);
}

}  // namespace mineward::paper
