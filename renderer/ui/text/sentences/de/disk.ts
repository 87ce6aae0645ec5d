import type { DISK } from "../../../../../shared/sentences/disk.ts";

export const disk: Record<keyof typeof DISK, string> = {
  "disk-full": "Die Festplatte ist voll. Schaff Platz, wo {path} liegt; dann geht das Abstimmen von selbst weiter.",
  "disk-read-only":
    "Die Festplatte lässt sich nur lesen. Mach {path} und den Ordner darum beschreibbar; dann geht das Abstimmen von selbst weiter.",
  "disk-failed":
    "Die Festplatte hat versagt. Prüfe sie und ihr Kabel oder tausche sie aus; das Abstimmen geht von selbst weiter, sobald sie arbeitet. Was bisher gespeichert ist, bleibt unberührt.",
  "disk-no-answer": "Die Festplatte hat nicht geantwortet. Starte den Computer neu oder tausche sie aus.",
  "disk-takes-no-votes": "Die Festplatte nimmt keine Stimmen an.",
  "votes-file-damaged":
    "Die Datei {path} ist beschädigt. Sie bleibt für die Veranstaltungsleitung erhalten, und das Abstimmen geht gleich in einer neuen weiter.",
  "votes-file-moved":
    "Jemand hat die Datei mit den Stimmen dieses Kiosks verschoben oder ersetzt ({path}). Sie wird zurückgelegt; lass sie dort.",
  "vote-not-stored": "Die Stimme ließ sich nicht speichern ({message}).",
  "log-closed": "Das Protokoll ist geschlossen.",
  "log-missing": "Dieses Protokoll gibt es nicht.",
  "log-thread-ended": "Der Programmteil, der Stimmen speichert, ist beendet. Er wird neu gestartet.",
  "log-thread-failed": "Der Programmteil, der Stimmen speichert, hat versagt ({message}). Er wird neu gestartet.",
};
