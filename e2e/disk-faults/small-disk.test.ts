/** Both programs on a real disk of a few hundred kilobytes: full while they run, full and read-only when they start. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SERVER, STATION, expectOneLine, startInVain } from "../bad-start/refusal.ts";
import { startServerProgram } from "../rig/server-program.ts";
import { startStationProgram } from "../rig/station-program.ts";
import { openKiosk } from "../venue/kiosk.ts";
import { until } from "../rig/within.ts";
import { openHall } from "./shown.ts";
import { CAN_MOUNT, NO_MOUNT, openSmallDisk } from "./small-disk.ts";

const KIB = 1_024;
/** A pass phrase that the set-up takes, so that a file has to be written. */
const PASSWORD = "correct horse battery staple";

test.skipIf(!CAN_MOUNT)(
  `on a full disk acts and votes are refused in words, no file stands half, and all goes on when there is room${NO_MOUNT}`,
  async () => {
    const serverDisk = openSmallDisk(KIB);
    const stationDisk = openSmallDisk(KIB);
    for (const disk of [serverDisk, stationDisk]) onTestFinished(disk.unmount);
    const server = await startServerProgram({ data: join(serverDisk.folder, "data") });
    onTestFinished(async () => void (await server.kill9()));
    const kiosk = await openKiosk(server, "Foyer", join(stationDisk.folder, "data"));
    onTestFinished(kiosk.close);
    const hall = await openHall({ server, kiosk });

    serverDisk.fill();
    const before = readdirSync(server.data).toSorted();
    const title = await server.organiser.request("PUT", "/event", { title: "A title ".repeat(10) });
    expect(title.status).toBe(503);
    expect(await title.text()).toMatch(/not-stored.*Free some space on that disk/);
    expect(readdirSync(server.data).toSorted()).toEqual(before);
    for (let people = 0; people < 3; people++) await hall.tapUntilStored();

    stationDisk.fill();
    await until("the station's disk to be told full", async () => (await hall.tap()) === "not-stored");
    await hall.kiosk.screenToBe("the disk is failing", ({ disk }) => disk.reason?.code === "disk-full");
    serverDisk.free();
    stationDisk.free();
    await hall.kiosk.screenToBe("the disk is good", ({ disk }) => disk.state === "good");
    await hall.tapUntilStored();
    await hall.expectCounted();
  },
  60_000,
);

test.skipIf(!CAN_MOUNT)(
  `on a full or read-only disk neither program starts: it says why, leaves no half file, and starts when there is room${NO_MOUNT}`,
  async () => {
    for (const entry of [SERVER, STATION]) {
      const disk = openSmallDisk(KIB);
      onTestFinished(disk.unmount);
      const args = ["--data", disk.folder, "--port", "0"];
      disk.fill();
      const left = readdirSync(disk.folder);
      const full = await startInVain(entry, args, { POLLING_STATION_ADMIN_PASSWORD: PASSWORD });
      expectOneLine(full, disk.folder, /ENOSPC|full/, /[Ff]ree/);
      expect(readdirSync(disk.folder).filter((name) => !left.includes(name) && name.endsWith(".new"))).toEqual([]);
      disk.free();
      disk.makeReadOnly();
      expectOneLine(await startInVain(entry, args), disk.folder, /EROFS|read-only/, /writable/);
      disk.makeWritable();
      const data = disk.folder;
      const started = await (entry === SERVER
        ? startServerProgram({ data })
        : startStationProgram({ server: "http://127.0.0.1:9", data }));
      await started.stop();
    }
  },
  60_000,
);
