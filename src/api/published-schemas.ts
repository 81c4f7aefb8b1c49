import { FactsSchema } from '../compiler/facts-schema.js';
import { PlanSchema } from '../compiler/plan-schema.js';
import { ConformanceSchema, LedgerSchema } from '../enforce/ledger/ledger-schema.js';
import { EventSchema, StatusSchema } from '../enforce/status.js';
import { AdmissionSchema } from './admission-schema.js';
import { BacktestSchema } from './backtest-schema.js';
import { CalibrationSchema } from './calibration-schema.js';
import { DiagnosticsSchema, ErrorSchema } from './diagnostics-schema.js';
import { DoctorSchema } from './doctor-schema.js';
import { ExplanationSchema } from './explanation-schema.js';
import { ForecastSchema, ForecastsSchema, ForecastUpdateSchema } from './forecast-schema.js';
import { FormatSchema } from './format-schema.js';
import { LiveExplanationSchema } from './live-explanation-schema.js';
import { PolicyDiffSchema } from './policy-diff-schema.js';
import { ReplayLoadSchema } from './replay-load-schema.js';
import { RunningTimeSchema } from './running-time-schema.js';
import { SimulationSchema } from './simulation-schema.js';
import { TestsSchema } from './tests-schema.js';

/** What is published under schemas/, one file each, named by its `$id`. */
export const PUBLISHED_SCHEMAS = [
  AdmissionSchema,
  BacktestSchema,
  CalibrationSchema,
  ConformanceSchema,
  DiagnosticsSchema,
  DoctorSchema,
  ErrorSchema,
  EventSchema,
  ExplanationSchema,
  FactsSchema,
  ForecastSchema,
  ForecastsSchema,
  ForecastUpdateSchema,
  FormatSchema,
  LedgerSchema,
  LiveExplanationSchema,
  PlanSchema,
  PolicyDiffSchema,
  ReplayLoadSchema,
  RunningTimeSchema,
  SimulationSchema,
  StatusSchema,
  TestsSchema,
];
