// Acts of an inspection as lines of its log; where the device is.
import { app, refresh } from "../app.js";
import { toast } from "../dom.js";
import * as log from "../log.js";
import { isExpired, moment } from "../pack.js";
import { Problem } from "../problem.js";
import { sync } from "../sync.js";
import { problemWords } from "../words.js";

const stamp = () => `${new Date(moment(app.pack) + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;

// The first thing that is written begins the inspection. After three days the pack takes the seal alone.
export async function write(acts, token, witnesses = "") {
  if (isExpired(app.pack) && acts.some((one) => one.kind !== "seal")) throw new Problem("inspection_expired");
  const first = app.book.started ? [] : [{ kind: "start", data: { witnesses } }];
  const lines = [...first, ...acts].map((one) => ({ ...one, by: app.operator.id, at: stamp() }));
  if (!lines.length) return;
  await log.append(app.keys, app.pack.header, lines, token);
  await refresh();
  sync(app.keys, app.session).catch(() => {});
}

// Writes, says so, goes on; a problem is said and the page stays as it is.
export async function entered(acts, token, words, then, witnesses = "") {
  try {
    await write(acts, token, witnesses);
    toast(words);
    await then();
  } catch (error) {
    toast(problemWords(error), "late");
  }
}

export function place() {
  return new Promise((found, failed) => {
    if (!navigator.geolocation) return failed(new Problem("no_place"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => found({ latitude: coords.latitude.toFixed(6), longitude: coords.longitude.toFixed(6) }),
      () => failed(new Problem("no_place")), { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 });
  });
}

// Metres on a sphere, to warn on the spot; the server judges by itself.
export function metresFrom(centre, spot) {
  const rad = Math.PI / 180;
  const [lat, lon] = centre.map(Number);
  const dLat = (Number(spot.latitude) - lat) * rad;
  const dLon = (Number(spot.longitude) - lon) * rad;
  const a = Math.sin(dLat / 2) ** 2 + Math.cos(lat * rad) * Math.cos(Number(spot.latitude) * rad) * Math.sin(dLon / 2) ** 2;
  return Math.round(12_742_000 * Math.asin(Math.sqrt(a)));
}
