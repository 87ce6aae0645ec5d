/**
 * The one door between the page and the shell. Only the top frame of our own window, at the station's own address, is
 * heard; what it says is bounded and parsed. All else is dropped, with a line now and then.
 */
import {
  HOST_CHANNEL,
  MAX_HOST_MESSAGE_CHARACTERS,
  parsePageMessage,
  type HostMessage,
  type PageMessage,
} from "../../shared/host/messages.ts";
import type { Clock } from "../clock.ts";
import { createSeldom } from "./seldom.ts";

/** A page says one message each two seconds; this many in a second leaves room for a start, and none for a flood. */
const MOST_IN_A_SECOND = 20;
const SECOND_MS = 1_000;

interface Heard {
  readonly sender: unknown;
  /** Null when the frame is gone already. */
  readonly senderFrame: { readonly origin: string; readonly parent: unknown } | null;
}

/** The part of Electron's IpcMain that is needed; main.ts passes the real one, which proves that it fits. */
export interface HostDoor {
  on(channel: string, listener: (event: Heard, ...args: unknown[]) => void): unknown;
}

/** The part of Electron's WebContents that is told something. */
interface HostPage {
  send(channel: string, text: string): void;
}

interface Ends {
  page: HostPage;
  /** Where the page is, such as `http://127.0.0.1:7071`. */
  origin: string;
  onMessage(message: PageMessage): void;
  say(line: string): void;
  monotonicMs: Clock["monotonicMs"];
}

/** Listen for the page. @returns the way to tell it something */
export function openHostDoor(door: HostDoor, ends: Ends): (message: HostMessage) => void {
  const dropped = createSeldom((line) => ends.say(line), ends.monotonicMs);
  let windowMs = -Infinity;
  let inWindow = 0;
  const tooMany = () => {
    const nowMs = ends.monotonicMs();
    if (nowMs - windowMs >= SECOND_MS) {
      windowMs = nowMs;
      inWindow = 0;
    }
    return ++inWindow > MOST_IN_A_SECOND;
  };
  door.on(HOST_CHANNEL, (event, ...args) => {
    const stranger = whyStranger(event, ends);
    if (stranger !== undefined) return dropped(`A message to the shell was dropped: it came from ${stranger}.`);
    if (tooMany()) return dropped("A message of the page was dropped: it sends too many.");
    const message = args.length === 1 ? parsePageMessage(args[0]) : undefined;
    // Not what it said: it may be long, and whoever made it up would choose what stands in the log.
    if (message === undefined) return dropped(`A message of the page was dropped: ${whatIsWrong(args)}.`);
    return ends.onMessage(message);
  });
  return (message) => ends.page.send(HOST_CHANNEL, JSON.stringify(message));
}

function whyStranger({ sender, senderFrame }: Heard, { page, origin }: Ends): string | undefined {
  if (sender !== page) return "another window";
  if (senderFrame === null) return "a frame that is gone";
  if (senderFrame.parent !== null) return "a frame inside the page";
  if (senderFrame.origin !== origin) return "another address";
  return undefined;
}

function whatIsWrong(args: readonly unknown[]): string {
  const [text] = args;
  if (args.length !== 1 || typeof text !== "string") return "it is not one text";
  if (text.length > MAX_HOST_MESSAGE_CHARACTERS) return `it is ${text.length} characters long`;
  return "it is none that this version knows";
}
