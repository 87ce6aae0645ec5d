// Sends the password with the token from the address's fragment, which a browser never sends to anybody by itself.
const find = (id) => document.getElementById(id);
const [form, password, show, send, outcome] = ["form", "password", "show", "send", "outcome"].map(find);
const token = location.hash.slice(1);
// Off the address bar and out of the history: it is a secret until it was used.
history.replaceState(null, "", location.pathname);

const say = (text) => {
  outcome.textContent = text;
  outcome.className = "wrong";
  password.setAttribute("aria-invalid", "true");
};

const WORDS = {
  "already-set-up": "A password was set before. Log in with that one; nothing was changed.",
  "wrong-setup-token": "This link is not valid any more. Use the one that the server printed when it last started.",
};

const setPassword = async () => {
  const response = await fetch("/api/v1/setup", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token, password: password.value }),
  });
  if (response.ok) {
    form.hidden = true;
    outcome.textContent = "";
    find("next").hidden = false;
    find("done").focus();
    return;
  }
  const problem = await response.json();
  say(WORDS[problem.type.split(":").at(-1)] ?? problem.detail);
};

form.addEventListener("submit", async (submitted) => {
  submitted.preventDefault();
  if (token === "") return say("This address lacks its second half. Open the whole link that the server printed.");
  if (password.value.length < 8) return say("The password needs at least 8 characters.");
  send.disabled = true;
  try {
    await setPassword();
  } catch {
    say("The server did not answer. Check that it runs, then try again.");
  } finally {
    send.disabled = false;
  }
});
show.addEventListener("change", () => {
  password.type = show.checked ? "text" : "password";
});
