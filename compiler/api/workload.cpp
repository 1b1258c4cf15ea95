// Deployment, StatefulSet, DaemonSet, ReplicaSet, Job and CronJob: all that matters of them is the pod template.

#include "compiler/api/bandwidth.h"
#include "compiler/api/meta.h"
#include "compiler/api/pod_spec.h"
#include "compiler/api/readers.h"
#include "compiler/api/tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Support kSkip = Support::Irrelevant;

constexpr Field kTopFields[] = {kApiVersionField, kKindField, kMetadataField, {"spec"}, kStatusField};
constexpr Field kDeploymentFields[] = {{"minReadySeconds", kSkip}, {"paused", kSkip}, {"progressDeadlineSeconds", kSkip},
                                       {"replicas"}, {"revisionHistoryLimit", kSkip}, {"selector"}, {"strategy", kSkip},
                                       {"template"}};
constexpr Field kStatefulSetFields[] = {
    {"minReadySeconds", kSkip}, {"ordinals", kSkip}, {"persistentVolumeClaimRetentionPolicy", kSkip},
    {"podManagementPolicy", kSkip}, {"replicas"}, {"revisionHistoryLimit", kSkip}, {"selector"}, {"serviceName", kSkip},
    {"template"}, {"updateStrategy", kSkip}, {"volumeClaimTemplates", kSkip}};
constexpr Field kDaemonSetFields[] = {{"minReadySeconds", kSkip}, {"revisionHistoryLimit", kSkip}, {"selector"},
                                      {"template"}, {"updateStrategy", kSkip}};
constexpr Field kReplicaSetFields[] = {{"minReadySeconds", kSkip}, {"replicas"}, {"selector"}, {"template"}};
constexpr Field kJobFields[] = {
    {"activeDeadlineSeconds", kSkip}, {"backoffLimit", kSkip}, {"backoffLimitPerIndex", kSkip}, {"completionMode", kSkip},
    {"completions", kSkip}, {"managedBy", kSkip}, {"manualSelector", kSkip}, {"maxFailedIndexes", kSkip},
    {"parallelism", kSkip}, {"podFailurePolicy", kSkip}, {"podReplacementPolicy", kSkip}, {"selector"},
    {"successPolicy", kSkip}, {"suspend", kSkip}, {"template"}, {"ttlSecondsAfterFinished", kSkip}};
constexpr Field kCronJobFields[] = {{"concurrencyPolicy", kSkip}, {"failedJobsHistoryLimit", kSkip}, {"jobTemplate"},
                                    {"schedule", kSkip}, {"startingDeadlineSeconds", kSkip},
                                    {"successfulJobsHistoryLimit", kSkip}, {"suspend", kSkip}, {"timeZone", kSkip}};
constexpr Field kTemplateFields[] = {{"metadata"}, {"spec"}};
constexpr FieldTable kJobTemplateTable{"JobTemplateSpec", kTemplateFields};

void read_template(const Node& node, WorkloadObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kPodTemplateTable, diagnostics);
  if (const Node* metadata = reader.get("metadata")) {
    const FieldReader meta(*metadata, kObjectMeta, diagnostics);
    out.template_labels = read_labels(meta);
    static_cast<void>(read_annotations(meta));  // for its checks
  }
  out.bandwidth = read_bandwidth(reader.get("metadata"), diagnostics);
  if (reader.require("spec")) out.spec = read_pod_spec(*reader.get("spec"), diagnostics);
}

bool selects(const LabelSelector& selector, const StringMap& labels) {
  ir::LabelSet set;
  for (const auto& [key, value] : labels) set.set({"k8s", key, value});
  for (const LabelRequirement& r : selector.requirements)
    if (!ir::matches(ir::Requirement{"k8s", r.key, r.op, r.values}, set)) return false;
  return true;
}

