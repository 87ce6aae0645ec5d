import type { Catalogue } from "./catalogue.ts";

export const en: Catalogue = {
  outcomes: {
    stored: { stamp: "Stored", detail: "Your vote is stored and being counted." },
    "safe-here": {
      stamp: "Safe here",
      detail: "Your vote is safe here. It will be counted as soon as the server takes it.",
    },
    counted: { stamp: "Counted", detail: "Your vote is counted. Thank you." },
    changed: { stamp: "Changed", detail: "Your answer is changed. Your earlier one no longer counts." },
    "already-counted": { stamp: "Already counted", detail: "This badge's vote is already counted. Nothing changed." },
    closed: { stamp: "Closed", detail: "Voting on this question was closed. This vote does not count." },
    paused: {
      stamp: "Paused",
      detail: "Voting is paused. Please come back in a moment; nothing was stored.",
    },
    late: {
      stamp: "Too late",
      detail: "Sorry, the result was final before your vote arrived. It is kept on record, but not counted.",
    },
    "unknown-tag": {
      stamp: "Unknown badge",
      detail: "Your badge is not on the list of voters. Please ask the staff, then hold it here again.",
    },
    "not-entitled": {
      stamp: "Other group",
      detail: "This question is for another group. If that is not right, please ask the staff.",
    },
    "random-uid": {
      stamp: "Use a badge",
      detail: "A phone or card that changes its number cannot vote here. Please use a badge; the staff can help.",
    },
    revoked: {
      stamp: "Kiosk off",
      detail: "This kiosk no longer takes votes; nothing was stored. Please vote at another one, or ask the staff.",
    },
    "event-over": {
      stamp: "Event over",
      detail: "The event is over and voting has ended; nothing was stored. Thank you for taking part.",
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
    "choose-answer": { stamp: "Your turn", detail: "Your badge is read. Now touch your answer." },
    "choose-expired": {
      stamp: "Time is up",
      detail: "No answer was touched, so nothing was stored. Please hold your badge here again.",
    },
    "shared-uid": {
      stamp: "Use a badge",
      detail: "Many cards have the number of this one, so it cannot vote here. Please ask the staff for a badge.",
    },
    "slow-down": {
      stamp: "One by one",
      detail: "One after the other, please. Nothing was stored; wait a moment, then try again.",
    },
    "test-tap": { stamp: "Test only", detail: "This is a test. It works, and nothing was counted." },
    "operator-tap": {
      stamp: "Not a vote",
      detail: "The staff are setting up the readers. Nothing was stored.",
    },
    "not-stored": { stamp: "Not stored", detail: "Your vote was NOT stored. Please tell the staff." },
  },
  how: {
    open: "Hold your badge on the number of your answer",
    several: { other: "Hold your badge on the numbers of up to {n} answers" },
    choose: "Hold your badge to the reader, then touch your answer",
    chooseSeveral: { other: "Badge, then touch an answer: up to {n}, each with your badge" },
    touch: "Touch your answer",
    paused: "Voting is paused for a moment",
    closed: "Voting is closed. Thank you for taking part.",
    certified: "Voting is closed, and the result is final. Thank you.",
  },
  turn: { touch: "Now touch your answer", tap: "Now hold your badge to the reader" },
  testBand: { title: "TEST", detail: "Nothing is counted now" },
  door: { button: "Set up this kiosk", hold: "Keep holding: for the staff" },
  round: "Round {n}",
  marks: { provisional: "Provisional", final: "Final result" },
  status: {
    live: "live",
    votes: { one: "{n} vote", other: "{n} votes" },
    noVotes: "No votes yet",
    safeHere: { one: "{n} vote safe here", other: "{n} votes safe here" },
    offline: "Working offline",
    connecting: "Connecting",
    paused: "paused",
    closed: "closed",
    hidden: "Result not shown yet",
    refused: "Not admitted",
    revoked: "Kiosk off",
  },
  pages: {
    starting: { title: "Just a moment", detail: "This screen is connecting to its kiosk." },
    waiting: { title: "Waiting for the next question", detail: "Keep your badge at hand. It starts here by itself." },
    enrolling: {
      title: "Let this kiosk in",
      detail:
        "The organiser types this code at the server. Then this kiosk and the server know each other, and it is ready.",
    },
    refused: { title: "The server did not admit this kiosk", detail: "Please tell an organiser." },
    revoked: { title: "This kiosk takes no votes any more", detail: "Please vote at another one, or ask the staff." },
    over: { title: "The event is over", detail: "Voting has ended. Thank you for taking part." },
    firstRun: {
      title: "Welcome",
      detail: "This kiosk is new. Setting it up takes a few minutes: server, readers, a test tap.",
    },
  },
  strips: {
    lineLost:
      "This screen has lost its kiosk. What you see may be out of date. Please wait before you vote; it tries again by itself.",
    disk: "Votes cannot be stored on this kiosk. Please do not vote here now, and tell the staff.",
    damage: "Organiser: older votes of this kiosk may be missing; please keep the damaged file",
    readerLost: "{name} is not connected. {reason}",
    readersMore: { one: "{n} more reader is not connected.", other: "{n} more readers are not connected." },
    refused: "The server did not admit this kiosk. {reason}",
    revoked:
      "This kiosk was taken out of the event and takes no votes. Please vote at another one, and tell the staff.",
    over: "The event is over and voting has ended. Thank you for taking part.",
    branch: {
      aside:
        "This kiosk's votes are kept here until the organiser decides: two copies of it are running. You can go on voting; please tell the staff.",
      copy: "Another copy of this kiosk is running. Its votes wait until the organiser decides; votes given here count. Please tell the staff.",
      rejected:
        "The organiser does not count votes given at this kiosk; they are only kept here. Please vote at another one, and tell the staff.",
    },
  },
  share: { less: "<{share}", more: ">{share}", none: "–" },
  spoken: {
    lane: "Option {option}, {label}, {votes}, {share}",
    laneHidden: "Option {option}, {label}",
    outcome: "Option {option}: {detail}",
    result: "{standing}: {votes}. In front: {leaders}.",
    options: "Answers",
    votes: { one: "{n} vote", other: "{n} votes" },
    round: "Round {round}. {question}",
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
    choose: "Any answer: then touch it",
    hint: "Demo only: on a real kiosk these are devices on the table.",
    failed: "The kiosk did not take this tap. Is it still running?",
  },
};
