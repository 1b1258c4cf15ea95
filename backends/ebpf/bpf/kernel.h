#pragma once
/*
 * What the kernel offers, as far as weir uses it (include/uapi/linux/bpf.h). The numbers are kernel ABI. Every helper here
 * exists in Linux 6.1; backends/ebpf/build refuses any other.
 */
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef int int32_t;
typedef long long int64_t;
typedef unsigned long long uint64_t;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

#define SEC(name) __attribute__((section(name), used))
#define __always_inline inline __attribute__((always_inline))
#define __noinline __attribute__((noinline))
/* A function that the verifier checks once, by itself, whatever its callers know: without these the work multiplies (47,000
 * instructions instead of 8,000). Its pointers may be NULL as far as the verifier knows; what they point at is initialised. */
#define WEIR_GLOBAL __noinline
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* Before every loop: what is left of a counter after optimisation looks endless to the verifier of Linux 6.1. */
#define WEIR_UNROLL _Pragma("clang loop unroll(full)")
/* Before a statement whose call must stay in its own branch: merged with the same call on another map, its map would be
 * unknown to the verifier. */
#define WEIR_NO_MERGE __attribute__((nomerge))

/* One of two fields by a runtime condition. Both are read: a plain `?:` may become pointer arithmetic with an unknown
 * offset, which the verifier refuses to a loader without CAP_PERFMON. */
#define WEIR_EITHER(condition, a, b)                                  \
  ({                                                                  \
    __typeof__(a) first_ = *(const volatile __typeof__(a) *)&(a);     \
    __typeof__(a) second_ = *(const volatile __typeof__(a) *)&(b);    \
    (condition) ? first_ : second_;                                   \
  })

/* Map definitions as libbpf reads them from BTF: a number is the size of an array, a type is a pointer to it. */
#define WEIR_NUMBER(field, value) int(*field)[value]
#define WEIR_TYPE(field, type) __typeof__(type) *field

#define BPF_MAP_TYPE_HASH 1
#define BPF_MAP_TYPE_ARRAY 2
#define BPF_MAP_TYPE_PERCPU_ARRAY 6
#define BPF_MAP_TYPE_LRU_HASH 9
#define BPF_MAP_TYPE_LPM_TRIE 11
#define BPF_MAP_TYPE_RINGBUF 27
#define BPF_F_NO_PREALLOC (1u << 0)
#define BPF_F_MMAPABLE (1u << 10)
#define BPF_ANY 0
#define BPF_F_PSEUDO_HDR (1ull << 4)
#define BPF_F_MARK_MANGLED_0 (1ull << 5)

/* The context of a tc program, up to the last field that weir reads. */
struct __sk_buff {
  uint32_t len, pkt_type, mark, queue_mapping;
  uint32_t protocol; /* network order */
  uint32_t vlan_present, vlan_tci, vlan_proto, priority, ingress_ifindex, ifindex, tc_index;
  uint32_t cb[5];
  uint32_t hash, tc_classid;
  uint32_t data, data_end;
};

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value, uint64_t flags) = (void *)2;
static long (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)3;
static uint64_t (*const bpf_ktime_get_ns)(void) = (void *)5;
static uint32_t (*const bpf_get_prandom_u32)(void) = (void *)7;
static long (*const bpf_skb_store_bytes)(void *skb, uint32_t offset, const void *from, uint32_t len, uint64_t flags) = (void *)9;
static long (*const bpf_l3_csum_replace)(void *skb, uint32_t offset, uint64_t from, uint64_t to, uint64_t size) = (void *)10;
static long (*const bpf_l4_csum_replace)(void *skb, uint32_t offset, uint64_t from, uint64_t to, uint64_t flags) = (void *)11;
static int64_t (*const bpf_csum_diff)(const void *from, uint32_t from_size, const void *to, uint32_t to_size, uint32_t seed) = (void *)28;
static long (*const bpf_skb_load_bytes)(const void *skb, uint32_t offset, void *to, uint32_t len) = (void *)26;
static void *(*const bpf_ringbuf_reserve)(void *ringbuf, uint64_t size, uint64_t flags) = (void *)131;
static void (*const bpf_ringbuf_submit)(void *data, uint64_t flags) = (void *)132;
static uint64_t (*const bpf_ktime_get_coarse_ns)(void) = (void *)160;
