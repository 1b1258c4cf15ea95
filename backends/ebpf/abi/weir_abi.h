#ifndef WEIR_ABI_H
#define WEIR_ABI_H
/*
 * The contract between the kernel programs, the agent and the tests (datapath.md 3 "Maps"). Plain C: it is part of the
 * generated BPF text and is included from C++. Integers are in host byte order unless a comment says "network order".
 * Every struct has explicit padding, which writers set to zero (conntrack and ipcache keys are hashed as bytes).
 */
#if defined(__bpf__)
#include "backends/ebpf/bpf/kernel.h"
#else
#include <stdint.h>
#endif

#define WEIR_ABI_VERSION 2

/* Programs of the object, all in section "tc" (BPF_PROG_TYPE_SCHED_CLS). */
#define WEIR_PROG_FROM_POD "weir_from_pod" /* tc ingress of the host-side veth: the pod's egress */
#define WEIR_PROG_TO_POD "weir_to_pod"     /* tc egress of the host-side veth: the pod's ingress */
#define WEIR_PROG_CHECK "weir_check"       /* never attached: asks one copy through BPF_PROG_TEST_RUN, see weir_check */

/* Maps. Names fit BPF_OBJ_NAME_LEN. */
#define WEIR_MAP_CONTROL "control"       /* ARRAY, mmapable, 1 entry: struct weir_control */
#define WEIR_MAP_IDENTITIES "identities" /* table: struct weir_identity by identity index */
#define WEIR_MAP_SUBJECTS "subjects"     /* table: struct weir_subject by subject class * 2 + direction */
#define WEIR_MAP_PORT_PAGE "port_page"   /* table: uint16_t page id by slot * 256 + high byte of the key */
#define WEIR_MAP_PORT_PAGES "port_pages" /* table: uint16_t port class by page id * 256 + low byte of the key */
#define WEIR_MAP_PORT_REMAP "port_remap" /* table: uint8_t local port class by subject.remap + port class */
#define WEIR_MAP_ROWS "rows"             /* table: uint32_t cell base by subject.rows + peer class */
#define WEIR_MAP_CELLS "cells"           /* table: struct weir_cell by cell base + local port class */
#define WEIR_MAP_BACKENDS "backends"     /* table: struct weir_backend by weir_listener.first + n; shapes with listeners */
#define WEIR_MAP_LISTENERS "listeners"   /* HASH struct weir_listener_key -> struct weir_listener; as above */
#define WEIR_MAP_NAT "nat"               /* LRU_HASH struct weir_ct6_key -> struct weir_nat; as above */
#define WEIR_MAP_ENDPOINTS "endpoints"   /* ARRAY, mmapable, by ifindex: struct weir_endpoint */
#define WEIR_MAP_IPCACHE4 "ipcache4"     /* LPM_TRIE struct weir_ipcache4_key -> uint32_t identity index */
#define WEIR_MAP_IPCACHE6 "ipcache6"     /* LPM_TRIE struct weir_ipcache6_key -> uint32_t identity index */
#define WEIR_MAP_CONNTRACK4 "conntrack4" /* LRU_HASH struct weir_ct4_key -> struct weir_ct */
#define WEIR_MAP_CONNTRACK6 "conntrack6" /* LRU_HASH struct weir_ct6_key -> struct weir_ct */
#define WEIR_MAP_METRICS "metrics"       /* PERCPU_ARRAY by WEIR_METRIC_*: struct weir_metric */
#define WEIR_MAP_EVENTS "events"         /* RINGBUF of struct weir_event */

/*
 * A "table" is an ARRAY with BPF_F_MMAPABLE, two entries (the copies) and one value that is the whole array of a copy.
 * Its value size is a multiple of 8, so copy c starts at byte c * value_size of the mapping. The number of elements is a
 * power of two that the shape fixes; value_size of the loaded map tells it. mmap the map's file descriptor:
 * libbpf's initial values do not reach the kernel after load.
 */
