// Draws the map from what the server placed: nothing is laid out here, so that nothing moves between visits.
"use strict";
(() => {
  const stage = document.getElementById("map");
  if (!stage || typeof cytoscape === "undefined") return;
  const say = stage.dataset;
  const told = document.getElementById("map-told");
  const search = document.getElementById("map-search");
  const boxes = [...document.querySelectorAll("#map-tools [name=layer]")];
  const opened = new Set(new URLSearchParams(location.search).getAll("ouvre"));
  const SHAPES = { modality: "hexagon", server: "rectangle", network: "diamond", printer: "cut-rectangle", laptop: "round-rectangle", workstation: "round-rectangle" };
  const byStep = say.step !== undefined;
  let steps = [];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let cy = null;

  // The page's colours, as they are in this theme.
  const colours = () => {
    const probe = document.createElement("span");
    probe.hidden = true;
    stage.after(probe);
    const found = {};
    for (const name of ["room", "card", "well", "box", "ink", "soft", "line", "edge", "accent", "failed", "warn"]) {
      probe.style.color = `var(--${name})`;
      found[name] = getComputedStyle(probe).color;
    }
    probe.remove();
    return found;
  };

  const style = (c) => [
    { selector: "node", style: { label: "data(name)", color: c.ink, "font-size": 13, "font-family": "system-ui, Inter, sans-serif", "text-wrap": "ellipsis", "text-max-width": 106, "text-valign": "bottom", "text-margin-y": 5, "min-zoomed-font-size": 5, "border-width": 1.5, "border-color": c.edge, "background-color": c.card, "overlay-opacity": 0, "z-index-compare": "manual" } },
    { selector: "node.around", style: { shape: "round-rectangle", width: "data(w)", height: "data(h)", "text-valign": "top", "text-margin-y": "data(lift)", "font-size": "data(font)", "font-weight": 600, "text-max-width": "data(w)", color: c.soft, "border-color": c.line, "z-index": 1 } },
    { selector: "node[sort='zone']", style: { "background-color": c.box, "background-opacity": 0.55, "border-color": c.edge, color: c.ink, "z-index": 0 } },
    { selector: "node[sort='network']", style: { "background-color": c.card, "background-opacity": 0.85 } },
    { selector: "node.closed", style: { "text-valign": "center", "text-margin-y": 0, "text-wrap": "wrap", "background-opacity": 1, "border-width": 3, "border-color": c.edge, color: c.ink } },
    { selector: "node[sort='host']", style: { width: 38, height: 28, "z-index": 10 } },
    ...Object.entries(SHAPES).map(([cls, shape]) => ({ selector: `node[cls='${cls}']`, style: { shape } })),
    { selector: "node[cls='network']", style: { width: 38, height: 38, "background-color": c.box } },
    { selector: "node[cls='modality'], node[cls='server']", style: { "background-color": c.well, "border-width": 2.5 } },
    { selector: "node[sort='exit'], node[sort='partner']", style: { shape: "round-tag", width: 56, height: 34, "background-color": c.card, "border-color": c.accent, "font-size": 16, "text-max-width": 190, "z-index": 10 } },
    { selector: "node[!sure]", style: { "border-style": "dashed" } },
    { selector: "node.weak", style: { "underlay-color": c.accent, "underlay-opacity": 0.28, "underlay-padding": 9, "underlay-shape": "ellipse", "font-weight": 700 } },
    { selector: "node.failing", style: { "border-color": c.failed, "border-width": 3 } },
    { selector: "edge", style: { width: 1.4, "line-color": c.edge, "curve-style": "straight", "target-arrow-color": c.edge, opacity: 0.55, "z-index": 5, "z-index-compare": "manual", "overlay-opacity": 0 } },
    { selector: "edge[!sure]", style: { "line-style": "dashed" } },
    { selector: "edge.way", style: { "target-arrow-shape": "triangle", "arrow-scale": 0.9, "curve-style": "bezier" } },
    { selector: "edge[layer='dicom']", style: { "line-color": c.accent, "target-arrow-color": c.accent, width: 2 } },
    { selector: "edge[layer='clear']", style: { "line-color": c.failed, "target-arrow-color": c.failed, "line-style": "dotted", width: 2.4 } },
    { selector: "edge[layer='talk']", style: { "line-color": c.soft, "target-arrow-color": c.soft, width: 1 } },
    { selector: "edge[layer='reach']", style: { "line-color": c.warn, "target-arrow-color": c.warn, width: 1.6 } },
    { selector: ".calm", style: { opacity: 0.55 } },
    { selector: "edge.calm", style: { opacity: 0.25 } },
    { selector: "node[change='new']", style: { "border-color": c.accent, "border-width": 4, "font-weight": 700, "z-index": 15 } },
    { selector: "node[change='gone']", style: { "border-color": c.soft, "border-style": "dashed", "border-width": 3, "background-color": c.well, color: c.soft, "z-index": 14 } },
    { selector: "node[change='moved']", style: { "border-color": c.warn, "border-style": "double", "border-width": 6, "font-weight": 700, "z-index": 15 } },
    { selector: "edge[change='new']", style: { "line-color": c.accent, "target-arrow-color": c.accent, width: 3, opacity: 0.9 } },
    { selector: "edge[change='gone']", style: { "line-color": c.soft, "target-arrow-color": c.soft, "line-style": "dashed", width: 3, opacity: 0.9 } },
    { selector: "edge[change='moved']", style: { "line-color": c.warn, "target-arrow-color": c.warn, width: 3, opacity: 0.9 } },
    { selector: ".off", style: { display: "none" } },
    { selector: ".dim", style: { opacity: 0.18 } },
    { selector: "node.chosen", style: { "border-color": c.accent, "border-width": 4, "z-index": 20 } },
    { selector: "edge.chosen", style: { opacity: 1, width: 3, label: "data(what)", "font-size": 12, color: c.ink, "text-background-color": c.card, "text-background-opacity": 0.9, "text-background-padding": 2, "text-rotation": "autorotate", "z-index": 20 } },
  ];

  const elements = (drawn) => {
    const nodes = drawn.nodes.map((node) => {
      const [x, y, w, h] = node.box;
      const around = node.sort === "zone" || node.sort === "network";
      const font = node.closed ? Math.max(26, Math.min(w / 11, h / 5)) : node.sort === "zone" ? 24 : 18;
      const data = { ...node, w, h, font, lift: font + 15 };
      if (node.sign) data.name = `${node.sign} ${node.name}`;
      if (node.closed) data.name = `${data.name}\n${node.says.filter((line) => /^\d/.test(line))[0] || ""}`;
      const classes = [around && "around", node.closed && "closed", (node.cut || node.listed) && !around && "weak"].filter(Boolean);
      return { group: "nodes", data, position: { x, y }, classes };
    });
    const edges = drawn.links.map((link) => ({ group: "edges", data: link, classes: link.layer === "network" ? [] : ["way"] }));
    return [...nodes, ...edges];
  };

  const shown = () => new Set(boxes.filter((box) => box.checked).map((box) => box.value));

  const layers = () => {
    const asked = shown();
    cy.batch(() => {
      if (byStep) {
        cy.elements().forEach((one) => {
          const sort = one.data("change");
          one.toggleClass("calm", !asked.has(sort) && !one.hasClass("around"));
          one.toggleClass("off", sort === "gone" && !asked.has(sort));
        });
        return;
      }
      cy.edges().forEach((edge) => { edge.toggleClass("off", !asked.has(edge.data("layer"))); });
      cy.nodes().forEach((node) => { node.toggleClass("failing", asked.has("findings") && node.data("failing") > 0 && !node.hasClass("around")); });
    });
  };

  const line = (text, tag = "li") => Object.assign(document.createElement(tag), { textContent: text });
  const anchor = (href, text) => Object.assign(document.createElement("a"), { href, textContent: text });

  const tell = (node) => {
    told.replaceChildren(line(node.data("name"), "h2"));
    const says = document.createElement("ul");
    says.append(...node.data("says").map((text) => line(text)));
    told.append(says);
    const ends = node.connectedEdges().filter((edge) => !edge.hasClass("off"));
    if (ends.length) {
      const list = document.createElement("ul");
      ends.slice(0, 12).forEach((edge) => {
        const mine = edge.data("source") === node.id();
        const other = mine ? edge.target() : edge.source();
        const many = edge.data("many") > 1 ? ` ×${edge.data("many")}` : "";
        const what = edge.data("what") ? ` · ${edge.data("what")}` : "";
        list.append(line(`${mine ? "→" : "←"} ${edge.data("says")} ${other.data("name")}${many}${what} (${edge.data("sure") ? say.measured : say.declared}${edge.data("at") ? `, ${edge.data("at")}` : ""})`));
      });
      if (ends.length > 12) list.append(line(`+ ${ends.length - 12} ${say.more}`));
      told.append(line(say.lines, "h3"), list);
    }
    const acts = Object.assign(document.createElement("p"), { className: "acts" });
    if (node.hasClass("closed")) {
      const unfold = Object.assign(document.createElement("button"), { type: "button", textContent: say.unfold });
      unfold.addEventListener("click", () => open(node));
      acts.append(unfold);
    }
    if (node.data("url")) acts.append(anchor(node.data("url"), say.open));
    told.append(acts);
    told.hidden = false;
  };

  const choose = (node) => {
    cy.elements().removeClass("chosen");
    if (!node) { told.hidden = true; return; }
    node.addClass("chosen");
    node.connectedEdges().addClass("chosen");
    tell(node);
  };

  const show = (node) => {
    choose(node);
    const view = cy.extent();
    const at = node.position();
    if (at.x < view.x1 || at.x > view.x2 || at.y < view.y1 || at.y > view.y2 || cy.zoom() < 0.35) {
      const zoom = node.hasClass("around") ? cy.zoom() : Math.max(cy.zoom(), 0.9);
      if (still) { cy.zoom(zoom); cy.center(node); } else cy.animate({ zoom, center: { eles: node }, duration: 220 });
    }
  };

  // From one difference to the next, among those that are shown.
  const stride = (by) => {
    const asked = shown();
    const told = steps.map((id) => cy.getElementById(id)).filter((node) => node.length && asked.has(node.data("change")));
    if (!told.length) return;
    const at = told.findIndex((node) => node.hasClass("chosen"));
    const next = at < 0 ? (by > 0 ? 0 : told.length - 1) : (at + by + told.length) % told.length;
    show(told[next]);
    document.getElementById("map-step").textContent = `${say.step} ${next + 1} / ${told.length}`;
  };

  const open = (node) => {
    opened.add(node.id());
    const query = new URLSearchParams(location.search);
    query.append("ouvre", node.id());
    history.replaceState(null, "", `?${query}`);
    load(node.id());
  };

  const sought = () => {
    const words = search.value.trim().toLowerCase();
    cy.elements().removeClass("dim");
    if (!words) { choose(null); return; }
    const found = cy.nodes().filter((node) => node.data("name").toLowerCase().includes(words) || node.data("find").includes(words));
    cy.batch(() => { cy.nodes("[sort='host'], [sort='exit'], [sort='partner']").difference(found).addClass("dim"); cy.edges().addClass("dim"); });
    told.replaceChildren(line(found.length ? `${say.found} ${found.length}` : say.none, "h2"));
    const list = document.createElement("ul");
    found.slice(0, 8).forEach((node) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: node.data("name") });
      button.addEventListener("click", () => { show(node); stage.focus(); });
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    });
    told.append(list);
    told.hidden = false;
    return found;
  };

  const AIM = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const step = (key) => {
    const points = cy.nodes().filter((node) => !node.hasClass("around") || node.hasClass("closed"));
    const from = cy.nodes(".chosen").first();
    if (!from.length) { if (points.length) show(points.first()); return; }
    const [dx, dy] = AIM[key];
    const at = from.position();
    let best = null;
    let least = Infinity;
    points.forEach((node) => {
      const x = node.position("x") - at.x;
      const y = node.position("y") - at.y;
      const ahead = x * dx + y * dy;
      const aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (node !== from && ahead > 1 && ahead + 2.5 * aside < least) { least = ahead + 2.5 * aside; best = node; }
    });
    if (best) show(best);
  };

  const zoom = (by) => cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  const fit = () => cy.fit(undefined, 24);

  stage.addEventListener("keydown", (event) => {
    if (!cy || event.altKey || event.ctrlKey || event.metaKey) return;
    const chosen = cy.nodes(".chosen").first();
    const acts = { ...(byStep ? { n: () => stride(1), p: () => stride(-1) } : {}), "+": () => zoom(1.25), "-": () => zoom(0.8), 0: fit, Escape: () => choose(null) };
    if (event.key in AIM) step(event.key);
    else if (event.key in acts) acts[event.key]();
    else if (event.key === "Enter" && chosen.length) {
      if (chosen.hasClass("closed")) open(chosen);
      else if (chosen.data("url")) location.assign(chosen.data("url"));
    } else return;
    event.preventDefault();
  });
  document.getElementById("map-tools").addEventListener("submit", (event) => {
    event.preventDefault();
    const found = cy && sought();
    if (found && found.length) { show(found.first()); stage.focus(); }
  });
  search.addEventListener("input", () => cy && sought());
  boxes.forEach((box) => box.addEventListener("change", () => cy && layers()));
  if (byStep) {
    document.getElementById("map-before").addEventListener("click", () => cy && stride(-1));
    document.getElementById("map-after").addEventListener("click", () => cy && stride(1));
  }
  document.getElementById("map-in").addEventListener("click", () => cy && zoom(1.25));
  document.getElementById("map-out").addEventListener("click", () => cy && zoom(0.8));
  document.getElementById("map-fit").addEventListener("click", () => cy && fit());
  const recolour = () => cy && cy.style(style(colours()));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  new MutationObserver(recolour).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

  const load = async (at) => {
    stage.setAttribute("aria-busy", "true");
    const address = new URL(say.url, location.href);
    for (const one of opened) address.searchParams.append("ouvre", one);
    const wait = document.getElementById("map-wait");
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      const told = await answer.json();
      steps = told.steps || [];
      const drawn = elements(told);
      const before = cy && { zoom: cy.zoom(), pan: { ...cy.pan() } };
      if (cy) cy.destroy();
      cy = cytoscape({
        container: stage, elements: drawn, style: style(colours()), layout: { name: "preset", fit: !before, padding: 24 },
        autoungrabify: true, boxSelectionEnabled: false, autounselectify: true, minZoom: 0.01, maxZoom: 3,
        hideEdgesOnViewport: drawn.length > 1500, textureOnViewport: false,
      });
      if (before) cy.viewport(before);
      layers();
      cy.on("tap", (event) => choose(event.target === cy ? null : event.target.isNode() ? event.target : event.target.source()));
      cy.on("dbltap", "node.closed", (event) => open(event.target));
      cy.on("dbltap", "node[sort='host']", (event) => event.target.data("url") && location.assign(event.target.data("url")));
      if (at) { const box = cy.getElementById(at); if (box.length) cy.fit(box, 40); }
      wait.hidden = true;
      stage.dataset.drawn = String(drawn.length);
      window.negatoscopeMap = cy;
    } catch {
      wait.textContent = say.failed;
    }
    stage.setAttribute("aria-busy", "false");
  };
  load(null);
})();
