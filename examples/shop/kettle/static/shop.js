// What pages do with a script, and can do without: show a password, take one that
// was suggested, print. The texts are those of the page, in its language.
"use strict";

const texts = document.body.dataset;

for (const field of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "reveal";
  button.setAttribute("aria-controls", field.id);
  const show = (visible) => {
    field.type = visible ? "text" : "password";
    const name = document.querySelector(`label[for="${field.id}"]`)?.textContent ?? "";
    // German nouns keep their capitals.
    const inside = document.documentElement.lang === "en" ? name.toLowerCase() : name;
    button.textContent = visible ? texts.hide : texts.show;
    button.setAttribute("aria-label", (visible ? texts.hideField : texts.showField).replace("{field}", inside));
  };
  show(false);
  field.autocapitalize = "none";
  field.spellcheck = false;
  button.addEventListener("click", () => { show(field.type === "password"); field.focus(); });
  field.addEventListener("taken", () => show(true));
  // Password managers look for fields that hide what is typed.
  field.form?.addEventListener("submit", () => show(false));
  const both = document.createElement("span");
  both.className = "secret";
  field.before(both);
  both.append(field, button);
}

for (const part of document.querySelectorAll(".suggest")) part.hidden = false;

// A password that is taken is judged like one that was typed, and can be read.
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("button.take")) return;
  const field = document.querySelector("input[autocomplete=new-password]");
  field.value = document.getElementById("suggested").textContent;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("taken"));
  document.getElementById("suggestion").replaceChildren();
  field.focus();
});

for (const button of document.querySelectorAll("button.print")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
