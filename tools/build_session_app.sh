#!/bin/sh
# Builds the app of sessions (frontend/session-app) into the static files of transaction_points. Needs Node 20 or later.
set -eu
cd "$(dirname "$0")/../frontend/session-app"
npm ci --no-audit --no-fund
npm run --silent build
