import { Value } from '@sinclair/typebox/value';
import type { HostFacts } from '../compiler/facts.js';
import { FactsSchema } from '../compiler/facts-schema.js';
import { refusal } from './command-error.js';
import { readOrRefuse } from './read-policy.js';

const READ_LIMIT_BYTES = 4 * 1024 * 1024;

/** Host facts from a file of `vmc facts --format json`; what is none is refused (exit code 4), with the place. */
export function readHostFacts(file: string): HostFacts {
  const text = readOrRefuse(file, READ_LIMIT_BYTES);
  const document = parseJson(file, text);
  const [first] = Value.Errors(FactsSchema, document);
  if (first)
    throw refusal('FACTS', `${file} holds no host facts: ${first.path || '/'}: ${first.message}`, HINT);
  const facts = document as HostFacts;
  if (!isTimezone(facts.timezone))
    throw refusal('FACTS', `${file}: there is no time zone '${facts.timezone}'`, HINT);
  return facts;
}

const HINT = "'vmc facts --format json' writes them";

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refusal('FACTS', `${file} holds no host facts: ${(error as Error).message}`, HINT);
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
