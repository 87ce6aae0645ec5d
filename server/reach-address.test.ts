import type { NetworkInterfaceInfo } from "node:os";
import { expect, test } from "vitest";
import { reachedAt } from "./reach-address.ts";

const at = (address: string, internal = false): NetworkInterfaceInfo => {
  const both = { address, netmask: "", mac: "", cidr: null, internal };
  return address.includes(":") ? { ...both, family: "IPv6", scopeid: 0 } : { ...both, family: "IPv4" };
};
const HALL = {
  lo: [at("127.0.0.1", true), at("::1", true)],
  eth0: [at("fe80::1"), at("2001:db8::7"), at("192.168.1.5")],
  wlan0: [at("10.0.0.7"), at("169.254.3.4")],
};

test.each([
  ["0.0.0.0", "https://127.0.0.1:7070", ["https://192.168.1.5:7070", "https://10.0.0.7:7070"]],
  ["::", "https://[::]:80", ["https://192.168.1.5:80", "https://10.0.0.7:80", "https://[2001:db8::7]:80"]],
  ["192.168.1.5", "https://192.168.1.5:7070", ["https://192.168.1.5:7070"]],
  ["localhost", "http://127.0.0.1:7070", ["http://127.0.0.1:7070"]],
])("a server on %s, which says %s, is reached at %j", (host, url, urls) => {
  expect(reachedAt(url, host, HALL)).toEqual(urls);
});

test("without a network it is reached from its own computer", () => {
  expect(reachedAt("https://0.0.0.0:7070", "0.0.0.0", { lo: HALL.lo })).toEqual(["https://127.0.0.1:7070"]);
});
