/**
 * Sensing and predicting load: `Predictor` forecasts any series; `Sensing` samples this host and forecasts
 * its signals. See docs/prediction.md for how to read the answers.
 */
export type {
  HorizonAccuracy,
  LimitCalibration,
  LimitRecord,
} from './calibration/conformal-calibration.js';
export type { Accuracy } from './calibration/forecast-record.js';
export type {
  ForecastAnswer,
  ForecastPoint,
  ForecastStep,
  HistoryAnswer,
  SignalInfo,
} from './forecast-answer.js';
export { AutoregressiveModel, type AutoregressiveOptions } from './models/autoregressive-model.js';
export { LastModel } from './models/last-model.js';
export { MeanModel } from './models/mean-model.js';
export type { Model, ModelForecast } from './models/model.js';
export { DEFAULT_MAX_STEPS } from './models/model.js';
export { defaultModel } from './models/model-catalogue.js';
export { type AutoregressiveFit, fitYuleWalker } from './models/yule-walker.js';
export { errorCovariance, psiWeights } from './numeric/psi-weights.js';
export {
  type Prediction,
  Predictor,
  type PredictorForecast,
  type PredictorOptions,
  type PredictorStatus,
  WARM_UP_SAMPLES,
} from './predictor.js';
export type { Range } from './range.js';
export { Sensing, type SensingOptions } from './sensing.js';
export { RunningProcesses, type RunningProcessesOptions } from './sensors/running-processes.js';
export type { SensedGuest } from './sensors/sensed-guest.js';
export { isHostSignal, type SignalSpec, type SignalUnit, signalSpec } from './signal-catalogue.js';
export { SignalStore, type SignalStoreOptions } from './signal-store.js';
