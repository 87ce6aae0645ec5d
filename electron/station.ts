/**
 * The station: composition root. `compose` is the way of a vote, from a reader's bytes to the screen; each piece of the way
 * is put together in station/. The hosts (Electron, headless) start it and show its page.
 */
import { fromHex } from "../shared/bytes.ts";
import { eventStanding, namesOf } from "./identity/event-standing.ts";
import { openOperator } from "./operator/open-operator.ts";
import { hashPin } from "./operator/pin-hash.ts";
import { damageView } from "./screen/damage-view.ts";
import { createHttp, listenLocally } from "./screen/http.ts";
import type { StationOptions } from "./station-options.ts";
import { openReaders } from "./station/at-readers.ts";
import { type Ground, LOG_FILE, openDirectory, prepare } from "./station/ground.ts";
import { createShown } from "./station/shown.ts";
import { createToDisk } from "./station/to-disk.ts";
import { createToServer } from "./station/to-server.ts";

export interface Station {
  /** Where the page is. */
  url: string;
  /** The window it is shown in said this of itself. */
  windowTrouble(line: string): void;
  stop(): Promise<void>;
}

/** Start everything; resolves when the page can be opened. Throws `StationUnusable`. */
export async function startStation(options: StationOptions): Promise<Station> {
  const opened = await openDirectory(options);
  try {
    const ground = prepare(opened);
    const parts = compose(ground);
    return await start(ground, parts, await takeUp(ground, parts));
  } catch (error) {
    // Its thread would keep the program alive that is about to say why it cannot start.
    await opened.log.close();
    await opened.watch.close();
    throw error;
  }
}

type Parts = ReturnType<typeof compose>;

/** What hands what to whom. Nothing of it is at work yet. */
function compose(ground: Ground) {
  const { options, identity, log, watch } = ground;

  const shown = createShown(
    ground,
    () => toDisk.touchVotes.look(),
    () => void toDisk.drain.look(),
  );
  const atReaders = openReaders(ground, shown, (tap, place) => void toDisk.box.cast(tap, place));
  const toDisk = createToDisk(ground, shown, {
    sign: () => toServer.sign,
    signal: atReaders.readers.signal,
    onTestTap: (option) => operator.onTestTap(option),
    onLeft: (ballot, bytes) => toServer.outbox.coming(ballot, bytes),
    onStored: (place, record) => toServer.outbox.stored(place, record),
  });
  const toServer = createToServer(ground, shown, atReaders, toDisk, {
    serverAddress: () => operator.serverAddress(),
    onEnrolled: () => operator.lookAtSetUp(),
  });
  const operator = openOperator({
    directory: options.directory,
    server: options.server,
    settings: ground.settings,
    clock: options.clock,
    desk: atReaders.desk,
    screen: shown.screen,
    lfBits: ground.eventSettings.lfBits,
    serverClock: toServer.measured,
    logMs: ground.logClock.nowMs,
    event: () => eventStanding(identity),
    versions: () => ({ software: options.software, ...namesOf(identity) }),
    probeDisk: log.probe,
    onDisk: shown.disk.heard,
    onServer: toServer.link.redial,
    onTesting() {
      toDisk.touchVotes.drop();
      toServer.readersAfar.look();
    },
    hashPin,
    note: watch.note,
  });

  // The log's file was opened anew: what is there holds, and this is another opening of it.
  log.onReopened(() => {
    toServer.outbox.clear();
    toDisk.own.reopened();
    toServer.clockKeeper.renew();
    toServer.link.drop();
    shown.asides.look();
    toServer.joining.again();
  });
  return { ...shown, ...atReaders, ...toDisk, ...toServer, operator };
}

/** What the last run left is gone on with. Gives back whether the station belongs to an event. */
async function takeUp({ identity }: Ground, { joining, forgetting, drain, sign }: Parts): Promise<boolean> {
  const enrolled = identity.enrolment();
  if (enrolled !== undefined) await joining.join(enrolled.event);
  await forgetting.finish();
  void drain.look();
  if (identity.revoked.isSet()) sign.revoked();
  sign.count();
  return enrolled !== undefined;
}

async function start(ground: Ground, parts: Parts, enrolled: boolean): Promise<Station> {
  const { options, log, watch } = ground;
  const { readers, link, asides, clockKeeper } = parts;
  const http = await openPage(ground, parts);
  const url = await listenLocally(http, options.port);
  readers.start();
  link.start();
  const stopAsides = asides.start();
  const stopWatch = ground.logClock.watch(() => {
    clockKeeper.renew();
    link.measureAgain();
    watch.note("clock.renewed");
  });
  const facts = { readers: parts.mapping.readers().length, demo: options.demo, enrolled };
  watch.started({ ...facts, waiting: parts.outbox.waiting() });

  return {
    url,
    windowTrouble: watch.onWindow,
    async stop() {
      watch.stopping();
      parts.operator.stop();
      await parts.desk.stop();
      await readers.stop();
      await Promise.all([link.stop(), http.close()]);
      stopWatch();
      parts.drain.stop();
      parts.touchVotes.stop();
      parts.disk.stop();
      stopAsides();
      parts.joining.stop();
      parts.sign.stop();
      parts.board.stop();
      await log.close();
      await watch.close();
    },
  };
}

/** The page's local server. */
function openPage({ options, log, watch }: Ground, parts: Parts) {
  const { screen, disk, asides, sign, outbox, readers, virtual, measured } = parts;
  const watched = watch.of({
    logFile: LOG_FILE,
    disk: disk.now,
    damage: () => damageView(asides.now(), log.rescued()),
    link: sign.state,
    isRevoked: sign.isRevoked,
    clockMeasured: () => measured() !== null,
    waiting: outbox.waiting,
    readers: readers.count,
    lookers: screen.lookers,
    sealed: options.seal !== null,
  });
  return createHttp({
    screen,
    pages: options.pages,
    token: options.token,
    setTicker: options.clock.setTicker,
    watch: watched,
    touched: parts.touchVotes.touched,
    operator: parts.operator,
    demoTap: options.demo ? ({ slot, uid }) => virtual.tap(slot, fromHex(uid) ?? new Uint8Array()) : null,
  });
}
