export { type AdmissionAnswer, type Admitted, admit, type RefusedIn } from './admit.js';
export type { CounterOffer } from './counter-offers.js';
export type { Granted } from './granted.js';
export { renderAnswer } from './render-answer.js';
