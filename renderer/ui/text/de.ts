import type { Catalogue } from "./catalogue.ts";

export const de: Catalogue = {
  outcomes: {
    stored: { stamp: "Gespeichert", detail: "Deine Stimme ist gespeichert und wird gezählt." },
    "safe-here": {
      stamp: "Hier sicher",
      detail: "Deine Stimme ist hier sicher. Sie wird gezählt, sobald der Server sie annimmt.",
    },
    counted: { stamp: "Gezählt", detail: "Deine Stimme ist gezählt. Danke." },
    changed: { stamp: "Geändert", detail: "Deine Antwort ist geändert. Die frühere zählt nicht mehr." },
    "already-counted": {
      stamp: "Schon gezählt",
      detail: "Die Stimme dieses Ausweises ist schon gezählt. Es hat sich nichts geändert.",
    },
    closed: { stamp: "Beendet", detail: "Die Abstimmung war schon beendet. Diese Stimme zählt nicht." },
    paused: {
      stamp: "Pause",
      detail: "Die Abstimmung macht Pause. Komm bitte gleich wieder; es wurde nichts gespeichert.",
    },
    late: {
      stamp: "Zu spät",
      detail: "Leider stand das Ergebnis schon fest, als deine Stimme ankam. Sie ist vermerkt, zählt aber nicht.",
    },
    "unknown-tag": {
      stamp: "Unbekannt",
      detail: "Dein Ausweis steht nicht auf der Wahlliste. Frag bitte das Personal und halte ihn dann noch einmal hin.",
    },
    "not-entitled": {
      stamp: "Andere Gruppe",
      detail: "Diese Frage ist für eine andere Gruppe. Wenn das nicht stimmt, frag bitte das Personal.",
    },
    "random-uid": {
      stamp: "Nimm Ausweis",
      detail:
        "Ein Handy oder eine Karte mit wechselnder Nummer kann hier nicht abstimmen. Nimm bitte einen Ausweis; das Personal hilft dir.",
    },
    revoked: {
      stamp: "Kiosk aus",
      detail:
        "Dieser Kiosk nimmt keine Stimmen mehr an; es wurde nichts gespeichert. Stimm bitte an einem anderen ab oder frag das Personal.",
    },
    "event-over": {
      stamp: "Vorbei",
      detail:
        "Die Veranstaltung ist vorbei, abstimmen geht nicht mehr; es wurde nichts gespeichert. Danke fürs Mitmachen.",
    },
    "not-admitted": {
      stamp: "Nicht zugelassen",
      detail: "Dieser Kiosk darf keine Stimmen sammeln. Bitte sag dem Personal Bescheid.",
    },
    "not-counted": {
      stamp: "Nicht gezählt",
      detail: "Der Server kennt diese Frage oder Antwort nicht. Bitte sag dem Personal Bescheid.",
    },
    "no-open-poll": {
      stamp: "Keine Frage",
      detail: "Gerade ist keine Frage offen. Dein Ausweis wurde gelesen, nichts gespeichert.",
    },
    "new-question": {
      stamp: "Neue Frage",
      detail: "Die Frage hat gerade gewechselt. Lies sie und halte deinen Ausweis noch einmal hin.",
    },
    "no-option": {
      stamp: "Keine Antwort",
      detail: "Dieser Leser steht hier für keine Antwort. Nimm eine andere Nummer.",
    },
    unassigned: {
      stamp: "Nicht bereit",
      detail: "Dieser Leser hat noch keine Nummer. Bitte sag dem Personal Bescheid.",
    },
    "read-again": {
      stamp: "Noch einmal",
      detail: "Dein Ausweis wurde nicht gut gelesen. Halte ihn noch einmal ruhig hin.",
    },
    "choose-answer": { stamp: "Du bist dran", detail: "Dein Ausweis ist gelesen. Berühre jetzt deine Antwort." },
    "choose-expired": {
      stamp: "Zeit ist um",
      detail: "Keine Antwort wurde berührt, also nichts gespeichert. Halte deinen Ausweis bitte noch einmal hin.",
    },
    "shared-uid": {
      stamp: "Anderer Ausweis",
      detail:
        "Viele Karten haben dieselbe Nummer wie diese, deshalb kann sie hier nicht abstimmen. Frag bitte das Personal nach einem Ausweis.",
    },
    "slow-down": {
      stamp: "Nacheinander",
      detail: "Bitte einer nach dem anderen. Nichts wurde gespeichert; warte kurz und versuch es dann noch einmal.",
    },
    "test-tap": { stamp: "Nur Test", detail: "Das ist ein Test. Es klappt, und nichts wurde gezählt." },
    "operator-tap": {
      stamp: "Keine Stimme",
      detail: "Das Personal richtet gerade die Leser ein. Nichts wurde gespeichert.",
    },
    "not-stored": {
      stamp: "Nicht gespeichert",
      detail: "Deine Stimme wurde NICHT gespeichert. Bitte sag dem Personal Bescheid.",
    },
  },
  how: {
    open: "Halte deinen Ausweis an die Nummer deiner Antwort",
    several: { other: "Halte deinen Ausweis an die Nummern von bis zu {n} Antworten" },
    choose: "Halte deinen Ausweis an den Leser und berühre dann deine Antwort",
    chooseSeveral: { other: "Ausweis, dann eine Antwort berühren: bis zu {n}, jede mit Ausweis" },
    touch: "Berühre deine Antwort",
    paused: "Die Abstimmung macht eine kurze Pause",
    closed: "Die Abstimmung ist beendet. Danke fürs Mitmachen.",
    certified: "Die Abstimmung ist beendet, das Ergebnis steht fest. Danke.",
  },
  turn: { touch: "Berühre jetzt deine Antwort", tap: "Halte jetzt deinen Ausweis an den Leser" },
  testBand: { title: "TEST", detail: "Jetzt wird nichts gezählt" },
  door: { button: "Diesen Kiosk einrichten", hold: "Weiter halten: für das Personal" },
  round: "Runde {n}",
  marks: { provisional: "Vorläufig", final: "Endergebnis" },
  status: {
    live: "live",
    votes: { one: "{n} Stimme", other: "{n} Stimmen" },
    noVotes: "Noch keine Stimmen",
    safeHere: { one: "{n} Stimme hier sicher", other: "{n} Stimmen hier sicher" },
    offline: "Arbeitet ohne Netz",
    connecting: "Verbindet",
    paused: "Pause",
    closed: "beendet",
    hidden: "Ergebnis erst später",
    refused: "Nicht zugelassen",
    revoked: "Kiosk aus",
  },
  pages: {
    starting: { title: "Einen Moment", detail: "Dieser Bildschirm verbindet sich mit seinem Kiosk." },
    waiting: {
      title: "Gleich kommt die nächste Frage",
      detail: "Halte deinen Ausweis bereit. Hier geht es von selbst los.",
    },
    enrolling: {
      title: "Diesen Kiosk zulassen",
      detail:
        "Die Veranstalterin gibt diesen Code am Server ein. Dann kennen sich Kiosk und Server, und es kann losgehen.",
    },
    refused: {
      title: "Der Server hat diesen Kiosk nicht zugelassen",
      detail: "Bitte sag der Veranstaltungsleitung Bescheid.",
    },
    revoked: {
      title: "Dieser Kiosk nimmt keine Stimmen mehr an",
      detail: "Stimm bitte an einem anderen ab oder frag das Personal.",
    },
    over: { title: "Die Veranstaltung ist vorbei", detail: "Abstimmen geht nicht mehr. Danke fürs Mitmachen." },
    firstRun: {
      title: "Willkommen",
      detail: "Dieser Kiosk ist neu. Einrichten dauert ein paar Minuten: Server, Leser, ein Probetippen.",
    },
  },
  strips: {
    lineLost:
      "Dieser Bildschirm hat seinen Kiosk verloren. Die Anzeige kann veraltet sein. Bitte warte mit dem Abstimmen; er versucht es von selbst wieder.",
    disk: "Auf diesem Kiosk lassen sich keine Stimmen speichern. Bitte stimme hier jetzt nicht ab und sag dem Personal Bescheid.",
    damage: "Veranstalter: Ältere Stimmen fehlen vielleicht; bitte die beschädigte Datei aufbewahren",
    readerLost: "{name} ist nicht verbunden. {reason}",
    readersMore: { one: "{n} weiterer Leser ist nicht verbunden.", other: "{n} weitere Leser sind nicht verbunden." },
    refused: "Der Server hat diesen Kiosk nicht zugelassen. {reason}",
    revoked:
      "Dieser Kiosk gehört nicht mehr zur Veranstaltung und nimmt keine Stimmen an. Stimm bitte an einem anderen ab und sag dem Personal Bescheid.",
    over: "Die Veranstaltung ist vorbei, abstimmen geht nicht mehr. Danke fürs Mitmachen.",
    branch: {
      aside:
        "Die Stimmen dieses Kiosks bleiben hier, bis die Veranstaltungsleitung entscheidet: Es laufen zwei Kopien von ihm. Du kannst weiter abstimmen; sag bitte dem Personal Bescheid.",
      copy: "Eine zweite Kopie dieses Kiosks läuft. Ihre Stimmen warten, bis die Veranstaltungsleitung entscheidet; Stimmen von hier zählen. Sag bitte dem Personal Bescheid.",
      rejected:
        "Die Veranstaltungsleitung zählt Stimmen von diesem Kiosk nicht; sie bleiben nur hier. Stimm bitte an einem anderen ab und sag dem Personal Bescheid.",
    },
  },
  share: { less: "<{share}", more: ">{share}", none: "–" },
  spoken: {
    lane: "Antwort {option}, {label}, {votes}, {share}",
    laneHidden: "Antwort {option}, {label}",
    outcome: "Antwort {option}: {detail}",
    result: "{standing}: {votes}. Vorn: {leaders}.",
    options: "Antworten",
    votes: { one: "{n} Stimme", other: "{n} Stimmen" },
    round: "Runde {round}. {question}",
  },
  pager: { range: "{from}–{to} von {all}", earlier: "Vorige Antworten", later: "Weitere Antworten" },
  demo: {
    title: "Virtuelle Leser",
    fold: "Einklappen",
    unfold: "Virtuelle Leser zeigen",
    badge: "Nimm einen Ausweis",
    fresh: "Jedes Mal ein neuer",
    readers: "Halte ihn an einen Leser",
    reader: "Leser {option}",
    choose: "Jede Antwort: dann berühren",
    hint: "Nur in der Demo: am echten Kiosk sind das Geräte auf dem Tisch.",
    failed: "Der Kiosk hat diesen Versuch nicht angenommen. Läuft er noch?",
  },
};
