import type { READERS } from "../../../../../shared/sentences/readers.ts";

/** No full stop behind a command: somebody copies it. */
export const readers: Record<keyof typeof READERS, string> = {
  "port-missing": "{port} ist nicht da: Steck den Leser ein oder prüfe den Pfad.",
  "port-not-permitted":
    "{port} darf nicht geöffnet werden: Nimm den Benutzer des Kiosks in die Gruppe {group} auf ({command}) und melde dich neu an, oder installiere {rules}.",
  "port-taken": "{port} gehört gerade einem anderen Programm: Beende dieses Programm oder starte nur einen Kiosk.",
  "port-probed":
    "{port} gehört gerade einem anderen Programm, vielleicht für einige Sekunden {program}: Warte, oder installiere {rules}; das hält es fern.",
  "port-not-serial": "{port} ist kein serieller Anschluss: Prüfe den Pfad.",
  "port-unplugged": "{port} wurde ausgesteckt: Steck den Leser wieder ein.",
  "port-replaced": "{port} ist jetzt ein anderes Gerät und wird neu verbunden.",
  "port-slow": "{port} antwortet nicht: Zieh den Leser ab und steck ihn wieder ein.",
  "port-silent":
    "{port} ist offen, aber kein {device} antwortet: Prüfe seinen Strom, seine Leitungen (TX an RX, RX an TX) und die Baudrate.",
  "port-other-device": "{port} antwortet, ist aber kein {device}: Prüfe, welches Protokoll für ihn angegeben wurde.",
  "port-slept": "{port} wird nach dem Ruhezustand neu verbunden. Das dauert einen Moment.",
  "port-fails": "{port} versagt ({message}): Zieh den Leser ab und steck ihn wieder ein.",
  "ports-unseen":
    "Serielle Anschlüsse lassen sich nicht suchen, weil {folder} fehlt: Nenne einen Anschluss beim Start mit {flag}.",
  "ports-unlisted":
    "Serielle Anschlüsse lassen sich nicht auflisten ({message}): Nenne einen Anschluss beim Start mit {flag}.",

  "pcscd-missing": "pcscd läuft nicht ({socket} fehlt): {command}",
  "pcscd-dead": "pcscd ist abgestürzt (an {socket} antwortet niemand): {command}",
  "pcscd-not-permitted":
    "{socket} darf nicht geöffnet werden: Kopiere {rules} nach {folder}, dann {command}, und melde dich neu an. Falls das schon getan ist: {restart}",
  "pcscd-denied":
    "pcscd lässt diesen Benutzer nicht zu (polkit): Kopiere {rules} nach {folder}, dann {command}, und melde dich neu an.",
  "pcscd-ended": "pcscd hat aufgehört. Der Kiosk versucht es von selbst wieder; falls pcscd wegbleibt: {command}",
  "pcscd-silent": "pcscd antwortet nicht: {command}",
  "pcscd-corrupt": "Was pcscd sagt, ist nicht zu verstehen ({message}): {command}",
  "pcscd-protocol":
    "pcscd spricht Protokoll {theirs}, der Kiosk {ours}: Installiere das pcscd dieser Linux-Distribution oder ein neueres Kioskprogramm.",
  "card-service-fails":
    "Der Dienst für Kartenleser versagt ({message}): Starte ihn (Linux: {linux}; Windows: {windows}) oder steck den Leser neu ein.",
  "card-reader-missing": "{reader} ist nicht da: Steck ihn wieder in denselben Anschluss.",
  "card-reader-held":
    "{reader} wird vom Treiber {driver} des Betriebssystems festgehalten: Kopiere {file} nach {folder}, dann {command}, und steck den Leser neu ein.",
  "card-reader-taken":
    "{reader} gehört gerade einem anderen Programm: Beende dieses Programm (einen Browser, der Chipkarten liest, oder scdaemon von gpg).",
  "card-reader-denied":
    "pcscd lässt diesen Benutzer nicht an {reader} (polkit): Kopiere {rules} nach {folder}, dann {command}, und melde dich neu an.",
  "card-reader-unusable": "{reader} lässt sich nicht öffnen: Zieh ihn ab und steck ihn wieder ein.",

  "evtest-missing":
    "Tastaturleser brauchen das Programm evtest, damit ihre Tasten in kein anderes Fenster gehen: {command}",
  "cat-missing": "Tastaturen lassen sich nicht abhören, weil das Programm cat fehlt: {command}",
  "keyboard-not-permitted":
    "{port} darf nicht gelesen werden: Nimm den Benutzer des Kiosks in die Gruppe {group} auf ({command}) und melde dich neu an.",
  "keyboard-taken":
    "{port} gehört gerade einem anderen Programm: Beende es oder starte nur einen Kiosk ({command} nennt es).",
  "keyboard-none": "{port} ist keine Tastatur: Prüfe den Pfad.",
  "keyboard-unheard": "Das Programm, das {port} abhört, wurde beendet. Es wird neu gestartet.",
  "wedges-on-linux":
    "Leser, die wie eine Tastatur tippen, gehen nur unter Linux: Nimm hier einen PC/SC-Leser oder einen seriellen.",

  "being-opened": "Der Leser wird gerade geöffnet.",
  "reader-unusable": "Diese Programmversion kann den Leser nicht benutzen: Entferne ihn hier und nimm ihn neu auf.",
  "mapping-damaged":
    "Wofür die Leser standen, war in einer Datei, die beschädigt ist (aufgehoben als {file}): Ordne sie neu zu.",
  "mapping-unreadable":
    "Wofür die Leser stehen, lässt sich nicht lesen: Mach {file} im Datenordner lesbar und starte den Kiosk neu, oder ordne die Leser neu zu.",

  "unknown-reader": "Dieser Leser ist nicht mehr in Gebrauch. Wähle einen aus der Liste.",
  "unknown-device": "Dieses Gerät ist nicht mehr da. Steck es wieder ein.",
  "device-not-heard": "Noch ist nicht bekannt, was dieses Gerät ist. Halte zuerst einen Ausweis daran.",
  "too-many-readers": "Mehr Leser gehen nicht (höchstens {most}). Entferne zuerst einen.",
  "device-in-use": "Dieses Gerät ist schon in Gebrauch.",
  "reader-fixed": "Dieser Leser steht in der Befehlszeile des Kiosks. Nimm dort sein {flag} weg.",
  "mapping-not-stored":
    "Die Festplatte hat die Änderung nicht angenommen, also wurde nichts geändert. Schaff Platz und mach den Datenordner beschreibbar.",
  "reader-without-signal": "Dieser Leser hat keine Lampe und keinen Summer, die der Kiosk bedienen kann.",
  "same-reader": "Wähle zwei verschiedene Leser.",
  "format-not-found": "Es gibt keine Einstellung zu übernehmen. Halte zuerst denselben Ausweis an beide Leser.",
};
