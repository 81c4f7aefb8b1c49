/* Every diagnostic of the compiler; those of the language: lang/catalogue. */
export { conflicts } from './catalogue/conflicts.js';
export { feasibility } from './catalogue/feasibility.js';
export { hostLimits } from './catalogue/host-limits.js';
export { assertions } from './claims/catalogue.js';
export { policyTests } from './scenario/catalogue.js';
