"use strict";
// Makes the pages of participants more pleasant. Nothing needs it.
(() => {
  const $ = (selector) => document.querySelector(selector);
  $("#summary")?.focus();

  const zone = $("input[data-zone]");
  if (zone && !zone.value) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";

  // An answer that excludes all others takes them away, and they it.
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.type !== "checkbox" || !box.checked || !box.name.startsWith("a.")) return;
    const group = box.closest("fieldset").querySelectorAll("input[type=checkbox]");
    for (const other of group) {
      if (other !== box && ("exclusive" in box.dataset || "exclusive" in other.dataset)) {
        other.checked = false;
      }
    }
  });

  // A slider before each field of a scale; it shows no position until it is touched.
  for (const field of document.querySelectorAll("input[data-slider]")) {
    const slider = document.createElement("input");
    slider.type = "range";
    for (const name of ["min", "max", "step"]) slider[name] = field[name];
    slider.setAttribute("aria-labelledby", "l-" + field.id);
    const label = document.querySelector(`label[for="${field.id}"]`);
    label.id = "l-" + field.id;
    const show = () => {
      slider.classList.toggle("untouched", field.value === "");
      if (field.value !== "") slider.value = field.value;
    };
    const take = () => {
      field.value = slider.value;
      show();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };
    slider.addEventListener("input", take);
    slider.addEventListener("click", take);
    field.addEventListener("input", show);
    field.before(slider);
    show();
  }

  const form = $("#answers");
  const status = $("#saved");
  const offline = $("#offline");
  const tell = () => { if (offline) offline.hidden = navigator.onLine; };
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();

  if (form) {
    const times = new Map();
    let waiting, sent = new URLSearchParams(new FormData(form)).toString();
    const fields = (go) => {
      const data = new URLSearchParams(new FormData(form));
      for (const [item, time] of times) data.append("t." + item, time);
      if (go) data.set("go", go);
      data.set("key", crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`);
      return data;
    };
    const keep = async () => {
      const now = new URLSearchParams(new FormData(form)).toString();
      if (now === sent) return;
      try {
        const answer = await fetch(form.action, { method: "POST", body: fields("keep") });
        if (answer.status === 204) { sent = now; status.textContent = form.dataset.saved; }
        if (answer.status === 202) status.textContent = form.dataset.kept;
      } catch { status.textContent = form.dataset.kept; }
    };
    form.addEventListener("change", (event) => {
      const item = event.target.name?.split(".")[1];
      if (item) times.set(item, Date.now());
      clearTimeout(waiting);
      waiting = setTimeout(keep, 400);
    });
    form.addEventListener("submit", () => {
      clearTimeout(waiting);
      for (const old of form.querySelectorAll("input[data-script]")) old.remove();
      const add = (name, value) => {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = name;
        field.value = value;
        field.dataset.script = "";
        form.append(field);
      };
      for (const [item, time] of times) add("t." + item, time);
      add("key", fields().get("key"));
    });
  }

  const worker = document.body.dataset.worker;
  if (worker && "serviceWorker" in navigator) {
    // What the worker says without a connection, in the participant's language.
    if (form) {
      caches.open("words").then((words) => words.put("offline", new Response(form.dataset.kept)))
        .catch(() => {});
    }
    const scope = worker.replace(/\/sw\.js$/, "/");
    navigator.serviceWorker.register(worker, { scope }).then((registration) => {
      const send = () => registration.active?.postMessage("send");
      addEventListener("online", send);
      send();
    }).catch(() => {});
    navigator.serviceWorker.addEventListener("message", (event) => {
      if (event.data === "sent" && status) status.textContent = form?.dataset.saved ?? "";
    });
  }
})();
