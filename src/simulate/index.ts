/** Replaying host traces through policies: see README.md. */

export type { Setting } from './replay/replay-world.js';
export { compareReports, type Difference, promiseName } from './report/compare.js';
export type { SimulationReport } from './report/simulation-report.js';
export { type Simulation, simulate, simulateWithDetail } from './simulate.js';
export { renderTimeline } from './svg/render-timeline.js';
export { columnsOf } from './trace/columns-of.js';
export { parseInstant } from './trace/parse-instant.js';
export { parseTrace } from './trace/parse-trace.js';
export { sliceTrace } from './trace/slice-trace.js';
export { syntheticTrace } from './trace/synthetic-trace.js';
export { MOST_STEPS, type Trace, TraceError } from './trace/trace.js';
