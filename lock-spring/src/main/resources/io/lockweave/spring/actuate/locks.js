"use strict";
(() => {
  const EVERY = 2000;
  const MOST_SHOWN = 200;
  const at = id => document.getElementById(id);
  const path = location.pathname.replace(/\/+$/, "");
  const url = path.slice(0, path.lastIndexOf("/") + 1) + document.body.dataset.locks;
  // Never inside of another page, which could lay something else over the button.
  const mayRelease = document.body.dataset.release === "true" && window.top === window;
  const shown = new Map();
  let report = null;
  let paused = false;
  let asked = null;

  const REMEDIES = {
    401: "You are not logged in. To fix it: log in, then load this page again.",
    403: "You may not read the locks. To fix it: ask for the role that the application wants for its actuator endpoints.",
    404: "The endpoint \"locks\" is not exposed. To fix it: add it to management.endpoints.web.exposure.include.",
  };

  const RELEASE_REMEDIES = {
    400: "The application, or something before it, refused the address. To fix it: free it in the program, with locks.forceRelease.",
    401: REMEDIES[401],
    404: "The endpoint \"locks\" frees nothing any more. To fix it: load this page again.",
    405: "The endpoint \"locks\" frees nothing any more. To fix it: load this page again.",
    503: "The store does not answer. To fix it: bring it back, then try again.",
  };

  function time(millis) {
    const seconds = Math.floor(millis / 1000);
    const text = millis < 1000 ? millis + " ms"
      : seconds < 120 ? seconds + " s"
      : seconds < 7200 ? Math.floor(seconds / 60) + " min " + seconds % 60 + " s"
      : Math.floor(seconds / 3600) + " h " + Math.floor(seconds % 3600 / 60) + " min";
    return text.replaceAll(" ", "\u00a0");
  }

  function element(name, text, style) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (style) made.className = style;
    return made;
  }

  function setText(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  function fill(list, lines) {
    while (list.children.length > lines.length) list.lastElementChild.remove();
    lines.forEach((line, i) => setText(list.children[i] || list.appendChild(element("li")), line));
  }

  function holderLine(holder) {
    return holder.place + (holder.mode === "exclusive" ? "" : ", " + holder.mode)
      + (holder.heldMillis === null ? "" : ", for " + time(holder.heldMillis))
      + (holder.leaseLeftMillis === null ? "" : ", lease " + time(Math.max(0, holder.leaseLeftMillis)) + " left");
  }

  function waiterLine(waiter) {
    const ways = { queued: "in this process's queue", listening: "listens for the release", polling: "asks again and again" };
    return waiter.place + (waiter.mode === "exclusive" ? "" : ", " + waiter.mode) + ", for " + time(waiter.waitingMillis)
      + ", " + ways[waiter.way] + (waiter.asked > 0 ? " (asked " + waiter.asked + "\u00a0times)" : "")
      + (waiter.timeLeftMillis === null ? "" : ", gives up in " + time(waiter.timeLeftMillis));
  }

  function newCard(lock) {
    const card = element("article", undefined, "card");
    card.setAttribute("aria-label", lock.key);
    const head = card.appendChild(element("div", undefined, "head"));
    const title = head.appendChild(element("h3", lock.key, "key"));
    head.appendChild(element("span", lock.backend, "backend"));
    const note = head.appendChild(element("span", "", "backend"));
    if (mayRelease && lock.address === null) {
      head.appendChild(element("span", "cannot be freed here", "backend"));
    } else if (mayRelease) {
      const button = head.appendChild(element("button", "Free", "danger"));
      button.type = "button";
      button.setAttribute("aria-label", "Free " + lock.key);
      button.addEventListener("click", () => ask(lock));
    }
    const people = card.appendChild(element("div", undefined, "people"));
    const side = label => {
      const box = people.appendChild(element("div"));
      const heading = box.appendChild(element("h4", label));
      const list = box.appendChild(element("ul"));
      list.setAttribute("aria-label", label);
      return { heading, list };
    };
    return { card, title, note, people, holders: side("Held by"), waiters: side("Waiting, in order") };
  }

  function showLocks() {
    const wanted = at("search").value.trim().toLowerCase();
    const found = report.locks.filter(lock => lock.key.toLowerCase().includes(wanted));
    const locks = found.slice(0, MOST_SHOWN);
    const ids = new Set();
    locks.forEach(lock => {
      const id = lock.backend + " " + lock.key;
      ids.add(id);
      let card = shown.get(id);
      if (!card) {
        card = newCard(lock);
        shown.set(id, card);
        at("locks").appendChild(card.card);
      }
      const elsewhere = lock.waitersElsewhere;
      card.card.classList.toggle("waited", lock.waiters.length > 0 || elsewhere > 0);
      setText(card.note, lock.inTransit ? "on its way to the next holder" : "");
      fill(card.holders.list, lock.holders.length ? lock.holders.map(holderLine) : ["nobody at this moment"]);
      fill(card.waiters.list, lock.waiters.map(waiterLine)
        .concat(elsewhere > 0 ? [elsewhere + (elsewhere === 1 ? " other process" : " other processes")] : []));
      const alone = card.waiters.list.children.length === 0;
      card.waiters.heading.hidden = alone;
      card.waiters.list.hidden = alone;
      card.people.classList.toggle("alone", alone);
    });
    for (const [id, card] of shown) {
      if (!ids.has(id)) {
        card.card.remove();
        shown.delete(id);
      }
    }
    setText(at("count"), found.length > MOST_SHOWN ? "(" + MOST_SHOWN + " of " + found.length + ")" : "(" + found.length + ")");
    at("none").hidden = found.length > 0;
    setText(at("none"), wanted && report.locks.length ? "No lock matches the search." : "No lock is held or waited for.");
  }

  function showRest() {
    const body = at("contended").tBodies[0];
    body.replaceChildren(...report.contended.map(one => {
      const row = element("tr");
      const name = element("th", one.name);
      name.scope = "row";
      row.append(name, element("td", String(one.waits)), element("td", String(one.unavailable)));
      return row;
    }));
    at("contended").hidden = report.contended.length === 0;
    at("contended-none").hidden = report.contended.length > 0;
    fill(at("lost"), report.lost.map(one => new Date(one.at).toLocaleTimeString() + ": " + one.key + " (" + one.backend
      + "), after " + time(one.heldMillis) + (one.why ? ": " + one.why : "")));
    at("lost-none").hidden = report.lost.length > 0;
    fill(at("backends"), report.backends.map(one => one.name + ": " + (one.outageMillis !== null
      ? "no answer for " + time(one.outageMillis) : one.problem ? "its locks cannot be listed: " + one.problem : "answers")));
    [...at("backends").children].forEach((line, i) => {
      const one = report.backends[i];
      line.classList.toggle("down", one.outageMillis !== null || one.problem !== null);
    });
  }

  function problem(text) {
    at("problem").hidden = !text;
    setText(at("problem"), text);
  }

  async function read() {
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
      if (!answer.ok) throw new Error(REMEDIES[answer.status] || "The application answered " + answer.status + ". To fix it: look at its log.");
      if (!(answer.headers.get("Content-Type") || "").includes("json")) throw new Error(REMEDIES[401]);
      report = await answer.json();
      problem("");
      showLocks();
      showRest();
      setText(at("state"), paused ? "Paused" : "Read every 2 s");
    } catch (e) {
      problem(e instanceof TypeError ? "The application does not answer; what is shown is old. It is asked again every 2 s." : e.message);
      setText(at("state"), "Not up to date");
    }
  }

  async function loop() {
    if (!paused && !document.hidden) await read();
    setTimeout(loop, EVERY);
  }

  function ask(lock) {
    asked = lock;
    setText(at("confirm-key"), lock.key);
    at("confirm").showModal();
    at("confirm-no").focus();
  }

  async function release() {
    const { key, address } = asked;
    at("confirm").close();
    const headers = { Accept: "application/json" };
    const token = /(?:^|;\s*)XSRF-TOKEN=([^;]+)/.exec(document.cookie);
    if (token) headers["X-XSRF-TOKEN"] = decodeURIComponent(token[1]);
    try {
      const answer = await fetch(url + "/" + address, { method: "DELETE", headers, credentials: "same-origin" });
      if (answer.ok) {
        const freed = (await answer.json()).released;
        setText(at("said"), freed ? key + " was freed." : key + " was not freed: it was free already.");
      } else if (answer.status === 403) {
        setText(at("said"), key + " was not freed: the application refused it. To fix it: use an account that may, and have Spring Security hand out its CSRF token as to a single-page application (csrf.spa()).");
      } else {
        setText(at("said"), key + " was not freed. " + (RELEASE_REMEDIES[answer.status] || "The application answered " + answer.status + ". To fix it: look at its log."));
      }
    } catch (e) {
      setText(at("said"), key + " was not freed: the application does not answer.");
    }
    await read();
    // The button went with its lock: the keyboard goes on from the list.
    if (document.activeElement === document.body) at("locks-title").focus();
  }

  at("search").addEventListener("input", () => report && showLocks());
  at("pause").addEventListener("click", () => {
    paused = !paused;
    setText(at("pause"), paused ? "Resume" : "Pause");
    setText(at("state"), paused ? "Paused" : "Read every 2 s");
    if (!paused) read();
  });
  at("confirm-no").addEventListener("click", () => at("confirm").close());
  at("confirm-yes").addEventListener("click", release);
  loop();
})();
