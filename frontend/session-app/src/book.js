// What the lines of the log come to: who paid what, what was paid out, how much cash there must be.
import { Acts } from "./acts.js";

const paid = () => ({ interest: 0, principal: 0, savings: 0 });

export class Book extends Acts {
  constructor(pack) {
    super(pack);
    this.groupOf = new Map();
    for (const group of pack.groups) for (const loan of group.loans) this.groupOf.set(loan.loan, group.id);
    this.reset();
  }

  reset() {
    this.loans = new Map();
    this.accounts = new Map();
    this.absent = new Set();
    this.sheets = new Map();
    this.disbursed = new Map();
    this.requests = [];
    this.handovers = [];
    this.notes = new Map();
    this.count = null;
    this.conclusion = "";
    this.sealed = false;
    this.cash = this.pack.cash;
    this.sums = { interest: 0, principal: 0, savings: 0, withdrawn: 0, disbursed: 0, handed: 0 };
  }

  _noted(data, way = 1) {
    for (const [value, n] of Object.entries(data.notes ?? {})) {
      this.notes.set(Number(value), (this.notes.get(Number(value)) ?? 0) + way * n);
    }
  }

  _collect(line, data) {
    const rows = this.sheets.get(data.group) ?? [];
    rows.push(line);
    this.sheets.set(data.group, rows);
    for (const one of data.lines) {
      const sum = this.loans.get(one.loan) ?? paid();
      for (const name of ["interest", "principal", "savings"]) {
        sum[name] += one[name];
        this.sums[name] += one[name];
        this.cash += one[name];
      }
      this.loans.set(one.loan, sum);
      this.absent.delete(one.loan);
      if (one.savings) this.accounts.set(one.account, (this.accounts.get(one.account) ?? 0) + one.savings);
    }
    this._noted(data);
  }

  _savings(_line, data) {
    const signed = data.way === "out" ? -data.amount : data.amount;
    this.accounts.set(data.account, (this.accounts.get(data.account) ?? 0) + signed);
    this.sums[data.way === "out" ? "withdrawn" : "savings"] += data.amount;
    this.cash += signed;
    this._noted(data, Math.sign(signed));
  }

  _disburse(_line, data) {
    this.disbursed.set(data.application, (this.disbursed.get(data.application) ?? 0) + data.amount);
    this.sums.disbursed += data.amount;
    this.cash -= data.amount;
    this._noted(data, -1);
  }

  _absent(_line, data) {
    for (const loan of data.loans) this.absent.add(loan);
  }

  _request(line) {
    this.requests.push(line);
  }

  _handover(line, data) {
    this.handovers.push(line);
    const signed = data.way === "out" ? -data.amount : data.amount;
    this.cash += signed;
    this.sums.handed += signed;
    this._noted(data, Math.sign(signed));
  }

  _count(line, data) {
    this.count = { ...data, seq: line.seq };
  }

  _conclusion(_line, data) {
    this.conclusion = data.words;
  }

  _seal() {
    this.sealed = true;
  }

  // What a loan still owes at this session after what was paid at it.
  left(loan) {
    const sum = this.loans.get(loan.loan) ?? paid();
    return {
      interest: Math.max(0, loan.interest_due - sum.interest),
      principal: Math.max(0, loan.principal_due - sum.principal),
      balance: loan.balance - sum.principal,
    };
  }

  // Of a group: loans that paid or were said absent, of all; what came in.
  progress(group) {
    let done = 0;
    let sum = 0;
    for (const loan of group.loans) {
      const got = this.loans.get(loan.loan);
      if (got) sum += got.interest + got.principal + got.savings;
      if (got || this.absent.has(loan.loan)) done++;
    }
    return { done, of: group.loans.length, sum };
  }

  // Whether cash moved after the last count.
  isCounted() {
    if (!this.count) return false;
    const moving = new Set(["collect", "savings", "disburse", "handover", "void"]);
    return !this.lines.some((line) => line.seq > this.count.seq && moving.has(line.kind) && !this.voided.has(line.seq));
  }
}

// Why an amount of a sheet cannot be; "" when it can.
export function faultOf(loan, left, row) {
  if (row.interest > left.interest) return "interest_above_due";
  if (row.principal > left.balance) return "principal_above_balance";
  if (row.savings && !loan.account) return "no_account";
  return "";
}

// How a payment compares with what is due.
export function markOf(left, row) {
  const due = left.interest + left.principal;
  const sum = row.interest + row.principal;
  if (row.principal > left.principal) return "ahead";
  if (sum === 0 && due > 0) return "nothing";
  return sum < due ? "part" : "full";
}
