import { createServer, type RequestListener } from "node:http";
import { createServer as createSocketServer, type AddressInfo, type Server } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createManualClock } from "../clock.testing.ts";
import { probeServer } from "./probe.ts";
import { createServerProbe } from "./server-probe.ts";

const open: Server[] = [];
afterEach(() => open.splice(0).forEach((server) => server.close()));

async function listen(server: Server): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}
const answering = (answer: RequestListener) => listen(createServer(answer));
const probe = (address: string) => probeServer(address, new AbortController().signal);
const HEALTH = { status: "degraded", cursor: 7, stations: 2, uptimeS: 3, parts: {}, more: true };

describe("what answers at an address", () => {
  test("is our server when it answers as one does, well or not, also a newer one", async () => {
    for (const code of [200, 503]) {
      const address = await answering((_, response) => response.writeHead(code).end(JSON.stringify(HEALTH)));
      expect(await probe(address)).toBe("answers");
    }
  });

  test.each([
    ["a page", "<html>Log in to the hotel's network</html>"],
    ["a station", JSON.stringify({ status: "ok", link: "online", safeHere: 0 })],
    ["a flood", "x".repeat(1_000_000)],
  ])("is another when it is %s", async (_what, body) => {
    expect(await probe(await answering((_request, response) => response.end(body)))).toBe("other");
  });

  test("is another when it speaks no HTTP, or no TLS where that is asked", async () => {
    const address = await listen(
      createSocketServer((socket) => void socket.on("error", () => {}).end("SSH-2.0-x\r\n")),
    );
    expect(await probe(address)).toBe("other");
    const plain = await answering((_, response) => response.end("{}"));
    expect(await probe(plain.replace("http:", "https:"))).toBe("other");
  });

  test("is nobody when nothing listens, when the connection breaks, and when it is given up", async () => {
    const gone = createServer();
    const address = await listen(gone);
    await new Promise((resolve) => void gone.close(resolve));
    expect(await probe(address)).toBe("silent");
    const broken = await answering((_, response) => {
      response.write('{"status":');
      response.destroy();
    });
    expect(await probe(broken)).toBe("silent");
    const stop = new AbortController();
    const asked = probeServer(await answering(() => {}), stop.signal);
    stop.abort();
    expect(await asked).toBe("silent");
  });
});

describe("the probe", () => {
  function start() {
    const clock = createManualClock();
    const asked: string[] = [];
    const state = {
      address: "https://a:1",
      online: false,
      answer: "silent" as "silent" | "answers",
      told: 0,
      slow: Promise.resolve(),
    };
    const keeper = createServerProbe({
      ask: async (address) => {
        asked.push(address);
        const { answer } = state;
        await state.slow;
        return answer;
      },
      address: () => state.address,
      online: () => state.online,
      setTimer: clock.setTimer,
      onProbed: () => void state.told++,
    });
    const settle = async () => {
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    };
    return { clock, asked, state, keeper, settle };
  }

  test("asks only while somebody looks, again and again", async () => {
    const { clock, asked, keeper, settle } = start();
    expect(keeper.now()).toBe("unknown");
    const [one, two] = [keeper.look(), keeper.look()];
    await settle();
    expect([asked.length, keeper.now()]).toEqual([1, "silent"]);
    one();
    clock.goOn(5_000);
    await settle();
    expect(asked).toHaveLength(2);
    two();
    clock.goOn(60_000);
    await settle();
    expect([asked.length, clock.set()]).toEqual([2, 0]);
  });

  test("asks nobody while the link is up, for then the server answers", async () => {
    const { asked, state, keeper, settle } = start();
    state.online = true;
    keeper.look();
    await settle();
    expect([asked, keeper.now()]).toEqual([[], "answers"]);
  });

  test("forgets what it found of an address that is no longer it, also when the answer comes late", async () => {
    const { asked, state, keeper, settle } = start();
    const late = Promise.withResolvers<void>();
    state.slow = late.promise;
    keeper.look();
    state.address = "https://b:1";
    state.answer = "answers";
    state.slow = Promise.resolve();
    keeper.renew();
    expect(keeper.now()).toBe("unknown");
    await settle();
    late.resolve();
    await settle();
    expect([asked, keeper.now()]).toEqual([["https://a:1", "https://b:1"], "answers"]);
  });
});
