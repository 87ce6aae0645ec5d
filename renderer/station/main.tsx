/** Composition root of the kiosk page: the line feeds the store, the store feeds the screen and the speaker. */
import { createRoot } from "react-dom/client";
import "../ui/fonts.css";
import "../ui/tokens.css";
import "../ui/base.css";
import "./station.css";
import "./lanes.css";
import "./touch/touch.css";
import "./door/door.css";
import "./demo/demo.css";
import { chooseWords } from "../ui/text/language.ts";
import { chooseTextScale, followTheme } from "../ui/theme.ts";
import { WordsContext } from "../ui/words-context.ts";
import { HOST_NAME } from "../../shared/host/messages.ts";
import { App } from "./App.tsx";
import { openHostBridge } from "./host-bridge.ts";
import { toneOf } from "./outcomes.ts";
import { createSounds } from "./sound.ts";
import { createKioskStore } from "./store.ts";
import { openLine } from "./stream.ts";
import { createTouches, postTouch } from "./touch/touches.ts";

const asked = new URLSearchParams(location.search);
const lang = asked.get("lang");
const words = chooseWords(lang === null ? navigator.languages : [lang, ...navigator.languages]);
const root = document.documentElement;
root.lang = words.language;
root.dir = words.direction;
followTheme(root, asked.get("theme"));

const sounds = createSounds(() => new AudioContext());
for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, sounds.wake, { passive: true });

const nowMs = (): number => performance.now();
const store = createKioskStore({
  onEffect: ({ outcome, upgrade }) => {
    const tone = toneOf(outcome.kind);
    sounds.play(upgrade && tone === "success" ? "upgrade" : tone);
  },
  requestFrame: (draw) => requestAnimationFrame(draw),
  nowMs,
});

let notTaken = 0;
const onTouch = createTouches({
  post: postTouch,
  nowMs,
  onNotTaken(option, kind) {
    // Told as the station would: its own ids are numbers.
    const outcome = { id: `page-${++notTaken}`, kind, option, reader: null };
    store.send({ kind: "news", news: { kind: "outcome", outcome }, nowMs: nowMs() });
  },
});

openLine("/events", {
  onNews: (news) => store.send({ kind: "news", news, nowMs: nowMs() }),
  onLine: (line) => store.send({ kind: "line", line }),
  onGarbage: (why) => console.warn(`The station sent something this page does not understand: ${why}`),
  openSource: (url) => new EventSource(url),
});

const page = document.getElementById("page");
if (page === null) throw new Error("index.html has no #page to draw on");
createRoot(page).render(
  <WordsContext value={words}>
    <App store={store} textScale={chooseTextScale(asked.get("text"))} onTouch={onTouch} />
  </WordsContext>,
);

const tellReady = openHostBridge(Reflect.get(window, HOST_NAME), {
  showsSomething: () => page.childElementCount > 0,
  onHost: (software) => (root.dataset["host"] = software),
  setTicker(run, everyMs) {
    const ticker = setInterval(run, everyMs);
    return () => clearInterval(ticker);
  },
});
const unsubscribe = store.subscribe(() => {
  if (store.read().picture === null) return;
  unsubscribe();
  // React draws it in this frame; the one after it is painted.
  requestAnimationFrame(() => requestAnimationFrame(tellReady));
});
