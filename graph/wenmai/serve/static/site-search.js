// Searches the names of a site that is files alone: one file of the index is loaded for a word, by its first two
// characters. Everything shown is set as text.
"use strict";
(function () {
  const place = document.getElementById("found");
  const root = place.dataset.root;
  const language = document.documentElement.lang.startsWith("en") ? 1 : 0;
  const asked = new URLSearchParams(location.search).get("q") || "";
  const waiting = new Map();
  const simpler = new Map();
  let head = null;
  let partly = false; // the pair of characters is so common that the index has a part of its names

  function load(name) {
    const script = document.createElement("script");
    script.src = root + "/search/" + name + ".js";
    script.onerror = function () { say(place.dataset.failed); };
    document.head.appendChild(script);
  }

  function say(text) {
    place.replaceChildren();
    const line = document.createElement("p");
    line.textContent = text;
    place.appendChild(line);
  }

  // The same as folding.key and search.shard in Python.
  const DROPPED = /[\s《》〈〉“”"‘’'`「」『』()\[\]【】〔〕{}·・•‧\-—–_,，、.。:：;；!！?？\u200b-\u200f\u2060-\u2064\ufeff\u00ad]/g;
  function fold(text) {
    const plain = text.normalize("NFKC").replace(DROPPED, "").toLowerCase();
    return Array.from(plain, function (each) { return simpler.get(each) || each; }).join("");
  }
  function shard(pair) {
    let number = 0;
    for (const each of pair) number = (Math.imul(number, 31) + each.codePointAt(0)) >>> 0;
    return ((number ^ (number >>> 15)) >>> 0) % head.shards;
  }

  function rank(name, words) {
    return name === words[0] ? 0 : name.startsWith(words[0]) ? 1 : 2;
  }

  function show(rows, words) {
    const alone = Array.from(words[0]).length === 1; // of one character only the beginnings of names are indexed
    const best = new Map();
    for (const row of rows) {
      const name = fold(row[1]);
      if (!words.every(function (word) { return name.includes(word); }) || (alone && !name.startsWith(words[0]))) continue;
      const found = { row: row, rank: rank(name, words), length: name.length };
      const before = best.get(row[0]);
      if (!before || order(found, before) < 0) best.set(row[0], found);
    }
    const ordered = Array.from(best.values()).sort(order);
    if (!ordered.length) return say(place.dataset.none);
    const list = document.createElement("ul");
    list.className = "near found";
    for (const each of ordered.slice(0, 200)) list.appendChild(item(each.row));
    place.replaceChildren(list);
    if (ordered.length > 200 || partly) {
      const line = document.createElement("p");
      line.className = "quiet";
      line.textContent = place.dataset.more;
      place.appendChild(line);
    }
  }
  function order(one, other) {
    return one.rank - other.rank || one.length - other.length || (one.row[0] < other.row[0] ? -1 : 1);
  }

  function item(row) {
    const kind = head.kinds[row[2]];
    const entry = document.createElement("li");
    if (kind) {
      const chip = document.createElement("span");
      chip.className = "chip c-" + kind[2];
      chip.setAttribute("aria-hidden", "true");
      entry.appendChild(chip);
    }
    const link = document.createElement("a");
    link.href = root + "/doc/" + encodeURIComponent(row[0]) + place.dataset.ending;
    const name = document.createElement("bdi");
    name.textContent = row[3] || row[1];
    link.appendChild(name);
    entry.appendChild(link);
    const more = document.createElement("span");
    more.className = "quiet";
    more.textContent = " " + [row[3] ? row[1] : "", kind ? kind[language] : ""].filter(Boolean).join(" · ");
    entry.appendChild(more);
    return entry;
  }

  window.wenmaiShard = function (number, rows) {
    const words = waiting.get(number);
    if (words) show(rows, words);
  };
  window.wenmaiHead = function (given) {
    head = given;
    const traditional = Array.from(head.traditional);
    const simplified = Array.from(head.simplified);
    traditional.forEach(function (each, at) { simpler.set(each, simplified[at]); });
    const words = asked.split(/\s+/).map(fold).filter(Boolean).sort(function (a, b) { return b.length - a.length; });
    if (!words.length) return say(place.dataset.hint);
    const first = Array.from("^" + words[0]);
    const pairs = [];
    for (let at = first.length > 2 ? 1 : 0; at + 1 < first.length; at += 1) pairs.push(first[at] + first[at + 1]);
    const pair = pairs.find(function (each) { return !head.cut.includes(each); }) || pairs[0];
    partly = head.cut.includes(pair);
    const number = shard(pair);
    waiting.set(number, words);
    load(String(number));
  };

  const field = document.getElementById("q");
  if (field) field.value = asked;
  if (asked) load("head"); else say(place.dataset.hint);
})();
