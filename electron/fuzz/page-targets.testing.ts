/** What a page, or whoever says to be one, sends to the station's local server, fuzzed. For tests only. */
import type { FastifyInstance } from "fastify";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateText } from "../../shared/fuzz/mutate-text.testing.ts";
import { mutateTree, type Tree } from "../../shared/fuzz/mutate-tree.testing.ts";
import type { DemoTap, Touch } from "../../shared/events/stream.ts";
import { isLocalHost } from "../screen/local-host.ts";
import { createPageGate } from "../screen/page-gate.ts";
import { createScreen, type Screen } from "../screen/screen.ts";

const BOOT = "c0ffee";
const TOKEN = "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE";

export function pageTargets(): Target[] {
  return [lastIdTarget(), gateTarget(), hostTarget()];
}

export function newScreen(): Screen {
  return createScreen(BOOT, {
    title: "",
    demo: false,
    poll: null,
    tally: null,
    link: { state: "connecting", safeHere: 0, code: null, reason: null },
    disk: { state: "good", reason: null },
    damage: null,
    branch: null,
    over: false,
    readers: [],
    testing: false,
    setUp: "done",
    touch: null,
  });
}

/** A screen that comes back gets what it missed, or all of it. */
function lastIdTarget(): Target {
  const screen = newScreen();
  for (let number = 1; number <= 20; number++) screen.publish({ kind: "title", title: `Title ${number}` });
  return {
    name: "Last-Event-ID at the station",
    outcomes: ["resumed", "snapshot"],
    next(random) {
      const lastId = mutateText(random, [`${BOOT}-20`, `${BOOT}-7`, `${BOOT}-0`, "beef-7", ""]);
      return {
        shown: () => JSON.stringify(lastId),
        attempt() {
          let told = "";
          const looking = screen.join({ write: (text) => (told += text), waitingBytes: () => 0 }, lastId);
          looking.onRoom();
          looking.leave();
          if (!told.startsWith(":resumed")) {
            must(told.includes("event: snapshot"), "who cannot resume gets all of it");
            return "snapshot";
          }
          const seen = Number(lastId.slice(BOOT.length + 1));
          must(told.split("event: title").length - 1 === 20 - seen, "who resumes gets what it missed, once");
          return "resumed";
        },
      };
    },
  };
}

function gateTarget(): Target {
  const judge = createPageGate(TOKEN);
  return {
    name: "the page's token and cookie",
    outcomes: ["pass", "welcome", "refuse"],
    next(random) {
      const url = mutateText(random, [`/?token=${TOKEN}`, "/events", "/healthz", `/?token=${TOKEN}&x=1`]);
      const cookie = mutateText(random, [`station-page=${TOKEN}`, `a=b; station-page=${TOKEN}`, "a=b"]);
      return {
        shown: () => JSON.stringify({ url, cookie }),
        attempt() {
          const { kind } = judge({ method: "GET", url, cookie });
          const knows = cookie.includes(TOKEN) || url.split("?", 1)[0] === "/healthz";
          must(kind !== "pass" || knows, "nobody passes without the token");
          const shown = new URLSearchParams(url.split("?", 2)[1]).get("token");
          must(kind !== "welcome" || shown === TOKEN, "nor is welcome");
          return kind;
        },
      };
    },
  };
}

function hostTarget(): Target {
  return {
    name: "the Host header at the station",
    outcomes: ["local", "foreign"],
    next(random) {
      const host = mutateText(random, ["localhost:7071", "127.0.0.1", "[::1]:80", "evil.example"]);
      return {
        shown: () => JSON.stringify(host),
        attempt() {
          if (!isLocalHost(host)) return "foreign";
          must(/^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host), "only this computer's names are local");
          return "local";
        },
      };
    },
  };
}

/** @param touches what the station was told of */
export function touchTarget(http: FastifyInstance, touches: Touch[]): Target {
  const sample: Tree = { poll: "5b1e", option: 2 };
  return {
    name: "touches of an answer",
    outcomes: ["202", "400"],
    next(random) {
      const body = random.oneIn(2)
        ? mutateText(random, [JSON.stringify(sample)])
        : mutateTree(random, sample, [sample]);
      const payload = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
      return {
        shown: () => payload,
        async attempt() {
          touches.length = 0;
          const headers = { "content-type": "application/json" };
          const { statusCode } = await http.inject({ method: "POST", url: "/touches", headers, payload });
          must(statusCode < 500, "no touch is the station's own fault");
          must((statusCode === 202) === (touches.length === 1), "what is taken is told, and nothing else");
          for (const { poll, option } of touches)
            must(option >= 1 && option <= 50 && poll.length <= 64, "a touch is one");
          return String(statusCode);
        },
      };
    },
  };
}

/** @param taps what the station was told of */
export function tapTarget(http: FastifyInstance, taps: DemoTap[]): Target {
  const sample: Tree = { slot: 1, uid: "04A1B2C3D4" };
  return {
    name: "virtual taps",
    outcomes: ["202", "400"],
    next(random) {
      const body = random.oneIn(2)
        ? mutateText(random, [JSON.stringify(sample)])
        : mutateTree(random, sample, [sample]);
      const payload = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
      return {
        shown: () => payload,
        async attempt() {
          taps.length = 0;
          const headers = { "content-type": "application/json" };
          const { statusCode } = await http.inject({ method: "POST", url: "/demo/taps", headers, payload });
          must(statusCode < 500, "no tap is the station's own fault");
          must((statusCode === 202) === (taps.length === 1), "what is taken is told, and nothing else");
          for (const { slot, uid } of taps)
            must((slot === null || (slot >= 1 && slot <= 50)) && uid.length <= 20, "a tap is one");
          return String(statusCode);
        },
      };
    },
  };
}
