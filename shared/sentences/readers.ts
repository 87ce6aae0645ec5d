/** Of readers: what keeps one from being used, and what to do; and why the panel did not change one. */
export const READERS = {
  // A serial port, or a keyboard: `port` is its path.
  "port-missing": "{port} is not there: plug the reader in, or check the path",
  "port-not-permitted":
    "not permitted to open {port}: add the station's user to the group {group} ({command}) and log in again, or install {rules}",
  "port-taken": "{port} is taken by another program: close that program, or start only one station",
  "port-probed":
    "{port} is taken by another program, perhaps {program} for some seconds: wait, or install {rules}, which keeps it away",
  "port-not-serial": "{port} is not a serial port: check the path",
  "port-unplugged": "{port} was unplugged: plug the reader in again",
  "port-replaced": "{port} is another device now: connecting to it again",
  "port-slow": "{port} does not answer: unplug the reader and plug it in again",
  "port-silent":
    "{port} is open, but no {device} answers: check its power, its wires (TX to RX, RX to TX) and the baud rate",
  "port-other-device": "{port} answers, but is no {device}: check the protocol that it was given",
  "port-slept": "{port} is connected to again after sleep: this takes a moment",
  "port-fails": "{port} fails ({message}): unplug the reader and plug it in again",
  "ports-unseen": "serial ports cannot be looked for, as {folder} is not there: name a port with {flag}",
  "ports-unlisted": "serial ports cannot be listed ({message}): name a port with {flag}",

  // Smart card readers, by pcscd or by what Windows and macOS have.
  "pcscd-missing": "pcscd is not running (no {socket}): {command}",
  "pcscd-dead": "pcscd has died (nobody answers at {socket}): {command}",
  "pcscd-not-permitted":
    "not permitted to open {socket}: copy {rules} to {folder}, then: {command}, and log in again; if that is done: {restart}",
  "pcscd-denied":
    "pcscd does not let this user in (polkit): copy {rules} to {folder}, then: {command}, and log in again",
  "pcscd-ended": "pcscd has stopped: it is tried again by itself; if it stays away: {command}",
  "pcscd-silent": "pcscd does not answer: {command}",
  "pcscd-corrupt": "pcscd says what cannot be understood ({message}): {command}",
  "pcscd-protocol":
    "pcscd speaks protocol {theirs}, the station {ours}: install the pcscd of your distribution, or a newer station",
  "card-service-fails":
    "the smart card service fails ({message}): start it (Linux: {linux}; Windows: {windows}), or plug the reader in again",
  "card-reader-missing": "{reader} is not there: plug it in, into the same port",
  "card-reader-held":
    "{reader} is held by the kernel's driver {driver}: copy {file} to {folder}, then: {command}, and plug the reader in again",
  "card-reader-taken":
    "{reader} is taken by another program: close that program (browser with smart card support, gpg's scdaemon)",
  "card-reader-denied":
    "pcscd does not let this user use {reader} (polkit): copy {rules} to {folder}, then: {command}, and log in again",
  "card-reader-unusable": "{reader} cannot be opened: unplug it and plug it in again",

  // Keyboard wedges.
  "evtest-missing":
    "keyboard wedges need the program evtest, which keeps their keys from every other window: {command}",
  "cat-missing": "keyboards cannot be listened to, as the program cat is missing: {command}",
  "keyboard-not-permitted":
    "not permitted to read {port}: add the station's user to the group {group} ({command}) and log in again",
  "keyboard-taken": "{port} is taken by another program: close it, or start only one station ({command} names it)",
  "keyboard-none": "{port} is not a keyboard: check the path",
  "keyboard-unheard": "the program that listens to {port} was ended: it is started again",
  "wedges-on-linux": "readers that type like a keyboard can be used on Linux only: use a PC/SC or serial reader here",

  // A reader that was taken into use, and all of them.
  "being-opened": "It is being opened.",
  "reader-unusable": "This version of the software cannot use this reader: remove it here, and take it into use again.",
  "mapping-damaged":
    "What the readers stood for was in a file that was damaged (it is kept as {file}): assign them anew.",
  "mapping-unreadable":
    "What the readers stand for cannot be read: make {file} in the data directory readable and start the station again, or assign them anew.",

  // Why the panel did not do it.
  "unknown-reader": "This reader is not in use any more. Choose one of those in the list.",
  "unknown-device": "This device is not there any more. Plug it in again.",
  "device-not-heard": "It is not known yet what this device is. Hold a tag to it first.",
  "too-many-readers": "No more readers can be in use (at most {most}). Remove one first.",
  "device-in-use": "This device is in use already.",
  "reader-fixed": "This reader is named on the station's command line. Take its {flag} away there.",
  "mapping-not-stored":
    "The disk did not take the change, so nothing was changed. Free space on it and make the data folder writable.",
  "reader-without-signal": "This reader has no lamp or buzzer that the station can work.",
  "same-reader": "Choose two different readers.",
  "format-not-found": "There is no setting to take over. Hold the same tag to both readers first.",
} as const;
