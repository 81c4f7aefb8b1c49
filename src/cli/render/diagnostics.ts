import type { Diagnostic, Severity, Source } from '../../lang/index.js';
import { renderText } from '../../lang/index.js';
import { count } from './count.js';

/** Diagnostics for people, then how many there are. Empty for none. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
  color: boolean,
): string {
  const text = renderText(diagnostics, sources, { color });
  return [text, summary(diagnostics)].filter((part) => part !== '').join('\n');
}

/** "2 errors, 1 warning"; empty when there is neither. */
function summary(diagnostics: readonly Diagnostic[]): string {
  const kinds: readonly (readonly [Severity, string])[] = [
    ['error', 'error'],
    ['warning', 'warning'],
  ];
  const parts = kinds.flatMap(([severity, noun]) => {
    const number = diagnostics.filter((each) => each.severity === severity).length;
    return number === 0 ? [] : [count(number, noun)];
  });
  return parts.join(', ');
}
