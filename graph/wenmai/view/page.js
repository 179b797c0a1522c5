// The page's own script: draws the network that stands in #data with vis-network, and tells what each line stands on.
// Names, quotes and titles come from articles: they enter the page as text nodes only, never as markup.
"use strict";
(() => {
  const narrow = window.matchMedia("(max-width: 760px)");
  if (narrow.matches) document.querySelector(".legend").open = false;
  const data = JSON.parse(document.getElementById("data").textContent);
  const texts = data.texts;
  const byId = (id) => document.getElementById(id);
  const nodeOf = new Map(data.nodes.map((node) => [node.id, node]));
  const edgesAt = new Map(data.nodes.map((node) => [node.id, []]));
  for (const edge of data.edges) {
    edgesAt.get(edge.from).push(edge);
    edgesAt.get(edge.to).push(edge);
  }

  const element = (tag, content, attributes = {}) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    for (const part of [content].flat()) if (part !== null && part !== "") made.append(part);
    return made;
  };
  // Text of an article may hold characters that turn the direction of what follows: each stands isolated.
  const said = (text) => element("bdi", text, { lang: "zh" });
  const button = (content, action) => {
    const made = element("button", content, { type: "button" });
    made.addEventListener("click", action);
    return made;
  };

  // ---- the picture ----
  const container = byId("mynetwork");
  // A wide layout is laid on its side on a tall screen.
  const spread = (key) => Math.max(...data.nodes.map((node) => node[key])) - Math.min(...data.nodes.map((node) => node[key]));
  if (container.clientHeight > 1.2 * container.clientWidth && spread("x") > spread("y")) {
    for (const node of data.nodes) [node.x, node.y] = [node.y, node.x];
  }
  const nodes = new vis.DataSet(data.nodes);
  const edges = new vis.DataSet(data.edges);
  const network = new vis.Network(container, { nodes, edges }, data.options);
  window.network = network;
  window.nodes = nodes;
  window.edges = edges;

  // How much room names take is known once they were drawn. Until the reader moves it, the whole picture stays in view.
  let moved = false;
  const whole = () => network.fit({ animation: false });
  network.once("afterDrawing", () => requestAnimationFrame(whole));
  network.on("resize", () => { if (!moved) requestAnimationFrame(whole); });
  for (const event of ["zoom", "dragStart"]) network.on(event, () => { moved = true; });

  // From far away vis-network draws no names, so those of the most connected, then those of the lines, are drawn here
  // where they have room.
  const measured = new Map();
  network.on("afterDrawing", (context) => {
    const scale = network.getScale();
    const taken = [];
    const left = network.DOMtoCanvas({ x: 0, y: 0 }).x;
    const right = network.DOMtoCanvas({ x: container.clientWidth, y: 0 }).x;
    const write = (key, text, pixels, x, y, color) => {
      context.font = `${pixels / scale}px ${data.options.nodes.font.face}`;
      if (!measured.has(key)) measured.set(key, context.measureText(text).width * scale);
      const half = measured.get(key) / 2 / scale;
      const at = x > left && x < right ? Math.max(left + half, Math.min(right - half, x)) : x;
      const box = [at - half, y, at + half, y + (pixels + 3) / scale];
      if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return false;
      taken.push(box);
      context.strokeStyle = "#ffffff";
      context.strokeText(text, at, y);
      context.fillStyle = color;
      context.fillText(text, at, y);
      return true;
    };
    context.textAlign = "center";
    context.textBaseline = "top";
    context.lineWidth = 3 / scale;
    for (const node of data.nodes) {
      if (taken.length >= 80) break;
      if (node.font.size * scale >= data.options.nodes.scaling.label.drawThreshold - 1) continue;
      const at = network.getPosition(node.id);
      write(node.id, node.short, 13, at.x, at.y + node.size, "#111111");
    }
    if (data.options.edges.font.size * scale >= data.options.edges.scaling.label.drawThreshold - 1) return;
    for (const edge of data.edges) {
      if (taken.length >= 160) break;
      const [one, other] = [network.getPosition(edge.from), network.getPosition(edge.to)];
      const long = Math.hypot(one.x - other.x, one.y - other.y) * scale;
      if (edge.label.length * 11 + 24 > long) continue;
      [0.5, 0.4, 0.6, 0.3, 0.7].some((part) => write(edge.id, edge.label, 11,
        one.x + (other.x - one.x) * part, one.y + (other.y - one.y) * part - 6 / scale, "#555555"));
    }
  });

  const zoom = (factor) => { moved = true; network.moveTo({ scale: network.getScale() * factor }); };
  byId("zoom-in").addEventListener("click", () => zoom(1.3));
  byId("zoom-out").addEventListener("click", () => zoom(1 / 1.3));
  byId("zoom-fit").addEventListener("click", whole);
  container.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };
    const move = moves[event.key];
    if (move) {
      const at = network.getViewPosition();
      const scale = network.getScale();
      network.moveTo({ position: { x: at.x + move[0] / scale, y: at.y + move[1] / scale } });
    } else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") whole();
    else return;
    event.preventDefault();
  });

  const hover = byId("hover");
  const hint = hover.textContent;
  const way = (edge) => (edge.arrows ? "→" : "—");
  const sentence = (edge) => `${nodeOf.get(edge.from).name} — ${edge.label} ${way(edge)} ${nodeOf.get(edge.to).name}`;
  network.on("hoverNode", (event) => { hover.textContent = nodeOf.get(event.node).name; });
  network.on("hoverEdge", (event) => { hover.textContent = sentence(edges.get(event.edge)); });
  network.on("blurNode", () => { hover.textContent = hint; });
  network.on("blurEdge", () => { hover.textContent = hint; });
  network.on("click", (event) => {
    if (event.nodes.length) showNode(event.nodes[0], false);
    else if (event.edges.length) showEdge(event.edges[0], false);
    else clear();
  });

  // ---- the panel ----
  const panel = byId("panel");
  const fill = (parts, byKeyboard) => {
    panel.replaceChildren(...parts);
    panel.scrollTop = 0;
    if (byKeyboard) panel.focus({ preventScroll: true });
    if (byKeyboard || narrow.matches) panel.scrollIntoView({ block: "nearest" });
  };
  const clear = () => {
    network.unselectAll();
    panel.replaceChildren(element("p", hint, { class: "quiet" }));
  };
  const heading = (content) => element("header", [
    element("h2", content),
    button("×", () => { clear(); byId("search").focus(); }),
  ]);
  const tag = (kind, text) => element("span", text, { class: `tag ${kind}` });

  const quotes = (item) => {
    const list = item.evidence.map(([article, quote, modality, approximate]) => {
      const [identifier, title, date] = data.articles[article];
      const notes = [texts[modality]].concat(approximate ? [texts.approximate] : []).join("、");
      return [
        element("blockquote", said(quote)),
        element("cite", [said(title || identifier), ` · ${date || texts.undated} · `, said(identifier), ` · ${notes}`]),
      ];
    });
    if (item.stated > item.evidence.length) {
      list.push(element("p", texts.more.replace("{n}", item.stated - item.evidence.length), { class: "quiet" }));
    }
    return list.length ? list.flat() : [element("p", texts.noEvidence, { class: "quiet" })];
  };

  function showEdge(id, byKeyboard = true) {
    const edge = edges.get(id);
    network.unselectAll();
    network.selectEdges([id]);
    const end = (key) => button(said(nodeOf.get(key).name), () => showNode(key));
    const others = edgesAt.get(edge.from).filter((each) => each.id !== id && [each.from, each.to].includes(edge.to));
    const between = others.map((each) => element("li", button(
      [said(sentence(each)), " ", tag(each.kind, data.kinds[each.kind])], () => showEdge(each.id))));
    const head = heading([said(nodeOf.get(edge.from).name), " — ", said(edge.label), ` ${way(edge)} `,
      said(nodeOf.get(edge.to).name)]);
    fill([
      head,
      element("p", tag(edge.kind, data.kinds[edge.kind])),
      element("h3", texts.evidence),
      ...quotes(edge),
      ...(between.length ? [element("h3", texts.between), element("ul", between)] : []),
      element("h3", texts.ends),
      element("ul", [element("li", end(edge.from)), element("li", end(edge.to))]),
    ], byKeyboard);
  }

  function showNode(id, byKeyboard = true) {
    const node = nodeOf.get(id);
    network.unselectAll();
    network.selectNodes([id]);
    if (byKeyboard) network.focus(id, { scale: Math.max(network.getScale(), 0.8), animation: false });
    const parts = [heading(said(node.name))];
    const tags = [tag("", node.cls)];
    if (node.status) tags.push(tag(node.status === "Scheduled" ? "planned" : "", texts[node.status]));
    parts.push(element("p", tags));
    if (node.names.length) parts.push(element("h3", texts.names), element("p", node.names.map((name) => [said(name), " "]).flat()));
    if (node.facts.length) {
      parts.push(element("h3", texts.details));
      for (const fact of node.facts) {
        const value = element("dd", [said(fact.value), " "]);
        if (fact.kind !== "asserted") value.append(tag(fact.kind, data.kinds[fact.kind]));
        parts.push(element("dl", [element("dt", fact.label), value]), ...quotes(fact));
      }
    }
    const around = edgesAt.get(id);
    if (around.length) {
      const line = (edge) => {
        const out = edge.from === id;
        const other = said(nodeOf.get(out ? edge.to : edge.from).name);
        const content = out || !edge.arrows ? [said(edge.label), ` ${way(edge)} `, other]
          : [other, " — ", said(edge.label), " →"];
        return element("li", button(content, () => showEdge(edge.id)));
      };
      parts.push(element("h3", texts.relations), element("ul", around.map(line)));
    }
    parts.push(element("p", node.iri, { class: "iri" }));
    fill(parts, byKeyboard);
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") clear(); });

  // ---- search ----
  const search = byId("search");
  const results = byId("results");
  const close = () => { results.hidden = true; };
  // Names that are the words come first, then those that begin with them, then those that hold them.
  const nearness = (name, words) => {
    const at = name.toLowerCase().indexOf(words);
    return at < 0 ? 3 : name.length === words.length ? 0 : at === 0 ? 1 : 2;
  };
  const matches = (words) => data.nodes
    .map((node) => [Math.min(...[node.name, ...node.names].map((name) => nearness(name, words))), node])
    .filter(([near]) => near < 3)
    .sort((one, other) => one[0] - other[0])
    .map(([, node]) => node);
  search.addEventListener("input", () => {
    const words = search.value.trim().toLowerCase();
    const found = words ? matches(words) : [];
    byId("found").textContent = words ? (found.length ? `${found.length} ${texts.results}` : texts.none) : "";
    results.replaceChildren(...found.slice(0, 30).map((node) =>
      element("li", button([said(node.name), " ", element("span", node.cls, { class: "quiet" })],
        () => { close(); showNode(node.id); }))));
    results.hidden = found.length === 0;
  });
  search.addEventListener("keydown", (event) => {
    const first = results.querySelector("button");
    if (results.hidden || !first) return;
    if (event.key === "Enter") first.click();
    else if (event.key === "ArrowDown") { first.focus(); event.preventDefault(); }
    else if (event.key === "Escape") close();
  });
  results.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" };
    if (event.key === "Escape") { close(); search.focus(); }
    if (!steps[event.key]) return;
    const item = document.activeElement.closest("li")[steps[event.key]];
    (item ? item.querySelector("button") : search).focus();
    event.preventDefault();
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".search")) close(); });

  // ---- the list of facts, built when it is first opened ----
  const row = (subject, label, object, item, show) => {
    const [article, quote, modality] = item.evidence[0] || [null, texts.noEvidence, "Inferred"];
    const [identifier, title, date] = article === null ? ["", "", ""] : data.articles[article];
    return element("tr", [
      element("td", button(said(subject.name), () => showNode(subject.id))),
      element("td", button(said(label), show)),
      element("td", object.id === undefined ? said(object.name) : button(said(object.name), () => showNode(object.id))),
      element("td", item.kind === "asserted" ? texts[modality] : data.kinds[item.kind]),
      element("td", said(quote)),
      element("td", said(title || identifier)),
      element("td", date || texts.undated),
    ], { class: item.kind });
  };
  const build = () => {
    const made = data.edges.map((edge) =>
      row(nodeOf.get(edge.from), edge.label, nodeOf.get(edge.to), edge, () => showEdge(edge.id)));
    for (const node of data.nodes) {
      for (const fact of node.facts) made.push(row(node, fact.label, { name: fact.value }, fact, () => showNode(node.id)));
    }
    byId("rows").replaceChildren(...made);
  };
  byId("facts").addEventListener("toggle", () => { if (!byId("rows").childElementCount) build(); });
  byId("filter").addEventListener("input", () => {
    const words = byId("filter").value.trim().toLowerCase();
    for (const each of byId("rows").children) each.hidden = !each.textContent.toLowerCase().includes(words);
  });
})();
