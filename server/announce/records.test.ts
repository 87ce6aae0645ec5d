import { expect, test } from "vitest";
import { serviceRecords } from "./records.ts";

const URLS = ["https://192.168.1.5:7070", "https://[2001:db8::5]:7070"];

test("a server tells its service, its port, how it is spoken to, and every address it has", () => {
  const { answers, additionals } = serviceRecords({ urls: URLS, host: "hall.local" });
  const name = "hall local._polling-station._tcp.local";
  const target = "hall-local-polling-station.local";
  expect(answers).toMatchObject([{ type: "PTR", name: "_polling-station._tcp.local", data: name }]);
  expect(additionals).toMatchObject([
    { type: "SRV", name, data: { target, port: 7070 } },
    { type: "TXT", name, data: ["v=1", "tls=1", "path=/link"] },
    { type: "A", name: target, data: "192.168.1.5" },
    { type: "AAAA", name: target, data: "2001:db8::5" },
  ]);
});

test("a port that the scheme has by itself is told all the same", () => {
  const portOf = (url: string) => serviceRecords({ urls: [url], host: "h" }).additionals[0];
  expect(portOf("https://192.168.1.5")).toMatchObject({ data: { port: 443 } });
  expect(portOf("http://127.0.0.1")).toMatchObject({ data: { port: 80 } });
});

test("a computer with a name that no label holds is told under another", () => {
  const named = (host: string) => serviceRecords({ urls: URLS, host }).answers[0]?.name;
  const label = (host: string) => String(serviceRecords({ urls: URLS, host }).additionals[0]?.name);
  expect(named("x".repeat(200))).toBe("_polling-station._tcp.local");
  expect(label("x".repeat(200))).toBe(`${"x".repeat(63)}._polling-station._tcp.local`);
  expect(label("\u0000\u202e")).toBe("server._polling-station._tcp.local");
  expect(Buffer.byteLength(label("ü".repeat(60)).split("._", 1)[0] ?? "")).toBe(62);
});
