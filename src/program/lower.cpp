#include "program/lower.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace ranvier::program {
namespace {

class Lowering {
 public:
  Lowering(Program& program, const LowerOptions& options) : program_(program), options_(options) {}

  Lowered run() {
    for (const auto& s : program_.statements) {
      const auto* p = std::get_if<Propagate>(&s);
      if (p && program_.arrays[p->source].kind == ArrayKind::boolean) add_unique(out_.event_arrays, p->source);
    }
    const auto items = fuse(program_, options_.fuse);
    for (const auto& item : items) item.statement ? statement(*item.statement, item.index) : kernel(item, items);
    find_lists();
    place_barriers();
    return std::move(out_);
  }

 private:
  static void add_unique(std::vector<int>& list, int value) {
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
  }
  static std::int64_t whole(std::size_t size) { return static_cast<std::int64_t>(size); }
  /// A part of an array is each worker's own only if it begins at 0.
  static std::int64_t part(std::size_t offset, std::size_t size) { return offset == 0 ? whole(size) : -1; }
  int list_of(int array) const { return -2 - array; }  // lists are numbered below the arrays

  Op& op(Op::Kind kind, std::size_t index, std::vector<Access> access) {
    Op o{kind, index};
    o.inside = !repeats_.empty();
    o.access = std::move(access);
    out_.ops.push_back(std::move(o));
    return out_.ops.back();
  }

  void copies(const std::vector<Copy>& list) {
    for (const auto& c : list) {
      op(Op::Kind::copy, out_.copies.size(),
         {{c.from, false, part(c.from_offset, c.size)}, {c.to, true, part(c.to_offset, c.size)}});
      out_.copies.push_back(c);
    }
  }

  void kernel(const Item& item, const std::vector<Item>& items) {
    std::vector<Copy> before, after;
    auto plan = make_kernel(program_, item, items, out_.event_arrays, options_.check, before, after);
    if (plan.bindings.empty()) return;
    copies(before);
    const std::size_t index = out_.kernels.size();
    std::vector<Access> access;
    if (plan.fetches) {
      for (const auto& s : plan.sources) {
        if (s.from_array) access.push_back({s.id, false, -1});
      }
      op(Op::Kind::fetch, index, std::move(access));
      access = {};
    }
    for (std::size_t b = 0; b < plan.bindings.size(); ++b) {
      const auto own = part(plan.bindings[b].offset, plan.size);
      if (plan.kernel.arrays[b].load != ir::no_node) access.push_back({plan.bindings[b].array, false, own});
      if (plan.kernel.arrays[b].store != ir::no_node) access.push_back({plan.bindings[b].array, true, own});
    }
    for (const int a : plan.events) access.push_back({list_of(a), true, whole(plan.size)});
    op(Op::Kind::kernel, index, std::move(access));
    out_.kernels.push_back(std::move(plan));
    copies(after);
  }

  void statement(const Statement& s, std::size_t index) {
    using K = Op::Kind;
    const auto add = [&](K kind, std::vector<Access> access) -> Op& { return op(kind, index, std::move(access)); };
    if (const auto* p = std::get_if<Propagate>(&s)) {
      const bool listed = program_.arrays[p->source].kind == ArrayKind::boolean;
      std::vector<Access> access{{listed ? list_of(p->source) : p->source, false, -1},
                                 {p->arrivals, true, whole(p->n_post)}};
      if (p->weight_array >= 0) access.push_back({p->weight_array, false, -1});
      if (listed) needs_list(p->source);
      add(K::propagate, std::move(access));
    } else if (const auto* d = std::get_if<Dense>(&s)) {
      add(K::dense, {{d->source, false, -1}, {d->arrivals, true, whole(d->columns)}});
    } else if (const auto* pr = std::get_if<Product>(&s)) {
      add(K::product, {{pr->left, false, -1}, {pr->right, false, -1}, {pr->target, true, whole(pr->m * pr->n)}});
    } else if (const auto* g = std::get_if<Gather>(&s)) {
      gather(*g, index);
    } else if (const auto* c = std::get_if<Scatter>(&s)) {
      std::vector<Access> access{{c->source, false, -1}, {c->target, true, -1}};
      if (c->index_array >= 0) access.push_back({c->index_array, false, -1});
      add(K::scatter, std::move(access));
    } else if (const auto* r = std::get_if<Reduce>(&s)) {
      add(K::reduce, {{r->source, false, -1}, {r->target, true, -1}});
    } else if (const auto* q = std::get_if<SegmentReduce>(&s)) {
      add(K::segment, {{q->source, false, -1}, {q->target, true, whole(q->axis == 0 ? q->columns : q->rows)}});
    } else if (const auto* w = std::get_if<RingWrite>(&s)) {
      const auto own = whole(program_.arrays[w->ring].size);
      add(K::ring_write, {{w->source, false, own}, {w->ring, true, own}});
    } else if (const auto* v = std::get_if<RingRead>(&s)) {
      const auto own = whole(program_.arrays[v->ring].size);
      add(K::ring_read, {{v->ring, false, own}, {v->target, true, own}});
    } else if (const auto* rr = std::get_if<RowRead>(&s)) {
      add(K::row_read, {{rr->source, false, -1}, {rr->index, false, -1}, {rr->target, true, whole(rr->count)}});
    } else if (const auto* rw = std::get_if<RowWrite>(&s)) {
      add(K::row_write, {{rw->source, false, part(rw->offset, rw->count)}, {rw->index, false, -1}, {rw->target, true, -1}});
    } else if (const auto* t = std::get_if<Repeat>(&s)) {
      repeats_.push_back(out_.ops.size());
      add(K::repeat, {{t->condition, false, -1}});
    } else {
      auto& end = add(K::end, {});
      end.jump = repeats_.back();
      out_.ops[repeats_.back()].jump = out_.ops.size();
      repeats_.pop_back();
    }
  }

