/** What comes over the local network, what an operator types or scans, and what was kept of it, fuzzed. For tests only. */
import { SERVICE } from "../../shared/discovery/service.ts";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateText } from "../../shared/fuzz/mutate-text.testing.ts";
import { mutateTree, type Tree } from "../../shared/fuzz/mutate-tree.testing.ts";
import { inEnglish } from "../../shared/sentences/sentence.ts";
import { readFound } from "../discovery/found-servers.ts";
import { readServerAddress } from "../discovery/server-address.ts";
import { networkHint } from "../network/connectivity.ts";
import { readSettingsText } from "../operator/settings.ts";
import { mustBeLine } from "./reader-targets.testing.ts";

export function networkTargets(): Target[] {
  return [addressTarget(), foundTarget(), hintTarget(), settingsTarget()];
}

/** An address as the link takes it. */
export function mustBeServer(server: string): void {
  const url = new URL(server);
  must(url.origin === server, "a server is an origin and nothing more");
  const near = url.protocol === "http:" && /^(localhost|\[::1\]|127(\.\d+){3})$/.test(url.hostname);
  must(url.protocol === "https:" || near, "beyond this machine the link is encrypted");
}

const ADDRESSES = [
  "votes.example",
  "votes.example:7070",
  " https://192.168.1.5:7070/console?x#y",
  "wss://[fe80::1]:1",
  "ws://localhost",
  "http://127.0.0.1:7070",
  "fe80::1",
  "user:word@host",
];

function addressTarget(): Target {
  return {
    name: "a server's address",
    outcomes: ["read", "refused"],
    next(random) {
      const typed = mutateText(random, ADDRESSES);
      return {
        shown: () => JSON.stringify(typed),
        attempt() {
          const read = readServerAddress(typed);
          if (!read.ok) return mustBeLine(inEnglish(read.fault));
          mustBeServer(read.url);
          const again = readServerAddress(read.url);
          must(again.ok && again.url === read.url, "what was read is read the same again");
          return "read";
        },
      };
    },
  };
}

const INSTANCE = `Hall 3.${SERVICE}`;
const PACKET: Tree = {
  answers: [{ type: "PTR", name: SERVICE, data: INSTANCE }],
  additionals: [
    { type: "SRV", name: INSTANCE, data: { target: "hall.local", port: 7070 } },
    { type: "TXT", name: INSTANCE, data: ["v=1", "tls=1", "path=/link"] },
    { type: "A", name: "hall.local", data: "192.168.1.5" },
    { type: "AAAA", name: "hall.local", data: "2001:db8::5" },
  ],
};

function foundTarget(): Target {
  return {
    name: "what the network says of servers",
    outcomes: ["found", "nothing"],
    next(random) {
      const packet = mutateTree(random, PACKET, [PACKET]);
      return {
        shown: () => JSON.stringify(packet),
        attempt() {
          const found = readFound(asDecoded(packet));
          must(found.length <= 512, "no packet brings servers without bound");
          for (const { address, name } of found) {
            mustBeServer(address);
            must(name.length > 0 && name.length <= 63 && !/[\p{Cc}\p{Cf}]/u.test(name), "a name is a line");
          }
          return found.length > 0 ? "found" : "nothing";
        },
      };
    },
  };
}

/** The strings of a TXT record come as bytes. */
function asDecoded(packet: Tree): unknown {
  return JSON.parse(JSON.stringify(packet ?? null), (key, value: unknown) =>
    key === "data" && Array.isArray(value)
      ? value.map((text) => new TextEncoder().encode(typeof text === "string" ? text : JSON.stringify(text)))
      : value,
  );
}

function hintTarget(): Target {
  const sample: Tree = { Connectivity: { signature: "u", value: 4 }, State: { signature: "u", value: 70 } };
  return {
    name: "NetworkManager's properties",
    outcomes: ["full", "unknown"],
    next(random) {
      const properties = mutateTree(random, sample, [sample]);
      return { shown: () => JSON.stringify(properties), attempt: () => networkHint(properties) };
    },
  };
}

function settingsTarget(): Target {
  const pin = { n: 32_768, salt: "0".repeat(32), hash: "f".repeat(64) };
  const sample: Tree = { pin, tries: { wrong: 2, waited: true }, server: "https://votes.example:7070", testing: false };
  return {
    name: "the operator's settings",
    outcomes: ["read", "refused"],
    next(random) {
      const text = random.oneIn(2)
        ? mutateText(random, [JSON.stringify(sample)])
        : JSON.stringify(mutateTree(random, sample, [sample]) ?? null);
      return {
        shown: () => text,
        attempt() {
          try {
            const read = readSettingsText(text);
            if (read.server !== null) mustBeServer(read.server);
            const again = readSettingsText(JSON.stringify(read));
            must(JSON.stringify(again) === JSON.stringify(read), "what was read is read the same again");
            return "read";
          } catch (error) {
            const named = error instanceof SyntaxError || (error instanceof Error && error.name === "ValiError");
            must(named, `what is no settings file is refused by name: ${String(error)}`);
            return "refused";
          }
        },
      };
    },
  };
}
