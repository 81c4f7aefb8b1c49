/** How far something is that is counted: on a terminal a line that counts; elsewhere a line for every tenth. */
export class Progress {
  #done = 0;
  #shown = 0;

  constructor(total) {
    this.total = total;
  }

  step() {
    this.#done += 1;
    if (process.stderr.isTTY) {
      if (Date.now() - this.#shown < 200) return;
      this.#shown = Date.now();
      process.stderr.write(`\r  ${this.#done} of ${this.total} `);
    } else if (Math.floor((10 * this.#done) / this.total) > this.#shown) {
      this.#shown = Math.floor((10 * this.#done) / this.total);
      console.log(`  ${this.#done} of ${this.total}`);
    }
  }

  end() {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}
