#pragma once
#include "backends/ebpf/abi/weir_abi.h"
#include "backends/ebpf/bpf/kernel.h"
/* Counters, one set per CPU. */
struct {
  WEIR_NUMBER(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  WEIR_NUMBER(max_entries, WEIR_METRICS);
  WEIR_TYPE(key, uint32_t);
  WEIR_TYPE(value, struct weir_metric);
} metrics SEC(".maps");

static __always_inline void weir_count(uint32_t key, uint32_t bytes) {
  struct weir_metric *metric = bpf_map_lookup_elem(&metrics, &key);
  if (!metric) return;
  metric->packets += 1;
  metric->bytes += bytes;
}
