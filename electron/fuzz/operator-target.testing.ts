/** What a page, or whoever says to be one, asks of the operator's panel, fuzzed. For tests only. */
import type { FastifyInstance } from "fastify";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateText } from "../../shared/fuzz/mutate-text.testing.ts";
import { mutateTree, type Tree } from "../../shared/fuzz/mutate-tree.testing.ts";

const ACTIONS: Tree[] = [
  { kind: "listen", ask: true, target: { kind: "slot", slot: 3 } },
  { kind: "assign", id: "serial:usb-1", target: { kind: "option", poll: "0".repeat(32), option: 2 } },
  { kind: "set-format", id: "pcsc:x", format: { technology: "lf", digits: "auto", reversed: true } },
  { kind: "set-server", address: "https://votes.example:7070" },
  { kind: "change-pin", pin: "4711" },
  { kind: "leave" },
];

/** @param http of a station whose operator lets nobody in */
export function operatorTargets(http: FastifyInstance): Target[] {
  return [
    postTarget(http, "the panel's actions", "/operator/actions", ACTIONS, ["400", "401"]),
    postTarget(http, "PINs", "/operator/session", [{ pin: "4711" }, { pin: "123456789012" }], ["400", "503"]),
  ];
}

function postTarget(http: FastifyInstance, name: string, url: string, samples: Tree[], outcomes: string[]): Target {
  return {
    name,
    outcomes,
    next(random) {
      const sample = random.pick(samples) ?? null;
      const payload = random.oneIn(2)
        ? mutateText(random, [JSON.stringify(sample)])
        : JSON.stringify(mutateTree(random, sample, samples) ?? null);
      return {
        shown: () => payload,
        async attempt() {
          const headers = { host: "localhost", "content-type": "application/json" };
          const { statusCode, body } = await http.inject({ method: "POST", url, headers, payload });
          must([...outcomes, "413"].includes(String(statusCode)), `nothing else is answered: ${statusCode} ${body}`);
          must(body.length < 1_000, "what is wrong is not repeated without bound");
          return String(statusCode);
        },
      };
    },
  };
}