  /// Of an array into itself: by way of a copy, so that nothing is overwritten before it is read.
  void gather(const Gather& g, std::size_t index) {
    std::vector<Access> access{{g.source, false, -1}, {g.target, true, part(g.target_offset, g.count)}};
    if (g.source == g.target) {
      const auto& a = program_.arrays[g.source];
      const std::size_t size = a.size;
      program_.arrays.push_back({.name = a.name, .size = size, .kind = a.kind, .temporary = true});
      const int handle = static_cast<int>(program_.arrays.size()) - 1;
      program_.arrays.back().memory = program_.memory(handle, size);
      copies({{g.source, handle, 0, 0, size}});
      std::get<Gather>(program_.statements[index]).source = handle;
      access[0].resource = handle;
    }
    if (g.index_array >= 0) access.push_back({g.index_array, false, -1});
    op(Op::Kind::gather, index, std::move(access));
  }

  void needs_list(int array) {
    op(Op::Kind::collect, static_cast<std::size_t>(array),
       {{array, false, whole(program_.arrays[array].size)},
        {list_of(array), true, whole(program_.arrays[array].size)}});
  }

  /// Leaves out the collecting of lists that a kernel has just written, or that hold from the step before.
  void find_lists() {
    std::set<int> valid;
    std::vector<bool> needless(out_.ops.size());
    for (int pass = 0; pass < 2; ++pass) {
      if (pass == 1) out_.collected_first.assign(valid.begin(), valid.end());
      for (std::size_t k = 0; k < out_.ops.size(); ++k) {
        const auto& o = out_.ops[k];
        if (o.kind == Op::Kind::repeat || o.kind == Op::Kind::end) valid.clear();
        if (o.kind == Op::Kind::collect && pass == 1) needless[k] = valid.contains(static_cast<int>(o.index));
        for (const auto& a : o.access) {
          if (a.write && a.resource >= 0) valid.erase(a.resource);
        }
        for (const auto& a : o.access) {
          if (a.write && a.resource <= -2) valid.insert(-2 - a.resource);
        }
      }
    }
    std::vector<std::size_t> place(out_.ops.size() + 1);
    std::vector<Op> kept;
    for (std::size_t k = 0; k < out_.ops.size(); ++k) {
      place[k] = kept.size();
      if (!needless[k]) kept.push_back(std::move(out_.ops[k]));
    }
    place[out_.ops.size()] = kept.size();
    for (auto& o : kept) o.jump = place[o.jump];
    out_.ops = std::move(kept);
  }

  /// An operation waits where another worker may still read what it writes, or write what it reads. A step ends with a
  /// barrier, and begins with each worker having read its own parts (of what is recorded).
  void place_barriers() {
    std::map<int, std::vector<Access>> since;
    for (std::size_t a = 0; a < program_.arrays.size(); ++a)
      since[static_cast<int>(a)] = {{static_cast<int>(a), false, whole(program_.arrays[a].size)}};
    bool forced = false;
    for (auto& o : out_.ops) {
      bool wait = forced || o.kind == Op::Kind::repeat || o.kind == Op::Kind::end;
      for (const auto& a : o.access) {
        for (const auto& b : since[a.resource]) wait = wait || ((a.write || b.write) && (a.own < 0 || a.own != b.own));
      }
      o.barrier = wait;
      if (wait) since.clear();
      for (const auto& a : o.access) since[a.resource].push_back(a);
      forced = o.kind == Op::Kind::end;
    }
  }

  Program& program_;
  const LowerOptions& options_;
  Lowered out_;
  std::vector<std::size_t> repeats_;
};

}  // namespace

Lowered lower(Program& program, const LowerOptions& options) { return Lowering(program, options).run(); }

}  // namespace ranvier::program
