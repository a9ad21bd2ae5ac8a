// What makes the pages live: each element says with its data attributes what it does.
const root = document.body.dataset.root;
const toast = document.getElementById("toast");
const dialog = document.getElementById("confirm");

// Helpers

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

let toastTimer;
function say(text, isBad = false) {
  toast.textContent = text;
  toast.className = isBad ? "shown bad" : "shown";
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.className = ""), isBad ? 8000 : 3000);
}

function confirmed(text) {
  document.getElementById("confirm-text").textContent = text;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages that are not local have no clipboard without TLS.
    const area = element("textarea", { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say("Copied.");
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)/g;
function coloured(text) {
  const shown = element("pre", { className: "code", tabIndex: 0 });
  let place = 0;
  for (const found of text.matchAll(TOKEN)) {
    const kind = found[1] ? (found[2] ? "name" : "text") : found[3] ? "number" : "word";
    shown.append(text.slice(place, found.index));
    shown.append(element("span", { className: `json-${kind}`, textContent: found[1] ?? found[0] }), found[2] ?? "");
    place = found.index + found[0].length;
  }
  shown.append(text.slice(place));
  return shown;
}

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function kind(status) {
  return { 2: "good", 3: "moved", 4: "warn" }[Math.floor(status / 100)] ?? "bad";
}

// Reloading the page

async function read(url) {
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function swap(old, fresh) {
  const focused = document.activeElement?.id;
  for (const kept of old.querySelectorAll("[data-keep]")) fresh.querySelector(`#${CSS.escape(kept.id)}`)?.replaceWith(kept);
  for (const picked of old.querySelectorAll('input[type="checkbox"][id]:checked')) {
    const again = fresh.querySelector(`#${CSS.escape(picked.id)}`);
    if (again) again.checked = true;
  }
  for (const details of old.querySelectorAll("details[id]")) {
    const again = fresh.querySelector(`#${CSS.escape(details.id)}`);
    if (again) again.open = details.open;
  }
  old.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

async function refresh() {
  const page = await read(location.href);
  const fresh = page.getElementById("main");
  if (!fresh) return location.reload();
  swap(document.getElementById("main"), fresh);
  const now = page.querySelector(".now");
  if (now) document.querySelector(".now").replaceWith(now);
  const switcher = page.getElementById("switcher");
  if (switcher) document.getElementById("switcher")?.replaceWith(switcher);
  follow();
}

const lastRead = new WeakMap();
async function refreshPart(part) {
  const page = await read(location.href);
  const fresh = page.querySelector("[data-refresh]");
  if (!fresh || !part.isConnected || fresh.innerHTML === lastRead.get(part) || part.contains(document.activeElement)) return;
  lastRead.set(fresh, fresh.innerHTML);
  swap(part, fresh);
  const tabs = page.querySelector(".tabs");
  if (tabs) document.querySelector(".tabs")?.replaceWith(tabs);
}

async function refreshParts() {
  for (;;) {
    const part = document.querySelector("[data-refresh]");
    await new Promise((resolve) => setTimeout(resolve, 1000 * (part?.dataset.refresh ?? 2)));
    if (part && !document.hidden) await refreshPart(part).catch(() => {});
  }
}

// Live calls

let source;
function follow() {
  source?.close();
  const list = document.querySelector("[data-stream]");
  if (!list) return followAttempts();
  source = new EventSource(list.dataset.stream);
  const live = document.querySelector("[data-live]");
  source.onopen = () => live?.classList.remove("off");
  source.onerror = () => live?.classList.add("off");
  source.onmessage = (message) => {
    const { seen, rows } = JSON.parse(message.data);
    list.insertAdjacentHTML("afterbegin", rows);
    while (list.children.length > Number(list.dataset.most)) list.lastElementChild.remove();
    for (const counter of document.querySelectorAll("[data-seen]")) counter.textContent = seen;
  };
}
// A list that is read again when something was sent, soon but not for each of many.
const SOON_MS = 300;
let isDue = false;
function followAttempts() {
  const list = document.querySelector("[data-live-from]");
  if (!list) return;
  source = new EventSource(list.dataset.liveFrom);
  const live = document.querySelector("[data-live]");
  source.onopen = () => live?.classList.remove("off");
  source.onerror = () => live?.classList.add("off");
  source.onmessage = () => {
    if (!isDue) setTimeout(() => readAgain().catch(() => {}), SOON_MS);
    isDue = true;
  };
}

async function readAgain() {
  isDue = false;
  const page = await read(location.href);
  for (const list of document.querySelectorAll("[data-live-from]")) {
    const fresh = page.getElementById(list.id);
    if (fresh) swap(list, fresh);
  }
  const total = page.querySelector("[data-total]");
  if (total) document.querySelector("[data-total]")?.replaceWith(total);
}

addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => event.persisted && follow());

async function showDetail(url, isNew) {
  const page = await read(url);
  const fresh = page.getElementById("detail");
  const old = document.getElementById("detail");
  if (!fresh || !old) return location.assign(url);
  old.replaceWith(fresh);
  document.querySelector(".split").classList.toggle("chosen", page.querySelector(".split").classList.contains("chosen"));
  for (const link of document.querySelectorAll("a.call")) link.toggleAttribute("aria-current", link.href === url);
  document.querySelector("a.call[aria-current]")?.setAttribute("aria-current", "true");
  document.title = page.title;
  if (isNew) history.pushState(null, "", url);
  fresh.focus({ preventScroll: true });
  if (fresh.getBoundingClientRect().top < 0 || matchMedia("(max-width: 60rem)").matches) scrollTo(0, 0);
}
addEventListener("popstate", () => showDetail(location.href, false));

// Actions

function valueOf(input) {
  if (input.dataset.times) return Number(input.value) * Number(input.form.elements[input.dataset.times].value);
  if (input.type === "datetime-local") return `${input.value}${input.value.length === 16 ? ":00" : ""}Z`;
  if (input.type === "checkbox") return input.checked;
  return input.type === "number" ? Number(input.value) : input.value;
}

function bodyOf(form) {
  const body = {};
  for (const input of form.elements) {
    if (!input.name || input.value === "" || "factor" in input.dataset) continue;
    const path = input.name.split(".");
    const last = path.pop();
    let place = body;
    for (const part of path) place = place[part] ??= {};
    place[last] = valueOf(input);
  }
  return body;
}

async function send(method, path, body) {
  const options = { method };
  if (body !== undefined) Object.assign(options, { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  const answer = await fetch(path, options);
  const text = await answer.text();
  const value = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Error(value?.error?.message ?? `The mock answered ${answer.status}.`);
  return value;
}

async function act(from, body) {
  const { method, path, confirm, done, next, open } = from.dataset;
  if (confirm && !(await confirmed(confirm))) return;
  const button = from instanceof HTMLFormElement ? from.querySelector("button:not([type=button])") : from;
  button.disabled = true;
  try {
    const value = await send(method, path, body);
    if (from instanceof HTMLFormElement && !("keep" in from.dataset)) {
      HTMLFormElement.prototype.reset.call(from); // an input may be called reset
    }
    if ("fired" in from.dataset) showFired(value);
    if (from.dataset.nextOf) return location.assign(from.dataset.nextOf.replace("{name}", encodeURIComponent(value.name)));
    if (open) await showDetail(new URL(open.replace("{number}", value.number), location).href, true);
    else if (next && next !== location.pathname + location.search) return location.assign(next);
    else await refresh();
    if ("resent" in from.dataset) showResent(value.resent);
    if (done) say(done);
  } catch (error) {
    say(error.message, true);
  } finally {
    button.disabled = false;
  }
}

const FIRED_MAX = 200;
function showFired({ now, fired }) {
  const section = document.getElementById("fired");
  const title = section.querySelector("h2");
  const count = fired.length === 1 ? "One job or webhook ran" : `${fired.length} jobs and webhooks ran`;
  const lead = element("p", { className: "lead", textContent: fired.length ? `${count}.` : "Nothing was due." });
  const list = element("ol", { className: "fired" });
  for (const one of fired.slice(0, FIRED_MAX)) {
    const time = element("time", { textContent: new Date(one.due_at_ms).toISOString().slice(0, 19).replace("T", " ") });
    const what = element("span", { className: "subject", textContent: one.url ?? one.subject });
    const row = element("li", {}, time, element("span", { className: "tag", textContent: one.kind }), what);
    row.append(element("span", { className: "muted", textContent: one.tenant }));
    if (one.status) row.append(element("span", { className: `status ${kind(one.status)}`, textContent: one.status }));
    else if (one.error) row.append(element("span", { className: "status bad", textContent: one.error }));
    list.append(row);
  }
  const rest = fired.length > FIRED_MAX ? [element("p", { className: "muted", textContent: `and ${fired.length - FIRED_MAX} more` })] : [];
  section.replaceChildren(title, lead, list, ...rest);
  say(`It is ${now.slice(0, 19).replace("T", " ")} UTC now.`);
}

// Webhooks that are sent again

function showResent(resent) {
  const section = document.getElementById("resent");
  const list = element("ul", { className: "fired card" });
  for (const one of resent) {
    const answered = one.status ?? "no answer";
    const row = element("li", {}, element("span", { className: `status ${kind(one.status ?? 500)}`, textContent: answered }));
    row.append(element("span", { className: "subject", textContent: one.url ?? "nobody is subscribed any more" }));
    if (one.error) row.append(element("span", { className: "muted", textContent: one.error }));
    list.append(row);
  }
  const taken = resent.filter((one) => one.status >= 200 && one.status < 300).length;
  section.hidden = resent.length === 0;
  section.replaceChildren(list);
  say(resent.length ? `${taken} of ${resent.length} were taken.` : "Nothing was sent.", taken < resent.length);
}

async function resend(form, button) {
  const body = {};
  if (button?.value === "all") body.filter = JSON.parse(form.dataset.filter);
  else body.ids = [...document.querySelectorAll('.pick input:checked')].map((input) => input.value);
  if (body.ids?.length === 0) return say("Choose deliveries in the list first.", true);
  if (form.elements.url.value) body.url = form.elements.url.value;
  button.disabled = true;
  try {
    const { resent } = await send("POST", form.dataset.path, body);
    for (const input of document.querySelectorAll(".pick input:checked")) input.checked = false;
    await refresh();
    showResent(resent);
  } catch (error) {
    say(error.message, true);
  } finally {
    button.disabled = false;
  }
}

// Recordings: the file goes through the browser, the mock keeps none.

async function endRecording(button) {
  button.disabled = true;
  try {
    const recording = await send("POST", button.dataset.end);
    const file = new File([JSON.stringify(recording, null, 1)], `${button.dataset.name}.json`, { type: "application/json" });
    const link = element("a", { href: URL.createObjectURL(file), download: file.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    const chosen = new DataTransfer();
    chosen.items.add(file);
    document.getElementById("replay-file").files = chosen.files;
    await refresh();
    say(`${recording.count} calls are in ${file.name}, which is chosen below for a replay.`);
  } catch (error) {
    say(error.message, true);
  } finally {
    button.disabled = false;
  }
}

async function replay(form) {
  const button = form.querySelector("button");
  const place = document.getElementById("outcome");
  button.disabled = true;
  place.replaceChildren(element("p", { className: "muted", textContent: "Replaying…" }));
  try {
    const text = await document.getElementById("replay-file").files[0].text();
    const { calls, alike, differs } = await send("POST", form.dataset.replay, JSON.parse(text));
    place.replaceChildren(...(differs ? shownDifference(calls, alike, differs) : [element("p", { className: "notice good", textContent: `All ${calls} calls are answered alike.` })]));
  } catch (error) {
    const reason = error instanceof SyntaxError ? "The file is no JSON." : error.message;
    place.replaceChildren(element("p", { className: "notice bad", textContent: reason }));
  } finally {
    button.disabled = false;
  }
}

function shownDifference(calls, alike, { number, method, path, differences }) {
  const first = element("p", { className: "notice bad" }, element("strong", { textContent: `Call ${number} of ${calls} is answered otherwise.` }));
  first.append(` ${alike} before it ${alike === 1 ? "is" : "are"} answered alike.`);
  const call = element("p", { className: "line" }, element("span", { className: "method", textContent: method }), element("code", { className: "url", textContent: path }));
  const list = element("ul", { className: "differences code", tabIndex: 0 });
  list.append(...differences.map((one) => element("li", { textContent: one })));
  return [first, call, list];
}

async function run(button) {
  const { method, path, headers, body } = JSON.parse(button.dataset.run);
  const place = button.closest("li").querySelector(".answer");
  button.disabled = true;
  const began = performance.now();
  try {
    const answer = await fetch(root + path, { method, headers, body: body ?? undefined });
    const text = await answer.text();
    const took = `${Math.round(performance.now() - began)} ms`;
    const line = element("p", { className: "line" });
    line.append(element("span", { className: `status ${kind(answer.status)}`, textContent: answer.status }));
    line.append(element("span", { className: "muted", textContent: took }));
    place.replaceChildren(line, coloured(indented(text)));
  } catch (error) {
    place.replaceChildren(element("p", { className: "notice bad", textContent: error.message }));
  } finally {
    place.hidden = false;
    button.disabled = false;
  }
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-copy], [data-run], [data-end], button[data-method], a[data-detail]");
  const switcher = document.getElementById("switcher");
  if (switcher?.open && !switcher.contains(event.target)) switcher.open = false;
  if (!target) return;
  if (target.dataset.copy !== undefined) copy(target.dataset.copy);
  else if (target.dataset.run) run(target);
  else if (target.dataset.end) endRecording(target);
  else if (target.dataset.method) act(target, target.dataset.body && JSON.parse(target.dataset.body));
  else if (document.getElementById("detail") && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    showDetail(target.href, true);
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("resend" in form.dataset || form.dataset.replay) {
    event.preventDefault();
    return "resend" in form.dataset ? resend(form, event.submitter ?? form.querySelector("button")) : replay(form);
  }
  if (!form.dataset.method) return;
  event.preventDefault();
  act(form, bodyOf(form));
});

document.addEventListener("keydown", (event) => {
  const switcher = document.getElementById("switcher");
  if (event.key === "Escape" && switcher?.open) {
    switcher.open = false;
    switcher.querySelector("summary").focus();
  }
});

document.querySelector("nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
follow();
refreshParts();
