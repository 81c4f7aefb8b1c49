/** Stands in for the package string-width in yargs' layout of help texts: ours are ASCII, a column a character. */
export default function asciiWidth(text) {
  return text.length;
}
