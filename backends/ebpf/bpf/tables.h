#pragma once
#include "backends/ebpf/abi/weir_abi.h"
#include "backends/ebpf/bpf/kernel.h"
/*
 * The class tables (datapath.md 3). Each table map has two entries, the copies, and one value that is the whole array, so
 * that a lookup is inlined and a table is limited to 4 MiB on Linux 6.1.
 */
#define WEIR_TABLE(name, element, count)    \
  struct name##_copy {                      \
    element at[count];                      \
  };                                        \
  struct {                                  \
    WEIR_NUMBER(type, BPF_MAP_TYPE_ARRAY);  \
    WEIR_NUMBER(max_entries, WEIR_COPIES);  \
    WEIR_NUMBER(map_flags, BPF_F_MMAPABLE); \
    WEIR_TYPE(key, uint32_t);               \
    WEIR_TYPE(value, struct name##_copy);   \
  } name SEC(".maps")

WEIR_TABLE(identities, struct weir_identity, WEIR_IDENTITIES);
WEIR_TABLE(subjects, struct weir_subject, WEIR_SUBJECTS);
WEIR_TABLE(port_page, uint16_t, WEIR_PORT_SLOTS * 256);
WEIR_TABLE(port_pages, uint16_t, WEIR_PORT_PAGES);
WEIR_TABLE(port_remap, uint8_t, WEIR_PORT_REMAP);
WEIR_TABLE(rows, uint32_t, WEIR_ROWS);
WEIR_TABLE(cells, struct weir_cell, WEIR_CELLS);

struct {
  WEIR_NUMBER(type, BPF_MAP_TYPE_ARRAY);
  WEIR_NUMBER(max_entries, 1);
  WEIR_NUMBER(map_flags, BPF_F_MMAPABLE);
  WEIR_TYPE(key, uint32_t);
  WEIR_TYPE(value, struct weir_control);
} control SEC(".maps");

struct {
  WEIR_NUMBER(type, BPF_MAP_TYPE_ARRAY);
  WEIR_NUMBER(max_entries, WEIR_MAX_IFINDEX);
  WEIR_NUMBER(map_flags, BPF_F_MMAPABLE);
  WEIR_TYPE(key, uint32_t);
  WEIR_TYPE(value, struct weir_endpoint);
} endpoints SEC(".maps");

/* An index ANDed with size-1 in assembly: the compiler cannot optimise it away, and Linux 6.1 rejects plain bounds that
 * newer kernels accept. The bundle reader checks every entry, so the mask never changes an index. */
#define WEIR_MASK(index, count) asm volatile("%0 &= %1" : "+r"(index) : "i"((count)-1))

/* The element `index` of `table` in `copy`, or NULL (never for copies 0 and 1; the verifier wants the test). */
#define WEIR_ELEMENT(table, count, copy, index)                         \
  ({                                                                    \
    struct table##_copy *values_ = bpf_map_lookup_elem(&table, (copy)); \
    uint64_t index_ = (index);                                          \
    WEIR_MASK(index_, count);                                           \
    values_ ? &values_->at[index_] : NULL;                              \
  })

/* Which cell decides. */
struct weir_question {
  uint32_t copy;
  uint32_t identity; /* index */
  uint16_t subject_class;
  uint16_t key;      /* port, type << 8 | code, or protocol: by slot */
  uint8_t direction;
  uint8_t slot;
  uint16_t reserved;
};

struct weir_answer {
  struct weir_cell cell;
  uint32_t peer_identity; /* number */
};

/* Fills *answer, or leaves it and returns -1. A function of its own, so that the verifier sees one range for each index on every path: that is
 * what it demands of a loader without CAP_PERFMON. */
WEIR_GLOBAL int weir_cell_of(const struct weir_question *q, struct weir_answer *answer) {
  if (!q || !answer) return -1;
  uint32_t copy = q->copy & 1;
  const struct weir_identity *peer = WEIR_ELEMENT(identities, WEIR_IDENTITIES, &copy, q->identity);
  const struct weir_subject *subject =
      WEIR_ELEMENT(subjects, WEIR_SUBJECTS, &copy, (uint64_t)q->subject_class * 2 + q->direction);
  const uint16_t *page = WEIR_ELEMENT(port_page, WEIR_PORT_SLOTS * 256, &copy, (uint64_t)q->slot * 256 + (q->key >> 8));
  if (!peer || !subject || !page) return -1;
  const uint16_t *port = WEIR_ELEMENT(port_pages, WEIR_PORT_PAGES, &copy, (uint64_t)*page * 256 + (q->key & 255));
  if (!port) return -1;
  const uint8_t *local = WEIR_ELEMENT(port_remap, WEIR_PORT_REMAP, &copy, (uint64_t)subject->remap + *port);
  const uint32_t *row = WEIR_ELEMENT(rows, WEIR_ROWS, &copy, (uint64_t)subject->rows + peer->peer_class);
  if (!local || !row) return -1;
  const struct weir_cell *found = WEIR_ELEMENT(cells, WEIR_CELLS, &copy, (uint64_t)*row + *local);
  if (!found) return -1;
  answer->cell = *found;
  answer->peer_identity = peer->number;
  return 0;
}
