/** For tests: a journal at its most talkative, and all it wrote and told. */
import { createJournal, type Journal } from "../../shared/journal/journal.ts";
import { SERVER_EVENTS, type ServerEvents } from "../../shared/journal/server-events.ts";

export interface HeardJournal extends Journal<ServerEvents> {
  /** Each line, to be searched. */
  heard(): string;
  events(): string[];
}

export function createHeardJournal(): HeardJournal {
  const lines: string[] = [];
  const events: string[] = [];
  const journal = createJournal({
    catalogue: SERVER_EVENTS,
    level: "debug",
    monotonicMs: () => performance.now(),
    setTimer: () => () => {},
    write(level, line) {
      events.push(line.event);
      lines.push(JSON.stringify({ level, ...line }));
    },
    tell: (words) => void lines.push(words),
  });
  return { ...journal, heard: () => lines.join("\n"), events: () => events };
}
