// The few addresses of the server that the app asks, and what can come back.
import { Problem } from "./problem.js";

const ROOT = "/phien/";
const token = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? "";

// JSON of the answer; Problem "offline", "sign_in", "refused" (with the server's own words) or "server".
async function ask(path, body) {
  let answer;
  try {
    answer = await fetch(ROOT + path, {
      method: body ? "POST" : "GET",
      headers: body ? { "Content-Type": "application/json", "X-CSRFToken": token() } : {},
      body: body ? JSON.stringify(body) : undefined,
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

export const me = () => ask("ung-dung/toi/");
export const register = (device) => ask("ung-dung/thiet-bi/", device);
export const takePack = (session, device) => ask(`${session}/goi/`, { device });
export const certify = (session, device, pack, key) => ask(`${session}/khoa-duyet/`, { device, pack, key });
export const handIn = (session, device, lines) => ask(`${session}/nhat-ky/`, { device, lines });
