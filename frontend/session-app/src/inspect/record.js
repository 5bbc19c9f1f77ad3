// What the lines of an inspection's log come to: who was visited, what was answered, found and photographed.
import { Acts } from "../acts.js";

export class Record extends Acts {
  constructor(pack) {
    super(pack);
    this.reset();
  }

  reset() {
    this.started = this.pack.inspection.started;
    this.visits = new Map();
    this.answers = { ...this.pack.answers };
    this.findings = this.pack.findings.map((one) => ({ ...one, seq: 0 }));
    this.photos = [];
    this.sealed = false;
  }

  _start() {
    this.started = true;
  }

  _answers(_line, data) {
    this.answers = data.answers;
  }

  _visit(_line, data) {
    this.visits.set(data.loan, data);
  }

  _finding(line, data) {
    this.findings.push({ ...data, seq: line.seq });
  }

  _photo(line, data) {
    this.photos.push({ ...data, seq: line.seq });
  }

  _seal() {
    this.sealed = true;
  }

  // How a borrower stands: visited here, or as the pack had it.
  resultOf(borrower) {
    return this.visits.get(borrower.loan)?.result ?? borrower.result;
  }

  // What the minutes still lack: questions without an answer, bad answers without a finding.
  missing() {
    const { questions, household_questions: ofHouse, borrowers } = this.pack;
    const found = new Set(this.findings.map((one) => `${one.loan} ${one.item}`));
    const open = questions.filter((one) => !this.answers[one.code]).map((item) => ({ item, loan: 0, why: "open" }));
    const bad = questions.filter((one) => this.answers[one.code] === one.bad && !found.has(`0 ${one.code}`)).map((item) => ({ item, loan: 0, why: "bad" }));
    for (const borrower of borrowers) {
      const answers = this.visits.get(borrower.loan)?.answers ?? {};
      for (const item of ofHouse) {
        if (answers[item.code] === item.bad && !found.has(`${borrower.loan} ${item.code}`)) bad.push({ item, loan: borrower.loan, name: borrower.name, why: "bad" });
      }
    }
    return [...open, ...bad];
  }
}
