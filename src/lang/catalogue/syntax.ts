import { defineDiagnostics } from '../catalogue-entry.js';

const orSuggestion = (suggestion: string | null): string | null =>
  suggestion === null ? null : `Did you mean \`${suggestion}\`?`;

/** VMC1xxx: the text does not follow the grammar. */
export const syntax = defineDiagnostics({
  unexpected: {
    code: 'VMC1001',
    severity: 'error',
    title: 'Something else was expected here',
    message: (p: {
      /** "here", or behind what the text breaks off. */
      where: string;
      found: string;
      expected: string;
      form: string | null;
      suggestion: string | null;
      /** For a known habit of other languages: it says more than a suggestion. */
      advice: string | null;
    }) => `I expected ${p.expected} ${p.where}, but found ${p.found}.`,
    hint: (p) =>
      p.advice ?? orSuggestion(p.suggestion) ?? (p.form === null ? null : `It reads: \`${p.form}\`.`),
  },
  unknownSentence: {
    code: 'VMC1002',
    severity: 'error',
    title: 'No sentence begins like this',
    message: (p: { found: string; suggestion: string | null; advice: string | null }) =>
      `No sentence begins with ${p.found}.`,
    hint: (p) =>
      p.advice ??
      orSuggestion(p.suggestion) ??
      'A sentence begins with a word such as `vm`, `group`, `let`, `limit`, `reserve`, `share`, `run`, `pause` or `when`.',
  },
  unknownProperty: {
    code: 'VMC1003',
    severity: 'error',
    title: 'No such property',
    message: (p: {
      found: string;
      owner: string;
      /** What its parts are called: a property, a term, a line. */
      part: string;
      known: string;
      suggestion: string | null;
    }) => `${p.owner} has no ${p.part} that begins with ${p.found}.`,
    hint: (p) => orSuggestion(p.suggestion) ?? `It may hold ${p.known}.`,
  },
  unclosedBrace: {
    code: 'VMC1004',
    severity: 'error',
    title: 'A brace is never closed',
    message: (p: { before: string }) => `This \`{\` is still open at ${p.before}: its \`}\` is missing.`,
    hint: () => 'Add a `}` where the block ends.',
  },
  unmatchedBrace: {
    code: 'VMC1005',
    severity: 'error',
    title: 'A closing brace without an opening one',
    message: (_: object) => 'This `}` closes nothing: no `{` is open here.',
    hint: () => 'Remove it, or add the `{` that it belongs to.',
  },
  brokenString: {
    code: 'VMC1006',
    severity: 'error',
    title: 'A string that does not end, an unknown escape, or other quotes',
    message: (p: { problem: 'unterminated' | 'escape' | 'quotes'; escape: string }) =>
      p.problem === 'unterminated'
        ? 'This string does not end on its line.'
        : p.problem === 'escape'
          ? `\`${p.escape}\` is no escape of a string.`
          : 'This string stands in other quotes than those of the language.',
    hint: (p) =>
      p.problem === 'unterminated'
        ? 'Close it with `"`.'
        : p.problem === 'escape'
          ? 'Strings know two escapes: `\\"` and `\\\\`.'
          : 'Strings stand between `"` and `"`.',
  },
  strayCharacter: {
    code: 'VMC1007',
    severity: 'error',
    title: 'A character that no policy contains',
    message: (p: { characters: string; meant: string | null }) =>
      `${p.characters} means nothing outside a string or a comment.`,
    hint: (p) =>
      orSuggestion(p.meant) ??
      'Remove it. Names are made of ASCII letters, digits, `_` and `-`; any other name goes in quotes.',
  },
  crowded: {
    code: 'VMC1008',
    severity: 'error',
    title: 'White space is missing',
    message: (p: { left: string; right: string }) =>
      `White space is missing between \`${p.left}\` and \`${p.right}\`.`,
    hint: (p) => `Write \`${p.left} ${p.right}\`. Only a number and its unit may touch.`,
  },
  splitSignal: {
    code: 'VMC1009',
    severity: 'error',
    title: 'White space inside the name of a signal',
    message: (p: { joined: string }) => `White space stands inside the name of the signal \`${p.joined}\`.`,
    hint: (p) => `Write \`${p.joined}\`.`,
  },
  nesting: {
    code: 'VMC1010',
    severity: 'error',
    title: 'Nested too deeply',
    message: (p: { limit: number }) => `This is nested more than ${p.limit} deep, the limit of the language.`,
    hint: () =>
      'Name parts of it by `let`, or take levels of braces, parentheses, `not`, `otherwise when` or unions away.',
  },
  tooLarge: {
    code: 'VMC1011',
    severity: 'error',
    title: 'The file is too large',
    message: (p: { bytes: number; limit: number }) =>
      `This file has ${p.bytes} bytes; a policy file may have at most ${p.limit} (1 MiB).`,
    hint: () => 'Is this the right file? Policies are short texts.',
  },
  notText: {
    code: 'VMC1012',
    severity: 'error',
    title: 'Not a text in UTF-8',
    message: (p: { what: 'a NUL character' | 'bytes that are not UTF-8' }) =>
      `This is not a policy: it contains ${p.what}.`,
    hint: () => 'Is this the right file? A policy is a text in UTF-8.',
  },
  tooMany: {
    code: 'VMC1013',
    severity: 'error',
    title: 'Too many mistakes',
    message: (p: { limit: number }) => `There are more than ${p.limit} mistakes: the others are not shown.`,
    hint: () => 'Mend the first ones and check again.',
  },
  lonelyOtherwise: {
    code: 'VMC1014',
    severity: 'error',
    title: '`otherwise` without a `when`',
    message: (_: object) => 'This `otherwise` follows no `when … { … }`.',
    hint: () => 'It stands directly behind the `}` of a `when`, and a `when` has only one `otherwise { … }`.',
  },
  guardedDeclaration: {
    code: 'VMC1015',
    severity: 'error',
    title: 'A declaration under a condition',
    message: (p: { keyword: string }) =>
      `\`${p.keyword}\` is a declaration: it cannot stand inside a \`when\`.`,
    hint: () => 'Declarations hold always: move it out of the braces. If a `}` is missing above, add it.',
  },
  digits: {
    code: 'VMC1016',
    severity: 'error',
    title: 'A clock or a date with too few digits',
    message: (p: { found: string; written: string }) => `\`${p.found}\` lacks a digit.`,
    hint: (p) => `Hours, minutes, months and days have two digits each: \`${p.written}\`.`,
  },
  barePattern: {
    code: 'VMC1017',
    severity: 'error',
    title: 'A pattern that is not a string',
    message: (p: { attribute: string; pattern: string }) =>
      `\`match ${p.attribute}\` takes a pattern in quotes; only a user may be a bare name.`,
    hint: (p) => `Write \`${p.attribute} "${p.pattern}"\`.`,
  },
  reservedName: {
    code: 'VMC1018',
    severity: 'error',
    title: 'A reserved word as a name',
    message: (p: { word: string; expected: string }) =>
      `I expected ${p.expected} here, but \`${p.word}\` is a reserved word of the language.`,
    hint: (p) => `Choose another name, or write it in quotes: \`"${p.word}"\`.`,
  },
  headWithoutSignal: {
    code: 'VMC1019',
    severity: 'error',
    title: 'Half the name of a signal',
    message: (p: { head: string; example: string }) => `\`${p.head}\` alone is no signal and no condition.`,
    hint: (p) => `Say which of its signals you mean, for example \`${p.example}\`.`,
  },
  trailing: {
    code: 'VMC1020',
    severity: 'error',
    title: 'Something follows a complete sentence',
    message: (p: { found: string; advice: string | null; suggestion: string | null }) =>
      `The sentence is complete before ${p.found}, and no new one begins with it.`,
    hint: (p) => orSuggestion(p.suggestion) ?? p.advice ?? 'Remove it, or begin a new sentence.',
  },
  longNumber: {
    code: 'VMC1021',
    severity: 'error',
    title: 'A number with too many digits',
    message: (p: { digits: number; limit: number }) =>
      `This number has ${p.digits} digits; the limit is ${p.limit}.`,
    hint: () => 'Use a larger unit.',
  },
  lateImport: {
    code: 'VMC1022',
    severity: 'error',
    title: 'An import behind other sentences',
    message: (_: object) => 'This `import` follows other sentences: imports stand first in a file.',
    hint: () => 'Move it to the top. What it brings in comes before what this file says, wherever it stands.',
  },
});
