// The few addresses of the server that the app asks, and what can come back.
import { Problem } from "./problem.js";
import { addressOf, room } from "./room.js";

const token = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? "";

// JSON of the answer; Problem "offline", "sign_in", "refused" (with the server's own words) or "server".
async function ask(path, body, type = "application/json") {
  let answer;
  try {
    answer = await fetch(path, {
      method: body ? "POST" : "GET",
      headers: body ? { "Content-Type": type, "X-CSRFToken": token() } : {},
      body: body && type === "application/json" ? JSON.stringify(body) : body,
      redirect: "manual", cache: "no-store",
    });
  } catch {
    throw new Problem("offline");
  }
  if (answer.type === "opaqueredirect") throw new Problem("sign_in");
  if (answer.status === 403) throw new Problem("forbidden");
  let said;
  try {
    said = await answer.json();
  } catch {
    throw new Problem(answer.ok ? "offline" : "server", { status: answer.status });
  }
  if (answer.status === 409) throw new Problem("refused", said);
  if (!answer.ok) throw new Problem("server", { status: answer.status });
  return said;
}

export const me = () => ask(`${room.address}toi/`);
export const register = (device) => ask(`${room.address}thiet-bi/`, device);
export const takePack = (session, device) => ask(`${addressOf(session)}goi/`, { device });
export const certify = (session, device, pack, key) => ask(`${addressOf(session)}khoa-duyet/`, { device, pack, key });
export const handIn = (session, device, lines) => ask(`${addressOf(session)}nhat-ky/`, { device, lines });
export const sendPhoto = (session, device, bytes) => ask(`${addressOf(session)}anh-may/?device=${device}`, new Blob([bytes]), "image/jpeg");
