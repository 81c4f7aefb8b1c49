import { importReader } from '../api/read-import.js';
import { type ExplainedPolicy, explainPolicy } from '../compiler/index.js';
import type { Diagnostic, Source } from '../lang/index.js';
import type { CommandResult, Context } from './command.js';
import { usageError } from './command-error.js';
import { ExitCode } from './exit-code.js';
import { exitCodeOf } from './exit-code-of.js';
import { explanationDocument } from './explanation-document.js';
import { hostFacts } from './host-facts.js';
import { readPolicy } from './read-policy.js';
import { renderDiagnostics } from './render/diagnostics.js';
import { renderExplanation } from './render/explanation.js';

export interface ExplainInFile {
  /** A policy; '-': stdin. */
  readonly file: string;
  readonly host: string | undefined;
  readonly subject: string;
  readonly at: string | null;
  readonly given: readonly string[];
}

const WIDTH = 100;

/** Why a subject of a policy gets what it gets. */
export async function explainInFile(request: ExplainInFile, context: Context): Promise<CommandResult> {
  const { file, host, subject, at, given } = request;
  const facts = await hostFacts(host, context);
  const source = readPolicy(file);
  const answer = explainPolicy(source, facts, { subject, at, given }, { readImport: importReader(file) });
  switch (answer.kind) {
    case 'explained':
      return resultOf(answer, request, context);
    case 'refused':
      return complaint(answer.diagnostics, answer.files, exitCodeOf(answer.diagnostics), context);
    case 'wrong-arguments':
      return complaint(answer.mistakes, [...answer.sources, ...answer.files], ExitCode.badUsage, context);
    case 'no-subject':
      throw noSubject(answer, request);
    case 'not-a-fact':
      throw usageError(`${answer.name} '${answer.text}' is not one fact`, "for example 'owner.demand = 80%'");
    case 'skipped-time':
      throw usageError(`there is no ${at} in the host's time zone: the clocks go forward over it`);
    case 'no-schedule':
      throw usageError(
        'no schedule keeps the policy under what is given',
        'vmc test says why, in a test of this',
      );
  }
}

function resultOf(
  { explanation, diagnostics, files }: Extract<ExplainedPolicy, { kind: 'explained' }>,
  { file, at, given }: ExplainInFile,
  { colors, errorColors, stdout }: Context,
): CommandResult {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const facts = [...(at === null ? [] : [`at ${at}`]), ...given.map((fact) => `given ${fact}`)];
  return {
    exitCode: exitCodeOf(diagnostics),
    json: explanationDocument(explanation, diagnostics),
    complaints: renderDiagnostics(errors, files, errorColors.enabled),
    text: renderExplanation(explanation, {
      colors,
      file,
      width: Math.min(stdout.columns ?? WIDTH, WIDTH),
      given: facts.length === 0 ? null : sentenceOf(facts),
    }),
  };
}

const sentenceOf = (facts: readonly string[]): string => {
  const text = facts.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

function complaint(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
  exitCode: ExitCode,
  { errorColors }: Context,
): CommandResult {
  return {
    exitCode,
    json: explanationDocument(null, diagnostics),
    complaints: renderDiagnostics(diagnostics, sources, errorColors.enabled),
  };
}

/** Those that a policy has, as far as a line goes. */
const MOST_NAMED = 12;

function noSubject(
  { subjects, meant }: Extract<ExplainedPolicy, { kind: 'no-subject' }>,
  { file, subject }: ExplainInFile,
) {
  const names = subjects.map(({ key }) => key);
  const more = names.length > MOST_NAMED ? ' …' : '';
  const hint = meant
    ? `did you mean '${meant}'?`
    : `it is one of ${names.slice(0, MOST_NAMED).join(', ')}${more}`;
  return usageError(`${file} has no class, union or offer '${subject}'`, hint);
}
