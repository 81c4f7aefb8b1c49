/**
 * The `data` of each event in a text/event-stream (WHATWG HTML, section 9.2), as far as the daemon uses the format: one
 * line of data an event, lines that end with a newline, comments.
 */
export async function* parseEvents(stream: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of stream) {
    rest += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) yield line.slice('data: '.length);
  }
}
