// What pages do with a script, and can do without: show a password, print.
"use strict";

for (const field of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "reveal";
  button.setAttribute("aria-controls", field.id);
  const show = (visible) => {
    field.type = visible ? "text" : "password";
    const name = document.querySelector(`label[for="${field.id}"]`)?.textContent.toLowerCase() ?? "password";
    button.textContent = visible ? "Hide" : "Show";
    button.setAttribute("aria-label", `${visible ? "Hide" : "Show"} ${name}`);
  };
  show(false);
  field.autocapitalize = "none";
  field.spellcheck = false;
  button.addEventListener("click", () => { show(field.type === "password"); field.focus(); });
  // Password managers look for fields that hide what is typed.
  field.form?.addEventListener("submit", () => show(false));
  const both = document.createElement("span");
  both.className = "secret";
  field.before(both);
  both.append(field, button);
}

for (const button of document.querySelectorAll("button.print")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
