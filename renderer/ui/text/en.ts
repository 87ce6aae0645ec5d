import type { Catalogue } from "./catalogue.ts";

export const en: Catalogue = {
  outcomes: {
    stored: { stamp: "Stored", detail: "Your vote is stored and being counted." },
    "safe-here": {
      stamp: "Safe here",
      detail: "Your vote is safe here. It will be counted as soon as the network is back.",
    },
    counted: { stamp: "Counted", detail: "Your vote is counted. Thank you." },
    changed: { stamp: "Changed", detail: "Your answer is changed. Your earlier one no longer counts." },
    "already-counted": { stamp: "Already counted", detail: "This badge's vote is already counted. Nothing changed." },
    closed: { stamp: "Closed", detail: "Voting on this question was closed. This vote does not count." },
    paused: {
      stamp: "Paused",
      detail: "Voting is paused. Please come back in a moment; nothing was stored.",
    },
    "not-admitted": { stamp: "Not accepted", detail: "This kiosk may not collect votes. Please tell the staff." },
    "not-counted": {
      stamp: "Not counted",
      detail: "The server does not know this question or answer. Please tell the staff.",
    },
    "no-open-poll": {
      stamp: "No question",
      detail: "No question is open now. Your badge was read; nothing was stored.",
    },
    "new-question": {
      stamp: "New question",
      detail: "The question has just changed. Read it, then hold your badge again.",
    },
    "no-option": {
      stamp: "No answer here",
      detail: "This reader stands for no answer to this question. Use another number.",
    },
    unassigned: { stamp: "Not set up", detail: "This reader has no number yet. Please tell the staff." },
    "read-again": {
      stamp: "Hold again",
      detail: "Your badge was not read well. Hold it still on the reader once more.",
    },
    "not-stored": { stamp: "Not stored", detail: "Your vote was NOT stored. Please tell the staff." },
  },
  how: {
    open: "Hold your badge on the number of your answer",
    several: { other: "Hold your badge on the numbers of up to {n} answers" },
    paused: "Voting is paused for a moment",
    closed: "Voting is closed. Thank you for taking part.",
  },
  status: {
    live: "live",
    votes: { one: "{n} vote", other: "{n} votes" },
    noVotes: "No votes yet",
    safeHere: { one: "{n} vote safe here", other: "{n} votes safe here" },
    offline: "Working offline",
    connecting: "Connecting",
    paused: "paused",
    closed: "provisional result",
    hidden: "Result not shown yet",
    refused: "Not admitted",
  },
  pages: {
    starting: { title: "Just a moment", detail: "This screen is connecting to its station." },
    waiting: { title: "Waiting for the next question", detail: "Keep your badge at hand. It starts here by itself." },
    enrolling: {
      title: "Let this kiosk in",
      detail:
        "The organiser types this code at the server. Then this kiosk and the server know each other, and it is ready.",
    },
    refused: { title: "The server did not admit this kiosk", detail: "Please tell an organiser." },
  },
  strips: {
    lineLost:
      "This screen has lost its station. What you see may be out of date. Please wait before you vote; it tries again by itself.",
    disk: "Votes cannot be stored on this kiosk. Please do not vote here now, and tell the staff.",
    readerLost: "{name} is not connected. {reason}",
    readersMore: { one: "{n} more reader is not connected.", other: "{n} more readers are not connected." },
    refused: "The server did not admit this kiosk. {reason}",
  },
  share: { less: "<{share}", more: ">{share}", none: "–" },
  spoken: {
    lane: "Option {option}, {label}, {votes}, {share}",
    laneHidden: "Option {option}, {label}",
    outcome: "Option {option}: {detail}",
    result: "{votes}. In front: {leaders}.",
    options: "Answers",
    votes: { one: "{n} vote", other: "{n} votes" },
  },
  pager: { range: "{from}–{to} of {all}", earlier: "Earlier answers", later: "More answers" },
  demo: {
    title: "Virtual readers",
    fold: "Fold away",
    unfold: "Show the virtual readers",
    badge: "Take a badge",
    fresh: "A new one each time",
    readers: "Hold it on a reader",
    reader: "Reader {option}",
    hint: "Demo only: on a real kiosk these are devices on the table.",
    failed: "The station did not take this tap. Is it still running?",
  },
};
