// A refusal of the app: a code, and values for its words (words.js, PROBLEMS).
export class Problem extends Error {
  constructor(code, said = {}) {
    super(code);
    this.code = code;
    this.said = said;
  }
}
