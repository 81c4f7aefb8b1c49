import {
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as ProtocolDiagnostic,
  type Range as ProtocolRange,
} from 'vscode-languageserver';
import { catalogue } from '../../lang/catalogue.js';
import type { Diagnostic, Range, Severity } from '../../lang/index.js';

/** How places of the language become places of the protocol. */
export interface Places {
  readonly uriOf: (file: string) => string;
  readonly rangeIn: (file: string, range: Range) => ProtocolRange;
  /** Address of the page of a code; null where there is none. */
  readonly pageOf: (code: string) => string | null;
}

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  advice: DiagnosticSeverity.Information,
};

/** A diagnostic as editors show it: the hint below the message, the other places as related information. */
export function protocolDiagnostic(diagnostic: Diagnostic, places: Places): ProtocolDiagnostic {
  const { code, severity, message, hint, file, range, related } = diagnostic;
  const href = places.pageOf(code);
  return {
    range: places.rangeIn(file, range),
    severity: SEVERITIES[severity],
    code,
    ...(href === null ? {} : { codeDescription: { href } }),
    source: 'vmc',
    // Editors show it faded.
    ...(code === catalogue.unusedName.code ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    message: hint === undefined ? message : `${message}\nhint: ${hint}`,
    ...(related.length === 0 ? {} : { relatedInformation: related.map((each) => relatedIn(each, places)) }),
  };
}

function relatedIn(
  { message, file, range }: Diagnostic['related'][number],
  { uriOf, rangeIn }: Places,
): DiagnosticRelatedInformation {
  return { message, location: { uri: uriOf(file), range: rangeIn(file, range) } };
}
