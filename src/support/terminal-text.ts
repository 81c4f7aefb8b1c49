/** What a terminal would obey, line breaks included, made visible: names come from whoever started a guest. */
export const visible = (text: string): string => text.replace(/\p{Cc}|\p{Cf}/gu, '\uFFFD');

/**
 * The last look at what goes to a terminal, whoever wrote it: no control character but line breaks, tabs, and colours (SGR,
 * ECMA-48 8.3.117).
 */
export const safeForTerminal = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ESC starts a terminal's colour sequence.
  text.replace(/(\u001b\[[0-9;]*m)|[^\n\t\P{Cc}]/gu, (_, color: string | undefined) => color ?? '\uFFFD');