#define WEIR_COPIES 2
#define WEIR_PORT_SLOTS 8        /* 7 used: TCP, UDP, SCTP, ICMP, ICMPv6, other, no header */
#define WEIR_MAX_IFINDEX 65536   /* entries of `endpoints` */
#define WEIR_MAX_IPCACHE 524288  /* entries of each ipcache; BPF_F_NO_PREALLOC */
#define WEIR_MAX_CONNTRACK 131072
#define WEIR_MAX_LISTENERS 8192    /* entries of `listeners`, both copies */
#define WEIR_EVENT_BYTES (1 << 20) /* ring buffer; the agent may resize it before load */

/* Which side of the policy decides; the numbers of ir::Direction. */
#define WEIR_INGRESS 0
#define WEIR_EGRESS 1

/* The numbers of ir::Verdict, and one more for what is reported, not enforced. */
#define WEIR_ALLOWED 0
#define WEIR_DENIED 1
#define WEIR_AUDITED 2 /* the policy denies, audit mode lets it pass */

/* Why a packet was dropped: Cilium's numbers (policy.md 6.8). 133, 181, 189 and 157 come out of a cell. */
#define WEIR_REASON_NONE 0
#define WEIR_REASON_POLICY_DENIED 133
#define WEIR_REASON_INVALID 134           /* headers that contradict themselves or are cut short */
#define WEIR_REASON_UNKNOWN_L3 139        /* neither IP nor ARP, or a family that does not occur on this node */
#define WEIR_REASON_INVALID_EXTHDR 156    /* more IPv6 extension headers than weir follows, or malformed */
#define WEIR_REASON_FRAGMENT 157
#define WEIR_REASON_NO_BACKEND 158        /* a listener without a backend for this connection, or one that needs a proxy */
#define WEIR_REASON_POLICY_DENY 181
#define WEIR_REASON_ENDPOINT_NOT_READY 203 /* no entry in `endpoints` for this interface */

#define WEIR_NO_RULE 0xffffffffu

/*
 * epoch: read once per packet; copy = epoch & 1. It only grows. A flip adds 1; a change of what an identity index or
 * an address means is written first and then adds 2 (datapath.md 3 "One word").
 */
struct weir_control {
  uint32_t epoch;
  uint32_t reserved;
};

struct weir_identity {
  uint32_t number;     /* Cilium's identity number, for events */
  uint16_t peer_class; /* index into a row */
  uint16_t reserved;
};

struct weir_subject {
  uint32_t rows;  /* first element of this (subject class, direction) in `rows` */
  uint32_t remap; /* first element in `port_remap` */
};

struct weir_cell {
  uint8_t verdict; /* WEIR_ALLOWED or WEIR_DENIED */
  uint8_t reason;  /* WEIR_REASON_* */
  uint8_t match;   /* ir::MatchType */
  uint8_t audit;   /* 1: denied, but let through and reported as WEIR_AUDITED */
  uint32_t rule;   /* RuleId or WEIR_NO_RULE */
};

#define WEIR_ENDPOINT_READY 1u /* without it every packet but ARP and neighbour discovery is dropped */

struct weir_endpoint {
  uint16_t subject_class[WEIR_COPIES]; /* by copy */
  uint32_t flags;
  uint32_t id;       /* the agent's number of this endpoint, never 0; part of every conntrack key */
  uint32_t identity; /* the endpoint's own identity number, for events */
};

/* prefix_length counts from the first bit of address; address in network order. */
struct weir_ipcache4_key {
  uint32_t prefix_length; /* 0..32 */
  uint8_t address[4];
};
struct weir_ipcache6_key {
  uint32_t prefix_length; /* 0..128 */
  uint8_t address[16];
};

/*
 * Both directions of a connection have one key: the endpoint's own side first, so nothing has to be sorted. The endpoint
 * keeps an allow at one pod from being an allow at another; whether egress or ingress policy decided is in the entry
 * (`direction`), because replies cannot know it before the lookup.
 * ICMP and ICMPv6 queries (echo and the like): local_port = identifier, peer_port = request type, `initiator` = who asks,
 * so that two hosts that ping each other with one identifier have two entries. Other protocols: ports 0.
 */
