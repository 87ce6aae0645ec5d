/** A station's process is put back to a snapshot: its log goes on otherwise than the server knows it. */
import { expect, test } from "vitest";
import { CAN_SNAPSHOT, NO_SNAPSHOT, snapshotOf } from "../venue/copies.ts";
import { openVenue } from "../venue/venue.ts";
import { readLedger, readStationLogs } from "../crash/disks.ts";
import { alarms } from "./alarms.ts";
import { appendBallots } from "./resumed.ts";

test.skipIf(!CAN_SNAPSHOT)(
  `a log that diverges inside: what only its disk has comes as a new log, nothing twice, nothing lost${NO_SNAPSHOT}`,
  async () => {
    const { organiser, server, ...venue } = await openVenue();
    const original = await venue.addKiosk("Foyer");
    const poll = await venue.openPoll([original]);
    await original.vote(1, 3);
    await organiser.tallyToBe(poll.id, [3, 0, 0]);
    const snapshot = await snapshotOf(original.station);
    await original.vote(2, 2);
    await organiser.tallyToBe(poll.id, [3, 2, 0]);
    await original.kill9();
    // What the resumed machine takes, before it has the network again.
    const tail = appendBallots(snapshot, poll.hash, 3, 4);

    const resumed = await venue.addCopy("Resumed", snapshot);
    await organiser.tallyToBe(poll.id, [3, 2, 4]);
    await resumed.vote(1, 1);
    await organiser.tallyToBe(poll.id, [4, 2, 4]);
    await resumed.screenToBe("all to be delivered", ({ link }) => link.safeHere === 0);

    // A restart does not bring it up again.
    await resumed.kill9();
    await resumed.restart();
    await resumed.online();
    await resumed.vote(1, 1);
    await organiser.tallyToBe(poll.id, [5, 2, 4]);

    // One station at a time: nobody is alarmed, and nobody has to decide.
    expect(await alarms(organiser, [resumed])).toEqual([]);
    await organiser.close(poll.id);
    await organiser.certified(poll.id);
    expect((await organiser.tally(poll.id)).counts).toEqual([5, 2, 4]);
    await resumed.screenToBe("nothing wrong", ({ branch, link }) => branch === null && link.safeHere === 0);

    await Promise.all([resumed.kill9(), server.kill9()]);
    const ledger = readLedger(server.data);
    const times = tail.map((record) => [...ledger.logs.values()].flat().filter((held) => held === record).length);
    expect(times).toEqual([1, 1, 1, 1]);
    const last = tail.at(-1) ?? "";
    const moved = [...readStationLogs(resumed.station.data)].find(([, records]) => records.includes(last));
    expect(ledger.logs.get(moved?.[0] ?? "")).toEqual(moved?.[1]);
  },
  60_000,
);

test.skipIf(!CAN_SNAPSHOT)(
  `that is started twice before it has the network again: still one station, and all it took counts${NO_SNAPSHOT}`,
  async () => {
    const { organiser, server, ...venue } = await openVenue();
    const original = await venue.addKiosk("Foyer");
    const poll = await venue.openPoll([original]);
    await original.vote(1, 3);
    await organiser.tallyToBe(poll.id, [3, 0, 0]);
    const snapshot = await snapshotOf(original.station);
    await original.vote(2, 2);
    await organiser.tallyToBe(poll.id, [3, 2, 0]);
    await original.kill9();
    appendBallots(snapshot, poll.hash, 3, 4);

    await server.stop();
    const resumed = await venue.addCopy("Resumed", snapshot);
    await resumed.vote(1, 1);
    await resumed.kill9();
    await resumed.restart();
    await resumed.vote(2, 2);
    await server.restart();
    await organiser.tallyToBe(poll.id, [4, 4, 4]);
    await resumed.vote(1, 1);
    await organiser.tallyToBe(poll.id, [5, 4, 4]);

    expect(await alarms(organiser, [resumed])).toEqual([]);
    await organiser.close(poll.id);
    await organiser.certified(poll.id);
    expect((await organiser.tally(poll.id)).counts).toEqual([5, 4, 4]);
    await Promise.all([resumed.kill9(), server.kill9()]);
    const ledger = readLedger(server.data);
    // Each log ends at the server where it ends on the disk, but for the one that another process wrote, too.
    const others = [...readStationLogs(resumed.station.data)].slice(1);
    expect(others.map(([log]) => ledger.logs.get(log))).toEqual(others.map(([, records]) => records));
  },
  60_000,
);
