import type { LINK } from "../../../../../shared/sentences/link.ts";

export const link: Record<keyof typeof LINK, string> = {
  "link-going-away": "Die Gegenseite hält an; sie kommt wieder.",
  "link-bad-frame": "Eine Nachricht war nicht zu lesen. Bring das ältere der beiden Programme auf den neuen Stand.",
  "link-bad-signature": "Eine Unterschrift passte nicht. Melde diesen Kiosk neu an.",
  "link-not-admitted": "Dieser Kiosk ist nicht zur Veranstaltung zugelassen. Lass ihn am Server zu.",
  "link-out-of-order":
    "Eine Nachricht kam im falschen Moment. Bring das ältere der beiden Programme auf den neuen Stand.",
  "link-unknown-version":
    "Kiosk und Server sprechen keine gemeinsame Fassung. Bring das ältere der beiden Programme auf den neuen Stand.",
  "link-silence": "Zu lange war nichts zu hören. Prüfe das Netz.",
  "link-revoked": "Dieser Kiosk wurde ausgeschlossen: Seine Stimmen zählen nicht mehr. Frag die Veranstaltungsleitung.",
  "link-gap": "Einträge fehlten. Der Kiosk macht dort weiter, wo der Server ist.",
  "link-oversize": "Eine Nachricht war zu lang. Bring das ältere der beiden Programme auf den neuen Stand.",
  "link-too-many-waiting": "Zu viele Kioske warten auf die Zulassung. Lass einige zu und versuch es dann noch einmal.",
  "link-too-fast": "Zu viele Nachrichten in kurzer Zeit. Der Kiosk wird langsamer.",
  "link-wrong-server":
    "Das ist nicht der Server, an dem dieser Kiosk angemeldet wurde. Prüfe die Adresse oder melde ihn neu an.",
  "link-replaced": "Derselbe Kiosk hat sich zu oft verbunden; die neueren Verbindungen bleiben.",
  "link-trouble": "Der Server kann gerade nicht speichern. Sieh in sein Protokoll und nach seiner Festplatte.",
};
