// @ts-check
// Sends the password with the token from the address's fragment, which a browser never sends to anybody by itself.

/**
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
function find(id, kind) {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`the page has no ${id}`);
}

const form = find("form", HTMLFormElement);
const password = find("password", HTMLInputElement);
const show = find("show", HTMLInputElement);
const send = find("send", HTMLButtonElement);
const outcome = find("outcome", HTMLElement);
const token = location.hash.slice(1);
// Off the address bar and out of the history: it is a secret until it was used.
history.replaceState(null, "", location.pathname);

/** @type {ReadonlyMap<string, string>} */
const WORDS = new Map([
  [
    "urn:polling-station:problem:already-set-up",
    "A password was set before. Log in with that one; nothing was changed.",
  ],
  [
    "urn:polling-station:problem:wrong-setup-token",
    "This link is not valid any more. Use the one that the server printed when it last started.",
  ],
]);

/** @param {string} text */
function say(text) {
  outcome.textContent = text;
  outcome.className = "wrong";
  password.setAttribute("aria-invalid", "true");
}

/** @param {unknown} problem What the server replied: RFC 9457 problem details. */
function wordsOf(problem) {
  if (typeof problem !== "object" || problem === null || !("type" in problem) || !("detail" in problem)) return "";
  return WORDS.get(String(problem.type)) ?? String(problem.detail);
}

async function setPassword() {
  const response = await fetch("/api/v1/setup", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token, password: password.value }),
  });
  if (!response.ok) return say(wordsOf(await response.json()));
  form.hidden = true;
  outcome.textContent = "";
  find("next", HTMLElement).hidden = false;
  find("done", HTMLElement).focus();
}

form.addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  if (token === "") return say("This address lacks its second half. Open the whole link that the server printed.");
  if (password.value.length < 8) return say("The password needs at least 8 characters.");
  send.disabled = true;
  setPassword()
    .catch(() => say("The server did not answer. Check that it runs, then try again."))
    .finally(() => {
      send.disabled = false;
    });
});
show.addEventListener("change", () => {
  password.type = show.checked ? "text" : "password";
});