struct weir_ct4_key {
  uint16_t local_port; /* network order */
  uint16_t peer_port;  /* network order (request type: host order) */
  uint32_t endpoint;   /* weir_endpoint.id */
  uint8_t protocol;
  uint8_t initiator;   /* ICMP queries: WEIR_EGRESS when the endpoint asks, else WEIR_INGRESS; others 0 */
  uint16_t reserved;
  uint32_t local;      /* network order */
  uint32_t peer;       /* network order */
};
/* As weir_ct4_key; the addresses are interleaved word by word, so that one piece of code fills both. */
struct weir_ct6_key {
  uint16_t local_port;
  uint16_t peer_port;
  uint32_t endpoint;
  uint8_t protocol;
  uint8_t initiator;
  uint16_t reserved;
  struct {
    uint32_t local; /* network order */
    uint32_t peer;  /* network order */
  } word[4];
};

/* An allowed (or audited) connection. Denied packets leave no entry. */
struct weir_ct {
  uint64_t seen_ns;   /* coarse monotonic time of the last packet, to within a second */
  uint32_t epoch;     /* of the verdict; another epoch means: evaluate again, in `direction` */
  uint32_t rule;
  uint8_t direction;  /* of the first packet, and so of the policy that decided */
  uint8_t verdict;    /* WEIR_ALLOWED or WEIR_AUDITED */
  uint8_t tcp;        /* WEIR_CT_* bits */
  uint8_t nat;        /* 1: the peer is a backend; `nat` says which listener its replies come from */
  uint32_t reserved2;
};
#define WEIR_CT_FIN_FIRST 1 /* FIN seen in the original direction */
#define WEIR_CT_FIN_REPLY 2 /* FIN seen in the reply direction */
#define WEIR_CT_CLOSED 4    /* both FINs or a RST */

/*
 * Listeners of gateways (datapath.md 3 "Gateways"). Both copies of the tables are in one map: the copy is part of the key.
 */
struct weir_listener_key {
  uint32_t address[4]; /* network order; IPv4 in the first word, the rest 0 */
  uint16_t port;       /* network order */
  uint8_t protocol;    /* TCP or UDP */
  uint8_t family;      /* 4 or 6 */
  uint32_t copy;
};
#define WEIR_LISTENER_BALANCE 0  /* the numbers of ir::ListenerKind */
#define WEIR_LISTENER_REDIRECT 1 /* needs a proxy; weir has none, so it is refused */
#define WEIR_LISTENER_REFUSE 2
struct weir_listener {
  uint32_t first; /* of its backends in `backends` */
  uint32_t count;
  uint32_t kind;  /* WEIR_LISTENER_* */
};
/* One backend, and one column of its listener's alias table: column = random * count >> 32; another random number above
 * `threshold` means `first + alias` instead. Two random numbers and no loop, whatever the weights are. */
struct weir_backend {
  uint32_t address[4]; /* network order */
  uint32_t threshold;
  uint32_t alias;
  uint16_t port;       /* network order; 0: this share is refused */
  uint16_t reserved;
  uint32_t reserved2;
};
/*
 * What a connection through a listener was given. Two entries, with the endpoint's view as key as in conntrack:
 * `reserved` of the key is WEIR_NAT_TO_BACKEND (peer = the listener; the value is the backend) or WEIR_NAT_TO_LISTENER
 * (peer = the backend; the value is the listener), and `initiator` is the family.
 */
#define WEIR_NAT_TO_BACKEND 1
#define WEIR_NAT_TO_LISTENER 2
struct weir_nat {
  uint32_t address[4]; /* network order */
  uint16_t port;       /* network order */
  uint16_t reserved;
};

/* Idle times after which an entry counts as absent. */
#define WEIR_CT_TCP_NS (21600ull * 1000000000ull)
#define WEIR_CT_CLOSED_NS (10ull * 1000000000ull)
#define WEIR_CT_OTHER_NS (60ull * 1000000000ull)

