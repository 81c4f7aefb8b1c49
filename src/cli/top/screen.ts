/** Alternate screen, no cursor, lines that do not wrap (DEC private modes 1049, 25 and 7). */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const CLEAR = '\u001b[2J';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[0m\u001b[?1049l';
/** A terminal that knows it shows what is between the two at once (mode 2026); others do not mind. */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';

/** The whole terminal. A frame is one write, and only of the lines that are not there already, so that nothing flickers. */
export class Screen {
  readonly #write: (text: string) => void;
  #shown: readonly string[] | null = null;
  #entered = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  enter(): void {
    if (this.#entered) return;
    this.#entered = true;
    this.#shown = null;
    this.#write(ENTER);
  }

  /** The terminal as it was. Twice is safe. */
  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.#write(LEAVE);
  }

  /** Everything anew at the next frame: the terminal has another size, or something else wrote to it. */
  forget(): void {
    this.#shown = null;
  }

  draw(lines: readonly string[]): void {
    if (!this.#entered) return;
    const before = this.#shown?.length === lines.length ? this.#shown : null;
    this.#shown = lines;
    const changed = lines.flatMap((line, row) =>
      before?.[row] === line ? [] : [`\u001b[${row + 1};1H${line}\u001b[0m\u001b[K`],
    );
    if (changed.length > 0) this.#write(`${BEGIN}${before ? '' : CLEAR}${changed.join('')}${END}`);
  }
}
