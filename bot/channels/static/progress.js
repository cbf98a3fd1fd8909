// Shows a patient's own record: a table that a screen reader can read, and the chart as a picture.
"use strict";

function cell(kind, text, scope) {
  const made = document.createElement(kind);
  made.textContent = text;
  if (scope) made.scope = scope;
  return made;
}

function progressTable(record) {
  const table = document.createElement("table");
  table.append(cell("caption", record.caption));
  const head = table.createTHead().insertRow();
  for (const name of record.columns) head.append(cell("th", name, "col"));
  const body = table.createTBody();
  for (const [day, ...rest] of record.rows) {
    const row = body.insertRow();
    row.append(cell("th", day, "row"), ...rest.map((text) => cell("td", text)));
  }
  return table;
}

// The token goes in a header, never in an address, so the picture is fetched and shown from memory.
async function progressChart(record, token) {
  const answer = await fetch(record.chart, { headers: { Authorization: "Bearer " + token } });
  if (!answer.ok) throw new Error(String(answer.status));
  const picture = document.createElement("img");
  picture.alt = record.alt;
  picture.src = URL.createObjectURL(await answer.blob());
  return picture;
}

function showProgress(record, token, into) {
  const card = document.createElement("div");
  card.className = "turn bot progress";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Show as a chart";
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const picture = await progressChart(record, token);
      button.replaceWith(picture);
    } catch {
      button.disabled = false;
      button.textContent = "The chart could not be loaded. Try again";
    }
  });
  card.append(progressTable(record), button);
  into.append(card);
}
