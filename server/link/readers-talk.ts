/**
 * What a link of version 2 says of a station's readers: its reports come in, and what an organiser wants of them goes out,
 * on each link anew until it is answered.
 */
import type { MappedReader } from "../../shared/domain/mapping.ts";
import { packReaders } from "../../shared/domain/mapping-bytes.ts";
import type { MappingAnswer } from "../../shared/domain/entry.ts";
import type { StationRow } from "../../shared/domain/projection.ts";
import { FRAME, mappedOf, type FrameOf } from "../../shared/link/frames.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ReaderDesk } from "../readers/reader-desk.ts";
import { addPart, type ReportParts } from "../readers/reader-report.ts";
import type { Outlet } from "./ingest.ts";
import type { Known } from "./known.ts";

export interface ReadersTalkSurroundings {
  ledger: Pick<Ledger, "append">;
  known: Pick<Known, "station">;
  desk: Pick<ReaderDesk, "joined" | "take" | "notStored">;
  /** The list that an act names by its hash; undefined when its words were erased. */
  readerList: (station: string, hash: string) => readonly MappedReader[] | undefined;
}

const ANSWERS = { ok: "taken", conflict: "conflict", "unknown-reader": "unknown-reader" } as const satisfies Record<
  string,
  MappingAnswer
>;

/** A class with fields, as all that each of thousands of links has. */
export class ReadersTalk {
  readonly #around: ReadersTalkSurroundings;
  readonly #out: Outlet;
  readonly #station: string;
  readonly #leave: () => void;
  #parts: ReportParts = null;
  /** The wish asked last on this link, and not answered on it. */
  #asked: number | null = null;
  /** The wish asked last on this link. */
  #lastAsked = 0;

  constructor(around: ReadersTalkSurroundings, out: Outlet, row: StationRow) {
    this.#around = around;
    this.#out = out;
    this.#station = row.station;
    this.#leave = around.desk.joined(row.station);
    this.onStation(row);
  }

  onStation({ wish }: StationRow): void {
    if (wish === null || wish.answer !== null || wish.cursor === this.#lastAsked) return;
    const readers = this.#around.readerList(this.#station, wish.hash);
    if (readers === undefined) return;
    this.#lastAsked = wish.cursor;
    this.#asked = wish.cursor;
    this.#around.desk.notStored(this.#station, null);
    this.#out.send([FRAME.mapping, wish.cursor, wish.base, packReaders(readers)]);
  }

  readers(frame: FrameOf<"readers">): void {
    const { parts, report } = addPart(this.#parts, frame);
    this.#parts = parts;
    if (report !== null) this.#around.desk.take(this.#station, report);
  }

  mapped([, change, code]: FrameOf<"mapped">): void {
    // Whatever else it answers, nobody wants to know: it was replaced, or never asked here.
    if (change !== this.#asked) return;
    this.#asked = null;
    const said = mappedOf(code);
    const wish = this.#around.known.station(this.#station)?.wish;
    if (said === undefined || wish?.cursor !== change || wish.answer !== null) return;
    if (said === "not-stored") return this.#around.desk.notStored(this.#station, change);
    const station = this.#station;
    void this.#around.ledger
      .append({ kind: "mapping-answered", station, wish: change, answer: ANSWERS[said] })
      // On the next link it is asked again, and says that it is so already.
      .then((appended) => appended.ok || this.#out.close("trouble"));
  }

  leave(): void {
    this.#leave();
  }
}
