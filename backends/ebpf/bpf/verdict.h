#pragma once
#include "backends/ebpf/bpf/balance.h"
#include "backends/ebpf/bpf/conntrack.h"
#include "backends/ebpf/bpf/events.h"
#include "backends/ebpf/bpf/ipcache.h"
#include "backends/ebpf/bpf/related.h"
#include "backends/ebpf/bpf/tables.h"
/* From a parsed packet to pass or drop: conntrack first, the tables when it does not know (datapath.md 3). */

static __always_inline void weir_count_at(uint8_t direction, uint32_t key, uint32_t bytes) {
  weir_count(key + WEIR_METRIC_PER_DIRECTION * direction, bytes);
}

/* The key inside the slot. `reply`: p answers the connection that is asked about (conntrack knows the request type). */
static __always_inline uint16_t weir_policy_key(const struct weir_packet *p, bool reply) {
  bool answer;
  if (p->fragment) return 0;
  if (p->slot <= WEIR_SLOT_SCTP) return weir_net16(WEIR_EITHER(reply, p->source_port, p->destination_port));
  if (!weir_is_icmp(p)) return p->protocol;
  return reply ? (uint16_t)(weir_icmp_query(p, &answer) << 8) : (uint16_t)(p->type << 8 | p->code);
}

/* Asks the tables about `p` seen at `at`; o->direction and o->epoch say which policy. */
static __always_inline void weir_ask(const struct weir_packet *p, uint8_t at, const struct weir_endpoint *endpoint,
                                     struct weir_outcome *o) {
  uint32_t copy = o->epoch & 1;
  struct weir_question q = {
      .copy = copy,
      .identity = weir_peer_of(p, at == WEIR_EGRESS),
      .subject_class = WEIR_EITHER(copy, endpoint->subject_class[1], endpoint->subject_class[0]),
      .key = weir_policy_key(p, o->direction != at),
      .direction = o->direction,
      .slot = p->slot,
  };
  struct weir_answer answer = {
      .cell = {.verdict = WEIR_DENIED, .reason = WEIR_REASON_POLICY_DENIED, .rule = WEIR_NO_RULE},
  };
  weir_cell_of(&q, &answer);
  o->cell = answer.cell;
  o->peer_identity = answer.peer_identity;
}

static __always_inline bool weir_passes(const struct weir_cell *cell) {
  return cell->verdict == WEIR_ALLOWED || (WEIR_AUDIT && cell->audit);
}

static __noinline int weir_refuse(struct __sk_buff *skb, const struct weir_packet *p, struct weir_outcome *o,
                                  const struct weir_endpoint *endpoint, int reason) {
  o->cell.verdict = WEIR_DENIED;
  o->cell.reason = reason;
  o->cell.rule = WEIR_NO_RULE;
  o->type = WEIR_EVENT_DROP;
  weir_count_at(o->direction, WEIR_METRIC_INVALID, skb->len);
  weir_event(skb, p, o, endpoint);
  return WEIR_DROP;
}

/* Counts and reports what the cell says, and turns it into a return code. */
static __always_inline int weir_conclude(struct __sk_buff *skb, const struct weir_packet *p, struct weir_outcome *o,
                                         const struct weir_endpoint *endpoint) {
  bool passes = weir_passes(&o->cell);
  uint32_t metric = !passes ? WEIR_METRIC_DENIED : o->cell.verdict ? WEIR_METRIC_AUDITED : WEIR_METRIC_ALLOWED;
  weir_count_at(o->direction, metric, skb->len);
  o->type = passes ? WEIR_EVENT_VERDICT : WEIR_EVENT_DROP;
  // later fragments have no connection: one event per packet would say nothing new
  if (!passes || !p->fragment) weir_event(skb, p, o, endpoint);
  return passes ? WEIR_PASS : WEIR_DROP;
}

WEIR_GLOBAL int weir_evaluate(const struct weir_packet *p, struct weir_outcome *o, const struct weir_endpoint *endpoint) {
  if (!p || !o || !endpoint) return 0;
  weir_ask(p, o->hook, endpoint, o);
  return 0;
}