struct weir_metric {
  uint64_t packets;
  uint64_t bytes;
};
/* Keys of `metrics`: the first five come once for each direction: key + WEIR_METRIC_PER_DIRECTION * direction. */
#define WEIR_METRIC_ESTABLISHED 0 /* passed by conntrack */
#define WEIR_METRIC_ALLOWED 1     /* passed by an evaluation */
#define WEIR_METRIC_DENIED 2      /* dropped by policy */
#define WEIR_METRIC_INVALID 3     /* dropped for any other reason */
#define WEIR_METRIC_AUDITED 4     /* denied by policy, let through */
#define WEIR_METRIC_UNCHECKED 5   /* ARP and neighbour discovery */
#define WEIR_METRIC_PER_DIRECTION 8
#define WEIR_METRIC_EVENTS_LOST 16 /* the ring buffer was full; bytes stays 0 */
#define WEIR_METRIC_CT_FULL 17     /* a conntrack entry could not be written */
#define WEIR_METRICS 24

/* ct_state of an event. */
#define WEIR_CT_STATE_NEW 0
#define WEIR_CT_STATE_ESTABLISHED 1 /* original direction, evaluated again */
#define WEIR_CT_STATE_REPLY 2       /* a reply, evaluated again in the original direction */
#define WEIR_CT_STATE_RELATED 3     /* an ICMP error about a known connection */

/* type of an event. */
#define WEIR_EVENT_VERDICT 1 /* a connection was allowed or audited: new, or evaluated again after a flip */
#define WEIR_EVENT_DROP 2    /* one packet was dropped */

/* flags of an event. */
#define WEIR_EVENT_FRAGMENT 1 /* a later fragment: no ports */

/* One record of `events`. source and destination are those of the packet; direction is that of the policy that decided
 * (for a reply: of the original connection). */
struct weir_event {
  uint64_t time_ns;              /* CLOCK_MONOTONIC */
  uint32_t epoch;                /* names the rule table: epoch & 1 is the copy */
  uint32_t rule;                 /* RuleId or WEIR_NO_RULE */
  uint32_t ifindex;
  uint32_t endpoint;             /* weir_endpoint.id; 0: not ready */
  uint32_t source_identity;      /* numbers; 0: not looked up */
  uint32_t destination_identity;
  uint32_t bytes;                /* of the frame */
  uint16_t source_port;          /* host order; 0 where there is none */
  uint16_t destination_port;
  uint8_t source[16];            /* network order; IPv4 in the first four bytes, the rest 0 */
  uint8_t destination[16];
  uint8_t type;                  /* WEIR_EVENT_* */
  uint8_t direction;             /* WEIR_INGRESS, WEIR_EGRESS */
  uint8_t verdict;               /* WEIR_ALLOWED, WEIR_DENIED, WEIR_AUDITED */
  uint8_t reason;                /* WEIR_REASON_* */
  uint8_t match;                 /* ir::MatchType */
  uint8_t family;                /* 4, 6, or 0: not IP */
  uint8_t protocol;              /* IP protocol number */
  uint8_t icmp_type;
  uint8_t icmp_code;
  uint8_t tcp_flags;             /* byte 13 of the TCP header */
  uint8_t ct_state;              /* WEIR_CT_STATE_* */
  uint8_t flags;                 /* WEIR_EVENT_FRAGMENT ... */
  uint32_t reserved;
};

/*
 * weir_check through BPF_PROG_TEST_RUN (canaries; no conntrack, no event, no metric). Context in: cb[0] = ifindex
 * of the endpoint in `endpoints`, cb[1] = direction, cb[2] = copy. Context out: cb[0] = 1 when the tables were asked,
 * else 0, cb[1] = rule, cb[2] = verdict | reason << 8 | match << 16, cb[3] = identity number of the peer. Returns as the
 * attached programs do: WEIR_PASS or WEIR_DROP.
 */
#define WEIR_PASS (-1) /* TC_ACT_UNSPEC: programs after weir still run */
#define WEIR_DROP 2    /* TC_ACT_SHOT */

#if defined(__cplusplus)
static_assert(sizeof(weir_identity) == 8 && sizeof(weir_subject) == 8 && sizeof(weir_cell) == 8);
static_assert(sizeof(weir_endpoint) == 16 && sizeof(weir_ct) == 24 && sizeof(weir_event) == 88);
static_assert(sizeof(weir_listener_key) == 24 && sizeof(weir_listener) == 12 && sizeof(weir_backend) == 32);
static_assert(sizeof(weir_nat) == 20);
static_assert(sizeof(weir_ct4_key) == 20 && sizeof(weir_ct6_key) == 44);
#endif

#endif
