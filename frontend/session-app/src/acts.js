// The lines of a log, and what they come to: a class says it by a method for each kind (`_collect`), and by `reset`.
export class Acts {
  constructor(pack) {
    this.pack = pack;
    this.lines = [];
    this.voided = new Set();
  }

  // Once a line is undone, what they come to is counted anew from the first.
  add(lines) {
    let undone = false;
    for (const line of lines) {
      this.lines.push(line);
      if (line.kind === "void") {
        this.voided.add(line.data.seq);
        undone = true;
      }
    }
    if (undone) {
      this.reset();
      lines = this.lines;
    }
    for (const line of lines) if (!this.voided.has(line.seq)) this[`_${line.kind}`]?.(line, line.data);
  }

  last() {
    return this.lines.at(-1)?.seq ?? 0;
  }
}
