/** The rig's own promises, on each host: a station starts with its page, restarts in place, and dies by its id. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./host.ts";

const POLL = { question: "Tea or coffee?", options: ["Tea", "Coffee"], counts: "first" as const };

test("a station is admitted, shows the open poll, and shows it again after kill -9 and a restart", async ({
  server,
  station,
}) => {
  const central = await server.start();
  const kiosk = await station.start({ server: central.url, demo: true });
  await central.organiser.admit(kiosk.url, "Foyer");
  const poll = await central.organiser.createPoll(POLL);
  await central.organiser.open(poll.id);
  await expect(kiosk.page.getByText(POLL.question)).toBeVisible();

  const killed = kiosk.pid;
  expect(await kiosk.kill9()).toMatchObject({ signal: "SIGKILL" });
  await kiosk.restart();
  expect(kiosk.pid).not.toBe(killed);
  await expect(kiosk.page.getByText(POLL.question)).toBeVisible();
  expect(existsSync(join(kiosk.data, "log.sqlite"))).toBe(true);
});

test("SIGTERM ends both programs cleanly within the time they promise", async ({ server, station }) => {
  const central = await server.start();
  const kiosk = await station.start({ server: central.url });
  expect(await kiosk.stop()).toEqual({ code: 0, signal: null });
  expect(await central.stop()).toEqual({ code: 0, signal: null });
});
