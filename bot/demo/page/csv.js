// Reads a CSV as it arrives: keeps the first rows, counts the rest. No column is interpreted.

/** A reader fed with text; `rows` are the first ones, `count` all that ended so far. */
export class CsvReader {
  constructor(keep) {
    this.keep = keep;
    this.rows = [];
    this.count = 0;
    this.row = [];
    this.cell = "";
    this.quoted = false;
    this.pending = false;
    this.started = false;
  }

  feed(text) {
    for (let at = 0; at < text.length; at += 1) this.take(text[at]);
  }

  take(character) {
    if (this.quoted) {
      if (this.pending) {
        this.pending = false;
        if (character === '"') {
          this.put(character);
          return;
        }
        this.quoted = false;
      } else {
        if (character === '"') this.pending = true;
        else this.put(character);
        return;
      }
    }
    if (character === '"' && this.cell === "") this.quoted = true;
    else if (character === ",") this.endCell();
    else if (character === "\n") this.endRow();
    else if (character !== "\r") this.put(character);
    if (character !== "\n") this.started = true;
  }

  put(character) {
    this.started = true;
    if (this.count < this.keep) this.cell += character;
    else this.cell = "…";
  }

  endCell() {
    if (this.count < this.keep) this.row.push(this.cell);
    this.cell = "";
    this.started = true;
  }

  endRow() {
    if (!this.started) return;
    this.endCell();
    if (this.count < this.keep) this.rows.push(this.row);
    this.row = [];
    this.count += 1;
    this.started = false;
  }

  end() {
    this.quoted = false;
    this.endRow();
  }
}

/** Read a response as CSV: {rows: the first `keep`, count: all, the header included}. */
export async function readCsv(response, keep) {
  const reader = new CsvReader(keep);
  const decoder = new TextDecoder("utf-8");
  const stream = response.body.getReader();
  for (;;) {
    const { done, value } = await stream.read();
    if (done) break;
    reader.feed(decoder.decode(value, { stream: true }));
  }
  reader.feed(decoder.decode());
  reader.end();
  return { rows: reader.rows, count: reader.count };
}
