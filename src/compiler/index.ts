export {
  type AdmissionAnswer,
  type Admitted,
  admit,
  type CounterOffer,
  type Granted,
  type RefusedIn,
  renderAnswer,
} from './admit/index.js';
export { nextCalendarChange } from './calendar/calendar-change.js';
export { calendarContains } from './calendar/calendar-contains.js';
export { conflicts, feasibility, hostLimits } from './catalogue.js';
export { type CompiledPolicy, type CompilePolicyOptions, compile } from './compile.js';
export { type CompileOptions, type CompileResult, compileModel } from './compile-model.js';
export type { Change, ChangedTerm, Side } from './diff/changes.js';
export type { DeclarationChange } from './diff/declarations.js';
export type { PolicyDiff } from './diff/diff-models.js';
export { type ComparedPolicies, diffPolicies, type PolicySource } from './diff/diff-policies.js';
export type { ConditionReason } from './explain/condition-reasons.js';
export type { ExplainedMode, Explanation } from './explain/explain-model.js';
export { type ExplainedPolicy, type ExplainRequest, explainPolicy } from './explain/explain-policy.js';
export type { Contribution, Means, Point, Topic } from './explain/point.js';
export type { ExplainedKind, ExplainedSubject } from './explain/subjects.js';
export type { Aspect, AspectName, Treatment } from './explain/treatments.js';
export { type CgroupFacts, type CoreFacts, coreList, type HostFacts, type HostMechanism } from './facts.js';
export { evaluate } from './modes/truth.js';
export type * from './plan.js';
export { type RenderPlanOptions, renderPlan } from './render/render-plan.js';
export type { Coverage, SentenceCoverage, UntestedMode } from './scenario/coverage.js';
export type { ExpectationResult } from './scenario/expectation-result.js';
export type { TestResult } from './scenario/run-test.js';
export { runTests, type TestRun } from './scenario/run-tests.js';
export { type TestedPolicy, testPolicy } from './scenario/test-policy.js';
export { serialisePlan } from './serialise-plan.js';
export { sha256 } from './sha256.js';
export { verifyPlan } from './verify-plan.js';
