import type { Check } from '../doctor-schema.js';

/** Who asks: what is missing is granted in another way to a user than to a root whose rights were taken. */
export interface Patient {
  readonly uid: number;
  /** Login name, or the uid as text. */
  readonly user: string;
  readonly hasCapability: (bit: number) => boolean;
}

export const present = (kind: Check['kind'], name: string, detail: string): Check => ({
  kind,
  name,
  ok: true,
  detail,
  fix: null,
});

/** `fix`: null where it cannot be had. */
export const missing = (kind: Check['kind'], name: string, detail: string, fix: string | null): Check => ({
  kind,
  name,
  ok: false,
  detail,
  fix,
});
