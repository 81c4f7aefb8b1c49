/**
 * Reads a value in QEMU's option syntax, `first,key=value,flag,noflag`: a comma within a value is written
 * twice, a first part without a key is the value of `impliedKey`, a flag stands for `flag=on` and `noflag`
 * for `flag=off`, and of several values for one key the last counts (QEMU's util/qemu-option.c,
 * opts_do_parse).
 */
export function parseOptionString(text: string, impliedKey: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const keyEnd = indexOfAny(text, at);
    if (text[keyEnd] === '=') {
      const value = readValue(text, keyEnd + 1);
      options.set(text.slice(at, keyEnd), value.text);
      at = value.end + 1;
    } else if (at === 0) {
      const value = readValue(text, 0);
      options.set(impliedKey, value.text);
      at = value.end + 1;
    } else {
      const flag = text.slice(at, keyEnd);
      if (flag.startsWith('no')) options.set(flag.slice(2), 'off');
      else options.set(flag, 'on');
      at = keyEnd + 1;
    }
  }
  return options;
}

/** Whether an option that is on or off is on; `absent` where it is not given. */
export function isOn(options: ReadonlyMap<string, string>, key: string, absent = false): boolean {
  const value = options.get(key);
  return value === undefined ? absent : ['on', 'yes', 'true', 'y'].includes(value);
}

function indexOfAny(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== '=' && text[at] !== ',') at += 1;
  return at;
}

/** The value that starts at `start`, and where the comma after it (or the end) is. */
function readValue(text: string, start: number): { text: string; end: number } {
  let value = '';
  let at = start;
  while (at < text.length) {
    if (text[at] === ',') {
      if (text[at + 1] !== ',') break;
      at += 1;
    }
    value += text[at];
    at += 1;
  }
  return { text: value, end: at };
}
