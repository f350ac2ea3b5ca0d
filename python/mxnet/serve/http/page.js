"use strict";
// The page at /: lists the models every two seconds, and shows the answer to a picture or JSON.

const byId = (id) => document.getElementById(id);
let models = [];

function cell(row, text) {
  const place = row.insertCell();
  place.textContent = text;
}

function shapeText(input) {
  const sizes = input.shape ? input.shape.map((size) => (size < 0 ? "?" : size)).join("×") : "?";
  return `${input.name} ${input.dtype} ${sizes}`;
}

function showModels() {
  const body = byId("models");
  body.replaceChildren();
  for (const model of models) {
    for (const version of model.versions) {
      const row = body.insertRow();
      cell(row, model.name);
      cell(row, version.version);
      cell(row, version.state);
      cell(row, model.inputs.map(shapeText).join(", ") || "its handler");
      cell(row, version.requests);
      cell(row, version.waiting);
      cell(row, version.median_ms === null ? "" : `${version.median_ms} ms`);
    }
  }
  const choice = byId("model");
  const names = models.map((model) => model.name);
  if (names.join("\n") !== [...choice.options].map((option) => option.value).join("\n")) {
    choice.replaceChildren(...names.map((name) => new Option(name, name)));
  }
}

async function refresh() {
  try {
    models = (await (await fetch("/status")).json()).models;
    showModels();
  } catch (error) {
    byId("time").textContent = `The server does not answer (${error.message}).`;
  }
}

function showClasses(values, labels) {
  const order = values.map((value, index) => [value, index]).sort((a, b) => b[0] - a[0]);
  const table = document.createElement("table");
  for (const [value, index] of order.slice(0, 5)) {
    const row = table.insertRow();
    cell(row, labels && labels[index] !== undefined ? labels[index] : `class ${index}`);
    const meter = document.createElement("meter");
    meter.value = value;
    row.insertCell().append(meter);
    cell(row, value.toFixed(4));
  }
  byId("answer").append(table);
}

function show(text, isRight, model) {
  byId("answer").replaceChildren();
  let values = null;
  try {
    values = JSON.parse(text);
  } catch (error) {
    values = null;
  }
  const isRow = Array.isArray(values) && values.length === 1 && Array.isArray(values[0]);
  if (isRight && isRow && values[0].every((each) => typeof each === "number" && each >= 0)) {
    showClasses(values[0], model && model.labels);
  }
  const plain = document.createElement("pre");
  plain.textContent = text.length > 4000 ? `${text.slice(0, 4000)} …` : text;
  plain.className = isRight ? "" : "wrong";
  byId("answer").append(plain);
}

byId("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = byId("model").value;
  const file = byId("picture").files[0];
  const request = file
    ? { body: file, headers: { "Content-Type": file.type || "application/octet-stream" } }
    : { body: byId("text").value, headers: { "Content-Type": "application/json" } };
  const start = performance.now();
  try {
    const path = `/endpoints/${encodeURIComponent(name)}/invocations`;
    const answer = await fetch(path, { method: "POST", ...request });
    const text = await answer.text();
    byId("time").textContent =
      `${answer.status}, ${(performance.now() - start).toFixed(1)} ms, ` +
      `request ${answer.headers.get("x-request-id")}`;
    show(text, answer.ok, models.find((model) => model.name === name));
  } catch (error) {
    show(error.message, false, null);
  }
  refresh();
});

refresh();
setInterval(refresh, 2000);
