"use strict";
// The ticket of the step that is next, the token of a sign-in, and the mailed
// token that came behind the "#".
let mfaId = "", token = sessionStorage.getItem("token") || "", mailed = "";

const $ = (id) => document.getElementById(id);
const of = "/api/collections/customers/";

function says(text, bad) {
  $("says").textContent = text;
  $("says").className = bad ? "bad" : "";
}

function show(id) {
  for (const part of $("forms").children) part.hidden = part.id !== id;
  const first = $(id).querySelector("input");
  if (first) first.focus();
}

function keep(fresh) {
  token = fresh;
  if (token) sessionStorage.setItem("token", token);
  else sessionStorage.removeItem("token");
}

// ask sends a request, and follows what must be done first.
async function ask(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = token;
  const res = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const text = await res.text();
  const answer = text ? JSON.parse(text) : {};
  if (answer.token) keep(answer.token);
  if (answer.meta && answer.meta.recoveryCodes) {
    $("recovery").replaceChildren(...answer.meta.recoveryCodes.map((code) => line("li", code)));
    show("codes");
  }
  if (res.ok) return answer;
  mfaId = answer.mfaId || mfaId;
  const problem = answer.data && answer.data.password;
  let why = problem ? problem.message : answer.message;
  if (res.headers.has("Retry-After")) why += " (" + res.headers.get("Retry-After") + " s)";
  says(why, true);
  switch (answer.code) {
    case "need_code": show("code"); break;
    case "need_enroll": show("enroll"); break;
    case "step_up": show("step-up"); break;
    case "need_proof": show("forgot"); break;
    case "bad_ticket": show("sign-in"); break;
    case "need_new_password":
      show(answer.proof === "out_of_band" ? "forgot" : answer.mfaId ? "new-password" : "change");
      break;
    case "sign_in_again": keep(""); show("sign-in");
  }
  return null;
}

function line(tag, text) {
  const e = document.createElement(tag);
  e.textContent = text;
  return e;
}

async function account() {
  if (!token) return show("sign-in");
  const a = await ask("GET", "/api/shop/account");
  if (!a) return;
  const facts = { Name: a.name, "Card on file": a.card ? "… " + a.card : "none", "Second factor": a.factor ? "on, " + a.recoveryLeft + " recovery codes left" : "off" };
  if (a.due) facts["New password"] = "by " + new Date(a.dueBy).toLocaleDateString();
  $("facts").replaceChildren(...Object.entries(facts).flatMap(([name, value]) => [line("dt", name), line("dd", value)]));
  show("account");
}

async function cart(answer) {
  const items = Object.values((answer || (await ask("GET", "/api/shop/cart")) || {}).items || {});
  const n = items.reduce((sum, quantity) => sum + quantity, 0);
  $("cart").textContent = n ? "In the cart: " + n : "The cart is empty.";
}

// done is what follows a form that went well.
const done = {
  "sign-up": () => { says("Please look into your mail."); show("sign-in"); },
  forgot: () => { says("If there is such an account, a mail is on its way."); show("sign-in"); },
  reset: () => { says("The password was changed. Please sign in."); show("sign-in"); },
  enroll: (answer) => {
    mfaId = answer.mfaId;
    $("secret").textContent = answer.secret;
    $("qr").src = "data:image/png;base64," + answer.qr;
    show("enroll-confirm");
  },
  "enroll-confirm": () => { says("The second factor is on."); $("secret").textContent = ""; $("qr").removeAttribute("src"); },
};

const paths = {
  "sign-in": of + "auth-with-password", confirm: of + "confirm-verification",
  code: "/api/credentials/continue", "new-password": "/api/credentials/continue", change: "/api/credentials/password",
};

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const body = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
  Object.assign(body, { mfaId, token: mailed });
  if (form.id === "enroll" && !body.email) body.email = document.querySelector("#sign-in [name=identity]").value;
  const answer = await ask("POST", paths[form.id] || "/api/credentials/" + form.id, body);
  for (const secret of form.querySelectorAll("input:not([type=email])")) secret.value = "";
  if (!answer) return;
  says("");
  if (done[form.id]) return done[form.id](answer);
  mfaId = "";
  await account();
});

document.addEventListener("click", async (event) => {
  const target = event.target;
  if (target.dataset.show) return show(target.dataset.show);
  if (target.dataset.product) return cart(await ask("POST", "/api/shop/cart", { product: target.dataset.product, quantity: 1 }));
  switch (target.id) {
    case "noted": $("recovery").replaceChildren(); return account();
    case "sign-out": case "end-sessions":
      if (await ask("POST", "/api/credentials/" + target.id)) { keep(""); show("sign-in"); }
      return;
    case "checkout": case "pay": {
      const sold = await ask("POST", "/api/shop/" + target.id);
      if (sold) { says("Sold, to be paid " + sold.paid + "."); await cart(); }
    }
  }
});

async function start() {
  const list = await ask("GET", "/api/collections/products/records");
  for (const product of list ? list.items : []) {
    const item = line("li", product.name + ", " + (product.cents / 100).toFixed(2) + " €");
    const button = line("button", "Into the cart");
    button.dataset.product = product.id;
    item.append(button);
    $("products").append(item);
  }
  await cart();
  const [what, value] = location.hash.slice(1).split("=", 2);
  if (value && (what === "confirm" || what === "reset")) {
    mailed = value;
    history.replaceState(null, "", "/");
    show(what);
    return;
  }
  await account();
}

start();