#if WEIR_CONNTRACK
/* Writes what weir_evaluate said about a connection that is new, or had a verdict of an older epoch. */
WEIR_GLOBAL int weir_remember(const struct weir_packet *p, const struct weir_outcome *o,
                              const struct weir_endpoint *endpoint) {
  struct weir_ct_key key = {};
  if (!p || !o || !endpoint || !weir_ct_key_of(p, endpoint->id, o->hook, &key)) return 0;
  if (!weir_passes(&o->cell)) {
    if (o->ct_state != WEIR_CT_STATE_NEW) weir_ct_delete(p, &key);
    return 0;
  }
  struct weir_ct entry = {
      .seen_ns = bpf_ktime_get_coarse_ns(),
      .epoch = o->epoch,
      .rule = o->cell.rule,
      .direction = o->direction,
      .verdict = o->cell.verdict == WEIR_ALLOWED ? WEIR_ALLOWED : WEIR_AUDITED,
      .tcp = weir_ct_tcp(o->tcp, p->tcp_flags, o->direction != o->hook),
      .nat = o->nat,
  };
  weir_ct_write(p, &key, &entry);
  return 0;
}
#define WEIR_UNRELATED 0
#define WEIR_RELATED 1  /* the connection has this epoch's allow */
#define WEIR_RELATED_OLD 2 /* evaluated again: o->cell */

/* An ICMP error passes when the packet it quotes belongs to a connection that policy still allows. */
WEIR_GLOBAL int weir_related(struct __sk_buff *skb, const struct weir_packet *p, struct weir_outcome *o,
                             const struct weir_endpoint *endpoint) {
  struct weir_packet inner = {};
  struct weir_ct_key key = {};
  if (!p || !o || !endpoint) return WEIR_UNRELATED;
  uint8_t at = o->hook == WEIR_EGRESS ? WEIR_INGRESS : WEIR_EGRESS;
  if (!weir_parse_quoted(skb, p, &inner) || !weir_ct_key_of(&inner, endpoint->id, at, &key)) return WEIR_UNRELATED;
  struct weir_ct *ct = weir_ct_find(&inner, &key);
  if (!ct || !weir_ct_alive(&inner, ct, bpf_ktime_get_coarse_ns())) return WEIR_UNRELATED;
  o->direction = ct->direction;
  if (ct->epoch == o->epoch) return WEIR_RELATED;
  // the entry itself is refreshed or deleted by the connection's own packets
  o->ct_state = WEIR_CT_STATE_RELATED;
  weir_ask(&inner, at, endpoint, o);
  return WEIR_RELATED_OLD;
}

#define WEIR_UNTRACKED 0   /* no part of a connection */
#define WEIR_ESTABLISHED 1 /* the connection has this epoch's allow */
#define WEIR_TO_EVALUATE 2 /* new, or of an older epoch: o says which direction to evaluate */

WEIR_GLOBAL int weir_established(const struct weir_packet *p, struct weir_outcome *o,
                                 const struct weir_endpoint *endpoint) {
  struct weir_ct_key key = {};
  if (!p || !o || !endpoint || !weir_ct_key_of(p, endpoint->id, o->hook, &key)) return WEIR_UNTRACKED;
  struct weir_ct *ct = weir_ct_find(p, &key);
  uint64_t now = bpf_ktime_get_coarse_ns();
  if (!ct || !weir_ct_alive(p, ct, now) || weir_ct_reopens(p, ct, o->hook)) return WEIR_TO_EVALUATE;
  o->direction = ct->direction;
  o->nat = ct->nat;
  if (likely(ct->epoch == o->epoch)) {
    weir_ct_touch(p, ct, now, o->hook);
    return WEIR_ESTABLISHED;
  }
  o->tcp = ct->tcp;
  o->ct_state = o->direction == o->hook ? WEIR_CT_STATE_ESTABLISHED : WEIR_CT_STATE_REPLY;
  return WEIR_TO_EVALUATE;
}
#endif

#if WEIR_CONNTRACK
/* What conntrack and then the tables say about `p` as it stands; `tracked` is what conntrack said. */
static __always_inline int weir_judge(struct __sk_buff *skb, const struct weir_packet *p, struct weir_outcome *o,
                                      const struct weir_endpoint *endpoint, int tracked) {
  int related = tracked == WEIR_UNTRACKED && weir_is_icmp_error(p) ? weir_related(skb, p, o, endpoint) : WEIR_UNRELATED;
  if (tracked == WEIR_ESTABLISHED || related == WEIR_RELATED) {
    weir_count_at(o->direction, WEIR_METRIC_ESTABLISHED, skb->len);
    return WEIR_PASS;
  }
  if (related == WEIR_UNRELATED) weir_evaluate(p, o, endpoint);
  if (tracked == WEIR_TO_EVALUATE) weir_remember(p, o, endpoint);
  return weir_conclude(skb, p, o, endpoint);
}
#endif

