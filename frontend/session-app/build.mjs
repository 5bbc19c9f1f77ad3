// Bundles the app and its service worker into the room's static files.
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const out = new URL("../../src/tdcs/transaction_points/static/transaction_points/", import.meta.url).pathname;
const inspections = new URL("../../src/tdcs/oversight/static/oversight/", import.meta.url).pathname;
const shared = { bundle: true, minify: true, target: "es2022", legalComments: "none", charset: "utf8", logLevel: "warning" };
await build({ ...shared, entryPoints: ["src/main.js"], format: "esm", outfile: `${out}session.min.js` });
await build({ ...shared, entryPoints: ["src/inspect/main.js"], format: "esm", outfile: `${inspections}inspect.min.js` });
await build({ ...shared, entryPoints: ["src/worker.js"], format: "iife", outfile: `${out}session-worker.min.js` });
const licences = [
  ["idb", "idb/LICENSE"],
  ["qrcode-generator", null],
  ["jsqr", "jsqr/LICENSE"],
];
let words = "session.min.js and inspect.min.js hold, besides TDCS (Apache-2.0):\n";
for (const [name, file] of licences) {
  const said = JSON.parse(await readFile(`node_modules/${name}/package.json`));
  words += `\n${name} ${said.version}, ${said.license}, ${said.author?.name ?? said.author ?? ""}\n`;
  if (file) words += `\n${await readFile(`node_modules/${file}`)}`;
}
words += "\nThe MIT licence: Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated"
  + "\ndocumentation files (the \"Software\"), to deal in the Software without restriction, including without limitation the rights to use,"
  + "\ncopy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is"
  + "\nfurnished to do so, subject to the following conditions: the above copyright notice and this permission notice shall be included in all"
  + "\ncopies or substantial portions of the Software. THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED."
  + "\n";
await writeFile(`${out}NOTICE.txt`, words);

// From which sources the files were built: a test compares, so that nobody forgets to build.
const digest = createHash("sha256");
for (const name of (await readdir("src", { recursive: true })).filter((one) => one.endsWith(".js")).sort()) {
  digest.update(`${name}\n`).update(await readFile(`src/${name}`));
}
await writeFile(`${out}built-from.txt`, `${digest.digest("hex")}\n`);
