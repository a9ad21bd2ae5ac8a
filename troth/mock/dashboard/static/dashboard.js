// What makes the pages live: each element says with its data attributes what it does.
const root = document.body.dataset.root;
const toast = document.getElementById("toast");
const dialog = document.getElementById("confirm");

// Small things

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

// The page, read again

async function read(url) {
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function swap(old, fresh) {
  const focused = document.activeElement?.id;
  for (const kept of old.querySelectorAll("[data-keep]")) fresh.querySelector(`#${CSS.escape(kept.id)}`)?.replaceWith(kept);
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

// Calls as they come

let source;
function follow() {
  source?.close();
  const list = document.querySelector("[data-stream]");
  if (!list) return;
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
    if (from instanceof HTMLFormElement && !("keep" in from.dataset)) from.reset();
    if ("fired" in from.dataset) showFired(value);
    if (open) await showDetail(new URL(open.replace("{number}", value.number), location).href, true);
    else if (next && next !== location.pathname + location.search) return location.assign(next);
    else await refresh();
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
  const target = event.target.closest("[data-copy], [data-run], button[data-method], a[data-detail]");
  const switcher = document.getElementById("switcher");
  if (switcher?.open && !switcher.contains(event.target)) switcher.open = false;
  if (!target) return;
  if (target.dataset.copy !== undefined) copy(target.dataset.copy);
  else if (target.dataset.run) run(target);
  else if (target.dataset.method) act(target, target.dataset.body && JSON.parse(target.dataset.body));
  else if (document.getElementById("detail") && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    showDetail(target.href, true);
  }
});

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.method) return;
  event.preventDefault();
  act(event.target, bodyOf(event.target));
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
