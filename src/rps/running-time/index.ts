/** Running times: when work will be done beside the load that is forecast. Pure; see docs/prediction.md. */
export { type Advice, advise, CALIBRATED_FROM, outcomeOf } from './advise.js';
export { ASKER_KINDS, type Asker, type AskerKind, type RunWindows } from './asker.js';
export { LONGEST_DAYS } from './completion.js';
export { forecastLoad, LOAD_WINDOW } from './forecast-load.js';
export type { LoadPath } from './load-path.js';
export { OUTCOMES_KEPT, type Outcome } from './outcomes.js';
export { type TaskRun, withoutRuns } from './own-work.js';
