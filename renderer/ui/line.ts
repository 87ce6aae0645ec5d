/** A page's line to its station: one EventSource at a time, every message parsed once, strictly. Decides nothing. */
import * as v from "valibot";

// The station is on this machine: 10 s is soon enough for people, and seldom enough for a machine that restarts.
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/** What is listened for: the names of the messages, and what each must be. */
export interface LineNews<News> {
  readonly kinds: readonly string[];
  readonly schema: v.GenericSchema<unknown, News>;
}

export interface LineEnds<News> {
  readonly onNews: (news: News) => void;
  readonly onLine: (line: "up" | "lost") => void;
  /** A message no version of this page understands; it shows nothing. */
  readonly onGarbage: (why: string) => void;
  readonly openSource: (url: string) => LineSource;
}

/** The part of EventSource that is used here. */
export interface LineSource {
  readonly readyState: number;
  addEventListener(kind: string, listener: (message: MessageEvent<unknown>) => void): void;
  close(): void;
}

// EventSource.CLOSED, which a test without a browser does not have.
const CLOSED = 2;

/** Opens the line and keeps it open until the returned function is called. */
export function keepLine<News>(url: string, { kinds, schema }: LineNews<News>, ends: LineEnds<News>): () => void {
  let source: LineSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = FIRST_RETRY_MS;

  const reopen = (): void => {
    source?.close();
    source = null;
    clearTimeout(timer);
    // Half to full, so that screens of one station do not come back in step.
    timer = setTimeout(open, retryMs * (0.5 + Math.random() / 2));
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  };

  const take = (message: MessageEvent<unknown>): void => {
    const parsed = parseNews(schema, message.data);
    if (parsed.ok) {
      // Only news that made sense proves the line good; else a poisoned stream would be reopened in a tight loop.
      retryMs = FIRST_RETRY_MS;
      ends.onNews(parsed.news);
      return;
    }
    ends.onGarbage(parsed.why);
    reopen();
  };

  function open(): void {
    const opened = ends.openSource(url);
    source = opened;
    opened.addEventListener("open", () => ends.onLine("up"));
    opened.addEventListener("error", () => {
      if (opened !== source) return;
      ends.onLine("lost");
      // While CONNECTING the browser retries by itself and resumes with Last-Event-ID, which a new source cannot.
      if (opened.readyState === CLOSED) reopen();
    });
    for (const kind of kinds) {
      opened.addEventListener(kind, (message: MessageEvent<unknown>) => {
        if (opened === source) take(message);
      });
    }
  }

  open();
  return () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
}

type Parsed<News> = { ok: true; news: News } | { ok: false; why: string };

function parseNews<News>(schema: v.GenericSchema<unknown, News>, data: unknown): Parsed<News> {
  if (typeof data !== "string") return { ok: false, why: "an event without text" };
  try {
    const parsed = v.safeParse(schema, JSON.parse(data));
    if (parsed.success) return { ok: true, news: parsed.output };
    return {
      ok: false,
      why: parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "event"}: ${issue.message}`).join("; "),
    };
  } catch (error) {
    return { ok: false, why: String(error) };
  }
}
