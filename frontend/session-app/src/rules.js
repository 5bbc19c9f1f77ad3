// What a loan owes on a day: the server's rules (loans/rules) in JavaScript, to the dong. The law comes as data with the loan.
// Money is whole dong; interest is summed in parts of a dong as BigInt, and rounded once, half up.
// Tested on the vectors of `tdcs session vectors` (tests/browser/test_session_rules.py).

const DAY = 86_400_000;
const number = (iso) => Date.parse(`${iso}T00:00:00Z`) / DAY;
const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const lastOf = (year, month) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

function monthsLater(day, months) {
  const from = new Date(day * DAY);
  const month = from.getUTCFullYear() * 12 + from.getUTCMonth() + months;
  const [year, place] = [Math.floor(month / 12), month % 12];
  return Date.UTC(year, place, Math.min(from.getUTCDate(), lastOf(year, place))) / DAY;
}

// The last session before a due day, by the point's day of the month.
function sessionBefore(due, sessionDay) {
  const at = new Date(due * DAY);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  const here = Date.UTC(year, month, Math.min(sessionDay, lastOf(year, month))) / DAY;
  if (due > here) return here;
  const before = new Date(Date.UTC(year, month, 0));
  return Date.UTC(before.getUTCFullYear(), before.getUTCMonth(), Math.min(sessionDay, before.getUTCDate())) / DAY;
}

// Equal parts rounded down, the remainder in the last; where rounding leaves nothing the whole is due at the end.
function shares(total, count, size) {
  const each = Math.floor(Math.floor(total / count) / size) * size;
  return Array.from({ length: count }, (_one, at) => (at < count - 1 ? each : total - each * (count - 1)));
}

class Loan {
  constructor(terms, law, held) {
    this.law = law;
    this.held = held;
    this.start = number(terms.disbursed_on);
    const count = Math.ceil(terms.term_months / law.spacing);
    const parts = shares(terms.principal, count, law.rounding);
    this.instalments = parts.map((principal, at) => ({
      due: monthsLater(this.start, Math.min((at + 1) * law.spacing, terms.term_months)), principal, passed: null,
    }));
    this.sessionDay = terms.session_day;
    this.laterDays = [];
    this.day = this.start;
    this.rate = law.rate_ppm;
    this.base = law.rate_ppm;
    this.percent = law.overdue_percent;
    this.changes = law.changes.map(([on, ...values]) => [number(on), ...values]);
    this.balance = terms.principal;
    this.paid = 0;
    this.collected = 0;
    this.parts = 0n;
  }

  heldOn(day) {
    const moved = this.held[iso(day)];
    return moved ? number(moved) : day;
  }

  decides(due) {
    for (const [since, day] of this.laterDays.toReversed()) {
      const session = sessionBefore(due, day);
      if (session >= since) return this.heldOn(session);
    }
    return this.heldOn(this.sessionDay ? sessionBefore(due, this.sessionDay) : due);
  }

  trigger(instalment) {
    return instalment.passed ?? this.decides(instalment.due);
  }

  // Principal that is overdue at the end of a day, and since when.
  late(day) {
    if (!this.law.by_instalment) {
      const last = this.trigger(this.instalments.at(-1));
      return last < day && this.balance > 0 ? [this.balance, last + 1] : [0, null];
    }
    let [left, total, since] = [this.paid, 0, null];
    for (const instalment of this.instalments) {
      const filled = Math.min(left, instalment.principal);
      left -= filled;
      const unpaid = instalment.principal - filled;
      if (!unpaid) continue;
      const trigger = this.trigger(instalment);
      if (trigger >= day) continue;
      total += unpaid;
      since = since === null ? trigger + 1 : Math.min(since, trigger + 1);
    }
    return [total, since];
  }

  // Interest of the evenings from the loan's day up to, not including, another: in stretches on which nothing changes.
  walkTo(day) {
    if (day <= this.day) return;
    const cuts = [...this.changes.map(([on]) => on), ...this.instalments.map((one) => this.trigger(one) + 1)];
    for (const cut of [...new Set(cuts)].filter((one) => one > this.day && one < day).sort((a, b) => a - b)) this.evenings(cut);
    this.evenings(day);
  }

  evenings(until) {
    this.takeLaw();
    const [overdue] = this.late(this.day);
    const lateRate = this.law.own_overdue_rate || this.percent * this.base;
    const aDay = 100n * BigInt(this.rate) * BigInt(this.balance - overdue) + BigInt(lateRate) * BigInt(overdue);
    this.parts += aDay * BigInt(until - this.day);
    this.day = until;
  }

  takeLaw() {
    while (this.changes.length && this.changes[0][0] <= this.day) {
      const [, rate, base, percent] = this.changes.shift();
      this.rate = rate ?? this.rate;
      this.base = base ?? this.base;
      this.percent = percent ?? this.percent;
    }
  }

  take(event) {
    if (event.kind === "session_day") {
      for (const instalment of this.instalments) {
        const here = this.trigger(instalment);
        instalment.passed = here < this.day ? here : null;
      }
      this.laterDays.push([number(event.to), event.session_day]);
    } else if (event.kind === "interest") {
      this.collected += event.amount;
    } else if (event.kind === "principal") {
      this.paid += event.amount;
      this.balance -= event.amount;
    } else {
      throw new RangeError(event.kind);
    }
  }
}

const ORDER = ["session_day", "interest", "principal"];

function halfUp(parts, unit) {
  return Number((2n * parts + unit) / (2n * unit));
}

// The position at the end of `as_of`, in the form of `tdcs loan project`. `held`: a public holiday → the day that counts for it.
export function project(terms, law, held) {
  const loan = new Loan(terms, law, held);
  const asOf = number(terms.as_of);
  const events = terms.events.filter((one) => number(one.on) <= asOf)
    .map((one, place) => ({ ...one, place, day: number(one.on) }))
    .sort((a, b) => a.day - b.day || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.place - b.place);
  for (const event of events) {
    loan.walkTo(event.day);
    loan.take(event);
  }
  loan.walkTo(asOf + 1);
  const [overdue, since] = loan.late(asOf);
  const accrued = halfUp(loan.parts, BigInt(law.unit));
  const due = accrued - loan.collected;
  const rest = loan.balance === 0 && due === 0 ? "settled" : "in_time";
  return {
    schedule: loan.instalments.filter((one) => one.principal).map((one) => ({ due_on: iso(one.due), principal: one.principal })),
    balance: loan.balance, principal_in_time: loan.balance - overdue, principal_overdue: overdue, principal_frozen: 0,
    interest_accrued: accrued, interest_collected: loan.collected, interest_due: due,
    overdue_since: since === null ? null : iso(since), final_due_on: iso(loan.instalments.at(-1).due),
    state: overdue ? "overdue" : rest, rate_ppm: loan.rate,
  };
}

// The places of vectors on which this file and the server do not say the same.
export function disagreements(vectors, held) {
  const differ = [];
  vectors.forEach(({ case: terms, law, expect }, at) => {
    const found = project(terms, law, held);
    for (const [name, value] of Object.entries(expect)) {
      if (JSON.stringify(found[name]) !== JSON.stringify(value)) differ.push({ at, name, found: found[name], expect: value });
    }
  });
  return differ;
}
