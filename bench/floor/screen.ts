/**
 * The floor of feedback, straight-line: frames of RDM6300 readers, a row on disk, an event to the page, a word in a list
 * of 50. Nobody is asked whether the vote counts. The page draws at once. Usage: screen.ts DATABASE LINE:OPTION …
 */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { SerialPort } from "serialport";

const FRAME_BYTES = 14;
const OPTIONS = 50;
/** As long as the kiosk shows a success. */
const SHOWN_MS = 2_500;

const [, , path = ":memory:", ...lines] = process.argv;
const database = new DatabaseSync(path);
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE records (number INTEGER PRIMARY KEY, tag BLOB NOT NULL, option INTEGER NOT NULL);`);
const insert = database.prepare("INSERT INTO records (tag, option) VALUES (?, ?)");

const page = `<!doctype html><meta charset="utf-8"><title>Floor</title>
<style>
  html, body, ol { height: 100%; margin: 0 }
  ol { display: grid; grid-template-columns: 1fr 1fr; padding: 0; font: 24px sans-serif; list-style: none }
</style>
<ol>${Array.from({ length: OPTIONS }, (_, at) => `<li data-option="${at + 1}">Answer ${at + 1}</li>`).join("")}</ol>
<script>
  new EventSource("/events").addEventListener("outcome", ({ data }) => {
    const lane = document.querySelector('[data-option="' + data + '"]');
    lane.dataset.outcome = "stored";
    lane.textContent = "Stored";
    setTimeout(() => {
      delete lane.dataset.outcome;
      lane.textContent = "Answer " + data;
    }, ${SHOWN_MS});
  });
</script>`;

const screens = new Set<ServerResponse>();

async function listen(line: string): Promise<void> {
  const [device = "", option = "1"] = line.split(":");
  let rest = Buffer.alloc(0);
  const port = new SerialPort({ path: device, baudRate: 9600 });
  port.on("data", (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (; rest.length >= FRAME_BYTES; rest = rest.subarray(FRAME_BYTES)) {
      insert.run(Buffer.from(rest.toString("latin1", 1, 11), "hex"), Number(option));
      for (const screen of screens) screen.write(`event: outcome\ndata: ${option}\n\n`);
    }
  });
  await once(port, "open");
}
for (const line of lines) await listen(line);

const http = createServer((request, response) => {
  response.socket?.setNoDelay(true);
  if (request.url !== "/events") {
    response.writeHead(200, { "Content-Type": "text/html" }).end(page);
    return;
  }
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.flushHeaders();
  screens.add(response);
});
http.listen(0, "127.0.0.1");
await once(http, "listening");
const address = http.address();
if (address !== null && typeof address === "object") console.log(`floor listening on http://127.0.0.1:${address.port}`);
