"""Rules of reports: counts that must agree, what is prefilled, the sentences of a section; pure, without Django."""
