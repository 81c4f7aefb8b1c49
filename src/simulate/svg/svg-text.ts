/** Text in an SVG document: names come from files of anyone's. */
export const escaped = (text: string): string =>
  text
    .replace(/\p{Cc}|\p{Cf}/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** A coordinate: hundredths are finer than any screen. */
export const at = (value: number): string => String(Math.round(value * 100) / 100);

/** As far as it fits into so many letters. */
export const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;