/// The spec of every kind but CronJob. `needs_selector`: apps/v1 kinds.
void read_spec(const Node& node, const FieldTable& table, bool needs_selector, WorkloadObject& out,
               ir::Diagnostics& diagnostics) {
  const FieldReader spec(node, table, diagnostics);
  if (needs_selector && spec.require("selector"))
    out.selector = read_label_selector(*spec.get("selector"), SelectorSyntax::Kubernetes, diagnostics);
  if (&table != &kJobSpecTable && &table != &kDaemonSetSpecTable)
    if (const auto replicas = spec.integer("replicas", 0, 2147483647)) out.replicas = replicas->value;
  if (!spec.require("template")) return;
  read_template(*spec.get("template"), out, diagnostics);
  if (out.selector && !selects(*out.selector, out.template_labels))
    spec.report(ir::Code::InvalidValue, out.selector->span, "`selector` does not select the labels of `template`");
}

void read_cron_job(const Node& node, WorkloadObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader spec(node, kCronJobSpecTable, diagnostics);
  if (!spec.require("jobTemplate")) return;
  const FieldReader job(*spec.get("jobTemplate"), kJobTemplateTable, diagnostics);
  if (job.require("spec")) read_spec(*job.get("spec"), kJobSpecTable, false, out, diagnostics);
}

struct WorkloadKind {
  std::string_view kind;
  const FieldTable& top;
  const FieldTable& spec;
  bool needs_selector;
};

const WorkloadKind& workload_kind(std::string_view kind) {
  static const WorkloadKind kinds[] = {
      {"Deployment", kDeploymentTable, kDeploymentSpecTable, true},
      {"StatefulSet", kStatefulSetTable, kStatefulSetSpecTable, true},
      {"DaemonSet", kDaemonSetTable, kDaemonSetSpecTable, true},
      {"ReplicaSet", kReplicaSetTable, kReplicaSetSpecTable, true},
      {"CronJob", kCronJobTable, kCronJobSpecTable, false},
      {"Job", kJobTable, kJobSpecTable, false},
  };
  for (const WorkloadKind& entry : kinds)
    if (entry.kind == kind) return entry;
  return kinds[5];
}

}  // namespace

const FieldTable kDeploymentTable{"Deployment", kTopFields};
const FieldTable kDeploymentSpecTable{"DeploymentSpec", kDeploymentFields};
const FieldTable kStatefulSetTable{"StatefulSet", kTopFields};
const FieldTable kStatefulSetSpecTable{"StatefulSetSpec", kStatefulSetFields};
const FieldTable kDaemonSetTable{"DaemonSet", kTopFields};
const FieldTable kDaemonSetSpecTable{"DaemonSetSpec", kDaemonSetFields};
const FieldTable kReplicaSetTable{"ReplicaSet", kTopFields};
const FieldTable kReplicaSetSpecTable{"ReplicaSetSpec", kReplicaSetFields};
const FieldTable kJobTable{"Job", kTopFields};
const FieldTable kJobSpecTable{"JobSpec", kJobFields};
const FieldTable kCronJobTable{"CronJob", kTopFields};
const FieldTable kCronJobSpecTable{"CronJobSpec", kCronJobFields};
const FieldTable kPodTemplateTable{"PodTemplateSpec", kTemplateFields};

void read_workload(const Document& document, InventoryObjects& out, ir::Diagnostics& diagnostics) {
  const WorkloadKind& kind = workload_kind(head(document, "kind"));
  const FieldReader top(document.root, kind.top, diagnostics);
  WorkloadObject object;
  object.meta = read_meta(top, document, Scope::Namespaced);
  if (top.require("spec")) {
    const Node& spec = *top.get("spec");
    if (kind.kind == "CronJob")
      read_cron_job(spec, object, diagnostics);
    else
      read_spec(spec, kind.spec, kind.needs_selector, object, diagnostics);
  }
  out.workloads.push_back(std::move(object));
}

}  // namespace weir::compiler
