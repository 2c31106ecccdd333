// The editor without this script is a form that works. With it, the preview and
// the counters follow what is typed, rows are added, removed and moved without
// a request, pictures are shown before they are uploaded, and the way of an
// upload is shown. What is right and how it looks, the server alone knows.
"use strict";

const form = document.getElementById("editor");
if (form) start();

function start() {
	const find = (selector, from = form) => from.querySelector(selector);
	const all = (selector, from = form) => [...from.querySelectorAll(selector)];
	const texts = form.dataset;
	const rows = document.getElementById("rows");
	const status = document.getElementById("status");
	const preview = document.getElementById("preview");
	const progress = document.getElementById("progress");
	const save = document.getElementById("save");
	const chosen = {}; // addresses of pictures that are not uploaded yet, by kind
	let unsaved = "unsaved" in texts;

	const say = text => { status.textContent = text; };

	window.addEventListener("beforeunload", event => {
		if (unsaved) event.preventDefault();
	});
	form.addEventListener("input", event => {
		const done = document.querySelector(".notice.done");
		if (done) done.remove();
		if (!unsaved) say(document.getElementById("unsaved").textContent);
		unsaved = true;
		if (event.target.type !== "file") ask();
	});

	// The preview. An answer that was overtaken by a newer one is left out.
	let timer, asked = 0;
	function ask() {
		clearTimeout(timer);
		timer = setTimeout(refresh, 200);
	}
	async function refresh() {
		const turn = ++asked;
		const data = new FormData(form);
		data.delete("avatar");
		data.delete("header");
		try {
			const answer = await fetch(texts.preview, {method: "POST", body: data});
			if (!answer.ok) throw new Error(answer.status);
			const state = await answer.json();
			if (turn === asked) show(state);
		} catch {
			if (turn === asked) say(texts.failed);
		}
	}

	function show(state) {
		if (state.card) preview.innerHTML = state.card; // It is the server's, escaped and sanitized there.
		for (const kind in chosen) picture(kind, chosen[kind]);
		for (const counter of all("[data-count]")) {
			const gauge = state.counters[counter.dataset.count] || {text: "", over: false};
			if (gauge.over && !counter.classList.contains("over")) say(gauge.note);
			counter.classList.toggle("over", gauge.over);
			counter.textContent = gauge.text + (gauge.note ? " · " + gauge.note : "");
		}
		problems(state.problems);
		for (const row of rows.children) {
			const link = find(".link", row), value = find("[name$='[value]']", row).value.trim();
			link.innerHTML = value in state.links ? state.links[value] : "";
		}
	}

	function problems(found) {
		for (const place of all("[data-problem]")) {
			const name = place.dataset.problem, input = form.elements[name];
			if ((name === "avatar" || name === "header") && input.files.length && !(name in found)) continue;
			place.textContent = found[name] || "";
			if (input && input.setAttribute && input.type !== "file") {
				name in found ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
			}
		}
	}

	// Pictures.
	for (const kind of ["avatar", "header"]) {
		const input = form.elements[kind], place = find(`[data-problem="${kind}"]`);
		input.addEventListener("change", () => {
			if (chosen[kind]) URL.revokeObjectURL(chosen[kind]);
			delete chosen[kind];
			place.textContent = "";
			const file = input.files[0];
			if (!file) return;
			if (file.size >= Number(texts.max)) {
				place.textContent = texts.large;
				say(texts.large);
				input.value = "";
				return;
			}
			chosen[kind] = URL.createObjectURL(file);
			picture(kind, chosen[kind]);
			const description = form.elements[kind + "_description"];
			if (!description.value.trim()) {
				place.textContent = texts.describe;
				say(texts.describe);
				description.focus();
			}
		});
	}
	function picture(kind, address) {
		const upload = find(`.upload[data-kind="${kind}"] .shown`);
		for (const place of [upload, find(kind === "avatar" ? ".avatar" : ".header", preview)]) {
			if (!place) continue;
			const image = document.createElement("img");
			image.src = address;
			image.alt = place === upload ? "" : form.elements[kind + "_description"].value;
			place.replaceChildren(image);
		}
	}

	// Rows.
	const blank = row => all("input", row).every(input => !input.value.trim());
	const add = document.getElementById("add-row");
	const shown = () => [...rows.children].filter(row => !row.hidden);
	function number() {
		const visible = shown();
		[...rows.children].forEach((row, i) => {
			row.dataset.index = i;
			for (const part of ["name", "value"]) {
				const input = find(`[name$='[${part}]']`, row), name = `fields_attributes[${i}][${part}]`;
				const counter = find(`[data-count$='[${part}]']`, row);
				input.name = counter.dataset.count = name;
				find(`label[for="${input.id}"]`, row).htmlFor = input.id = `${part}-${i}`;
				counter.id = `${part}-${i}-count`;
				input.setAttribute("aria-describedby", counter.id);
			}
			find("[data-do=up]", row).disabled = row === visible[0];
			find("[data-do=down]", row).disabled = row === visible[visible.length - 1];
		});
		add.disabled = visible.length === rows.children.length;
	}
	function changed(text) {
		number();
		say(text);
		unsaved = true;
		ask();
	}
	function move(row, before) {
		rows.insertBefore(row, before);
		changed(texts.moved.replace("#", shown().indexOf(row) + 1));
	}
	rows.addEventListener("click", event => {
		const button = event.target.closest("[data-do]");
		if (!button) return;
		event.preventDefault(); // It is not sent.
		const row = button.closest(".row"), visible = shown(), i = visible.indexOf(row);
		switch (button.dataset.do) {
		case "up":
			move(row, visible[i - 1]);
			break;
		case "down":
			move(row, visible[i + 1].nextSibling);
			break;
		case "remove":
			for (const input of all("input", row)) input.value = "";
			row.hidden = true;
			rows.append(row);
			changed(texts.removed);
			add.focus();
			return;
		}
		button.disabled ? find("input", row).focus() : button.focus();
	});
	add.addEventListener("click", () => {
		const row = [...rows.children].find(row => row.hidden);
		if (!row) return;
		row.hidden = false;
		changed(texts.added);
		find("input", row).focus();
	});
	let dragged;
	rows.addEventListener("dragstart", event => {
		const handle = event.target.closest && event.target.closest(".handle-bar");
		if (!handle) return;
		dragged = handle.closest(".row");
		dragged.classList.add("dragged");
		event.dataTransfer.effectAllowed = "move";
		event.dataTransfer.setData("text/plain", "");
		event.dataTransfer.setDragImage(dragged, 0, 0);
	});
	rows.addEventListener("dragover", event => {
		const over = event.target.closest(".row");
		if (!dragged || !over) return;
		event.preventDefault();
		const box = over.getBoundingClientRect();
		const before = event.clientY < box.top + box.height / 2 ? over : over.nextSibling;
		if (before !== dragged && before !== dragged.nextSibling) rows.insertBefore(dragged, before);
	});
	rows.addEventListener("drop", event => {
		if (dragged) event.preventDefault();
	});
	rows.addEventListener("dragend", () => {
		if (!dragged) return;
		dragged.classList.remove("dragged");
		changed(texts.moved.replace("#", shown().indexOf(dragged) + 1));
		dragged = undefined;
	});

	// Saving.
	form.addEventListener("submit", event => {
		event.preventDefault();
		clearTimeout(timer);
		asked++;
		const request = new XMLHttpRequest();
		request.upload.addEventListener("progress", event => {
			progress.hidden = !event.lengthComputable;
			progress.value = 100 * event.loaded / event.total;
		});
		request.addEventListener("loadend", () => {
			progress.hidden = true;
			save.disabled = false;
			answered(request);
		});
		request.open("POST", form.action);
		request.setRequestHeader("Accept", "application/json");
		request.send(new FormData(form));
		save.disabled = true;
	});
	function answered(request) {
		if (request.status === 409) { // Others changed the profile: the server shows what.
			unsaved = false;
			form.submit();
			return;
		}
		let state;
		try {
			state = JSON.parse(request.responseText);
		} catch {
			say(texts.failed);
			return;
		}
		if (state.next) {
			unsaved = false;
			location.assign(state.next);
			return;
		}
		show(state);
		const first = all("[data-problem]").find(place => place.textContent);
		if (!first) return;
		say(first.textContent);
		const input = form.elements[first.dataset.problem] || find("input", first.parentElement);
		(input && input.focus ? input : save).focus();
	}

	// What only works with this script is shown by it, and what it replaces is not.
	document.getElementById("preview-button").hidden = true;
	add.hidden = false;
	for (const row of rows.children) {
		row.hidden = blank(row);
		find(".handle-bar", row).hidden = false;
		find("[data-do=remove]", row).hidden = false;
	}
	if (!shown().length) rows.children[0].hidden = false;
	number();
}