#if WEIR_CONNTRACK && WEIR_BACKENDS
static __always_inline bool weir_opens(const struct weir_packet *p) {
  return p->protocol != WEIR_PROTO_TCP || (p->tcp_flags & (WEIR_TCP_SYN | WEIR_TCP_ACK)) == WEIR_TCP_SYN;
}

/* A packet from the pod that conntrack does not know as it stands: does it go to a listener? A connection keeps the backend
 * that it has, whatever the tables say now; *tracked becomes what conntrack says of the packet to its backend. */
static __always_inline int weir_balance(struct weir_packet *p, struct weir_outcome *o,
                                        const struct weir_endpoint *endpoint, struct weir_nat *listener, bool *fresh,
                                        int *tracked) {
  struct weir_nat to = {}, back = {};
  bool had = weir_nat_find(p, endpoint->id, o->hook, &to);
  if (had) {
    weir_redirect_packet(p, &to, listener);
    *tracked = weir_established(p, o, endpoint);
    // a live connection, or the rest of one that conntrack has forgotten
    bool goes_on = *tracked == WEIR_ESTABLISHED || o->ct_state != WEIR_CT_STATE_NEW || !weir_opens(p);
    o->nat = 1;
    if (goes_on) return WEIR_BALANCED;
    weir_redirect_packet(p, listener, &back);
  }
  o->nat = 0;
  o->direction = o->hook;
  int picked = weir_pick(p, o->epoch, &to);
  if (picked != WEIR_BALANCED) return picked;
  weir_redirect_packet(p, &to, listener);
  *tracked = WEIR_TO_EVALUATE;
  *fresh = true;
  o->nat = 1;
  o->tcp = 0;
  return WEIR_BALANCED;
}

/* Everything after the headers are known and the endpoint is ready. The client's egress policy sees the backend: NAT comes
 * before it on the way out and after it on the way back (datapath.md 3 "Gateways"). */
static __always_inline int weir_decide(struct __sk_buff *skb, struct weir_packet *p, struct weir_outcome *o,
                                       const struct weir_endpoint *endpoint) {
  struct weir_nat listener = {}, backend = {};
  int balanced = WEIR_DIRECT;
  bool fresh = false;
  int tracked = weir_established(p, o, endpoint);
  if (tracked == WEIR_TO_EVALUATE && o->hook == WEIR_EGRESS && o->ct_state == WEIR_CT_STATE_NEW && p->slot <= WEIR_SLOT_UDP)
    balanced = weir_balance(p, o, endpoint, &listener, &fresh, &tracked);
  if (balanced == WEIR_REFUSED) return weir_refuse(skb, p, o, endpoint, WEIR_REASON_NO_BACKEND);
  int result = weir_judge(skb, p, o, endpoint, tracked);
  if (result != WEIR_PASS || !o->nat) return result;
  if (balanced == WEIR_BALANCED) {
    if (fresh) weir_nat_write(p, endpoint->id, &listener);
    __builtin_memcpy(backend.address, p->destination, 16);
    backend.port = p->destination_port;
    return weir_pkt_rewrite(skb, p, &listener, &backend, false) ? WEIR_DROP : WEIR_PASS;
  }
  if (o->hook != WEIR_INGRESS || !weir_nat_find(p, endpoint->id, o->hook, &listener)) return result;
  __builtin_memcpy(backend.address, p->source, 16);
  backend.port = p->source_port;
  return weir_pkt_rewrite(skb, p, &backend, &listener, true) ? WEIR_DROP : WEIR_PASS;
}
#else
/* Everything after the headers are known and the endpoint is ready. */
static __always_inline int weir_decide(struct __sk_buff *skb, const struct weir_packet *p, struct weir_outcome *o,
                                       const struct weir_endpoint *endpoint) {
#if WEIR_CONNTRACK
  return weir_judge(skb, p, o, endpoint, weir_established(p, o, endpoint));
#else
  weir_evaluate(p, o, endpoint);
  return weir_conclude(skb, p, o, endpoint);
#endif
}
#endif
