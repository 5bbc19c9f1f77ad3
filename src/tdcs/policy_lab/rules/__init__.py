"""Rules of the policy laboratory: a draft read and judged, laid over the law, its figures. Needs no database."""
